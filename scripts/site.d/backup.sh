# shellcheck shell=bash
# A site's backups: where they are, what one is made of, and what is told of them. Needs site.sh and host.sh.

# shellcheck source-path=SCRIPTDIR source=redis.sh
source "$(dirname "${BASH_SOURCE[0]}")/redis.sh"
# shellcheck source-path=SCRIPTDIR source=rdb.sh
source "$(dirname "${BASH_SOURCE[0]}")/rdb.sh"
# shellcheck source-path=SCRIPTDIR source=postgres.sh
source "$(dirname "${BASH_SOURCE[0]}")/postgres.sh"

# One is /srv/sum/S/backups/TIME with these, and SHA256SUMS of them; of each further Redis there are a redis-N.rdb and a
# keys-N. Root's alone: Redis' snapshot has other sites' keys too, and what is restored is to be what was backed up.
PARTS=(database.dump rows redis.rdb keys manifest)
TIMES='^[0-9]{8}T[0-9]{6}Z$'

# site_of SLUG
site_of() {
    SLUG=$1
    site_place "$SLUG"
    BACKUPS=$SITE_HOME/backups
    [[ -d $BACKUPS ]] || die "there is no $BACKUPS: sudo $HERE/provision_vps.sh --site-slug $SLUG …"
}

# Whatever ends one that TELLs is told where the next look at the site's health finds it.
die() {
    failed "$*"
    say "error: $*"
    exit 1
}

# TELL is backup, drill, or empty where nobody else is to know.
failed() {
    local words
    [[ -n ${TELL:-} ]] || return 0
    words=$(LC_ALL=C tr -c '[:print:]' ' ' < <(printf '%s: %s' "$TELL" "$1") | cut -c -300)
    status "failed_at=$(date +%s)" "failure=$words"
    TELL=''
}

# begin WORK : from here on a failure of it is told.
begin() {
    TELL=$1 BEGAN=$(date +%s)
    trap ended EXIT
    ends_by_signal
    database_of "$ENV_FILE"
    database_is_the_roles
    tidy
}

# What a run that was killed, or has failed, has left.
tidy() {
    rm -rf -- "/var/tmp/sum-$SLUG-redis".???????? "/tmp/sum-$SLUG-restore".????????
    remove_leftovers
}

# What no die has told, or one in a subshell has.
ended() {
    local code=$? at
    undisturbed
    leave
    at=$(sed -n 's/^failed_at=//p' "$STATE/backup" 2>/dev/null) || true
    ((code)) || return 0
    ((${at:-0} >= BEGAN)) || failed "ended with code $code"
    [[ -z ${DATABASE:-} ]] || tidy
}

# status NAME=VALUE… : lines of the status file that the agent reads; without a value, the line goes.
status() {
    local file=$STATE/backup line text
    install -d -m 0755 /var/lib/sum "$STATE"
    text=$(cat "$file" 2>/dev/null) || true
    for line in "$@"; do
        text=$(grep -v "^${line%%=*}=" <<<"$text" || true)
        [[ -z ${line#*=} ]] || text+=$'\n'$line
    done
    grep . <<<"$text" | content "$file" || true
}

# Forgets what failed, if it was this that now did not.
mended() { ! grep -qs "^failure=$1: " "$STATE/backup" || status failed_at= failure=; }

# Into the directory of backups itself, whatever is put in its place later: where an earlier version has provisioned the
# site it is its user's, whom root must not trust.
enter_backups() {
    cd -P "$BACKUPS" || die "$BACKUPS cannot be entered"
    [[ $PWD == "$(readlink -f /srv/sum)/$SLUG/backups" ]] || die "$BACKUPS leads to $PWD, and is to be a directory of its own"
}

# Names of whole ones, the oldest first.
backups() { find "$BACKUPS" -maxdepth 1 -type d -user root -printf '%f\n' | sort | sed -nE "/$TIMES/p"; }

# noted NAME : its value in the manifest of the backup that this is in.
noted() { sed -n "s/^$1 = //p" manifest; }

# What must be known of a backup to restore it. The numbers are those of the site's databases in Redis, the places those of
# the servers that they are in; each server is named by the first URL that leads to it.
described() {
    local name number place n=0
    printf '%s = %s\n' site "$SLUG" taken_at "$(date -u +%FT%TZ)" \
        git_revision "$(grep -xE '[0-9a-f]{40,64}' "$SITE_HOME/deployed" 2>/dev/null || echo none)" \
        database "$DATABASE" database_bytes "$(psql -d "$DATABASE" <<<'SELECT pg_database_size(current_database())')" \
        redis_servers "$(redis_servers "$ENV_FILE" | paste -sd ' ')"
    for name in $(redis_servers "$ENV_FILE"); do
        n=$((n + 1))
        redis_url "$ENV_FILE" "$name"
        for number in "redis_version $(info server redis_version)" "redis_memory $(info memory used_memory)" \
            "redis_databases $(config databases)"; do
            echo "${number%% *}$(nth $n) = ${number#* }"
        done
    done
    while read -r name number place; do
        printf '%s = %s\n' "$name" "$number" "${name}_place" "$place"
    done < <(redis_numbers "$ENV_FILE")
}

# redis_answers FILE : do all of the site's?
redis_answers() {
    local name answer
    redis_numbers "$1" >/dev/null
    for name in REDIS_URL $(redis_servers "$1"); do
        answer=$(redis_pong "$1" "$name") ||
            die "Redis check failed: $answer. Ensure Redis is running: sudo systemctl status redis-server"
    done
}

# Of each server of the site's, into redis.rdb and keys, redis-2.rdb and keys-2 …
snapshots() {
    local name n=0
    for name in $(redis_servers "$ENV_FILE"); do
        n=$((n + 1))
        redis_url "$ENV_FILE" "$name"
        snapshot "redis$(nth $n).rdb"
        counted "redis$(nth $n).rdb" >"keys$(nth $n)"
    done
}

# parts NUMBER : what a backup with so many servers is made of.
parts() {
    local n
    printf '%s\n' "${PARTS[@]}"
    for ((n = 2; n <= $1; n++)); do printf '%s\n' "redis-$n.rdb" "keys-$n"; done
}

# The servers of the backup that this is in; before more than one was backed up, there was that of REDIS_URL.
noted_servers() { noted redis_servers | tr ' ' '\n' | grep . || echo REDIS_URL; }

# Half as much again as the newest takes; where there is none, as much as all servers hold.
enough_room() {
    local needed free newest name
    newest=$(backups | tail -n 1)
    if [[ -n $newest ]]; then
        needed=$(($(du -sb "$newest" | cut -f1) * 3 / 2))
    else
        needed=$(psql -d "$DATABASE" <<<'SELECT pg_database_size(current_database())')
        for name in $(redis_servers "$ENV_FILE"); do
            redis_url "$ENV_FILE" "$name"
            needed=$((needed + $(info memory used_memory)))
        done
    fi
    free=$(df --output=avail -B1 . | tail -n 1)
    ((free > needed + (16 << 20))) || die "a backup needs some $((needed / 1000000 + 16)) MB in $BACKUPS, and $((free / 1000000)) MB are free"
}

# Makes one, and sets MADE to its name. Redis first: a task in its queue then finds the row that it is about; the other way
# about it would not, and a task that is carried out twice is what celery's queues may always have.
take_backup() {
    local partial
    redis_answers "$ENV_FILE"
    database_there "$DATABASE" || die "Postgres has no database $DATABASE, which $ENV_FILE names"
    enter_backups
    rm -rf -- .partial.*
    enough_room
    partial=$(mktemp -d .partial.XXXXXXXX)
    cd -P "$partial" || die "$BACKUPS/$partial cannot be entered"
    [[ $PWD == "$(readlink -f /srv/sum)/$SLUG/backups/$partial" && $(stat -c %u .) == 0 ]] ||
        die "$BACKUPS/$partial leads to $PWD, and was made to be root's own"
    # Nothing is written over that was not made here.
    set -C
    snapshots
    dump database.dump rows
    described >manifest
    ! grep ' = $' manifest >&2 || die "a line of the manifest stayed empty; it stands above"
    sha256sum -- * >SHA256SUMS
    set +C
    sync -- * .
    # shellcheck disable=SC2103 # a subshell would keep what is to be removed after a failure to itself
    cd ..
    MADE=$(date -u +%Y%m%dT%H%M%SZ)
    while [[ -e $MADE ]]; do
        sleep 0.2
        MADE=$(date -u +%Y%m%dT%H%M%SZ)
    done
    mv -T -- "$partial" "$MADE"
    sync -- .
    status "backed_up_at=$(date +%s)" "directory=$BACKUPS/$MADE" "bytes=$(du -sb "$MADE" | cut -f1)"
    mended backup
}

# rotate N : the newest N stay; 0 keeps all. To be called once a new one is there.
rotate() {
    local name
    (($1)) || return 0
    while read -r name; do
        rm -rf -- "./$name"
        say "removed $BACKUPS/$name"
    done < <(backups | head -n "-$1")
}

# Into a backup that is to be restored, if it is whole.
enter_backup() {
    local strange count
    cd -P "$1" 2>/dev/null || die "there is no backup $1: sudo $HERE/restore.sh --site-slug $SLUG --list"
    strange=$(find . -maxdepth 1 \( ! -user root -o -perm /022 -o ! -type f ! -name . \) -printf '%p ' -quit)
    [[ -z $strange ]] || die "$1 is not root's alone ($strange): what is restored could have been put there by another"
    count=$(noted_servers 2>/dev/null | wc -l)
    [[ $(awk '{ print $2 }' SHA256SUMS 2>/dev/null | sort) == "$(parts "$count" | sort)" ]] ||
        die "$1 is no backup: its SHA256SUMS does not name $(parts "$count" | paste -sd ' ')"
    strange=$(sha256sum --check --strict --quiet SHA256SUMS 2>&1) || die "$1 is damaged: $(head -n 1 <<<"$strange")"
    [[ $(noted site) == "$SLUG" ]] || die "$1 is a backup of $(noted site), not of $SLUG"
    [[ $(noted database) == "$DATABASE" ]] ||
        die "$1 is of the database $(noted database), and DATABASE_URL names $DATABASE: sudoedit $ENV_FILE"
}
