# shellcheck shell=bash
# A site's backups: where they are, what one is made of, and what is told of them. Needs site.sh and host.sh.

# shellcheck source-path=SCRIPTDIR source=redis.sh
source "$(dirname "${BASH_SOURCE[0]}")/redis.sh"
# shellcheck source-path=SCRIPTDIR source=rdb.sh
source "$(dirname "${BASH_SOURCE[0]}")/rdb.sh"
# shellcheck source-path=SCRIPTDIR source=postgres.sh
source "$(dirname "${BASH_SOURCE[0]}")/postgres.sh"

# One is /srv/sum/S/backups/TIME with these, and SHA256SUMS of them. Root's alone: Redis' snapshot has other sites' keys too,
# and a dump is restored with the rights of Postgres' superuser, which whoever could write it would have.
PARTS=(database.dump rows redis.rdb keys manifest)
TIMES='^[0-9]{8}T[0-9]{6}Z$'

# site_of SLUG
site_of() {
    SLUG=$1 SITE_HOME=/srv/sum/$1
    ENV_FILE=$SITE_HOME/.env STATE=/var/lib/sum/$SLUG BACKUPS=$SITE_HOME/backups
    [[ -d $BACKUPS && -f $ENV_FILE ]] || die "there is no site $SLUG in $SITE_HOME: sudo provision_vps.sh --site-slug $SLUG …"
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
    trap 'exit 143' TERM
    trap 'exit 130' INT
    database_of "$ENV_FILE"
    tidy
}

# What a run that was killed, or has failed, has left.
tidy() {
    rm -rf -- "/var/tmp/sum-$SLUG-redis".????????
    remove_leftovers
}

# What no die has told, or one in a subshell has.
ended() {
    local code=$? at
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

# Into the directory of backups itself, whatever is put in its place later: it is its site's, whose user root must not trust.
enter_backups() {
    cd -P "$BACKUPS" || die "$BACKUPS cannot be entered"
    [[ $PWD == "$(readlink -f /srv/sum)/$SLUG/backups" ]] || die "$BACKUPS leads to $PWD, and is to be a directory of its own"
}

# Names of whole ones, the oldest first.
backups() { find "$BACKUPS" -maxdepth 1 -type d -user root -printf '%f\n' | sort | sed -nE "/$TIMES/p"; }

# noted NAME : its value in the manifest of the backup that this is in.
noted() { sed -n "s/^$1 = //p" manifest; }

# What must be known of a backup to restore it. The numbers are those of the site's databases in Redis.
described() {
    printf '%s = %s\n' site "$SLUG" taken_at "$(date -u +%FT%TZ)" \
        git_revision "$(grep -xE '[0-9a-f]{40,64}' "$SITE_HOME/deployed" 2>/dev/null || echo none)" \
        database "$DATABASE" database_bytes "$(psql -d "$DATABASE" <<<'SELECT pg_database_size(current_database())')" \
        redis_version "$(info server redis_version)" redis_memory "$(info memory used_memory)" \
        redis_databases "$(config databases)"
    redis_numbers "$ENV_FILE" | sed 's/ / = /'
}

# Half as much again as the newest takes; where there is none, as much as both servers hold.
enough_room() {
    local needed free newest
    newest=$(backups | tail -n 1)
    if [[ -n $newest ]]; then
        needed=$(($(du -sb "$newest" | cut -f1) * 3 / 2))
    else
        needed=$(($(psql -d "$DATABASE" <<<'SELECT pg_database_size(current_database())') + $(info memory used_memory)))
    fi
    free=$(df --output=avail -B1 . | tail -n 1)
    ((free > needed + (16 << 20))) || die "a backup needs some $((needed / 1000000 + 16)) MB in $BACKUPS, and $((free / 1000000)) MB are free"
}

# Makes one, and sets MADE to its name. Redis first: a task in its queue then finds the row that it is about; the other way
# about it would not, and a task that is carried out twice is what celery's queues may always have.
take_backup() {
    local partial answer
    answer=$(redis_pong "$ENV_FILE") || die "Redis check failed: $answer. Ensure Redis is running: sudo systemctl status redis-server"
    redis_url "$ENV_FILE" REDIS_URL
    database_there "$DATABASE" || die "Postgres has no database $DATABASE, which $ENV_FILE names"
    enter_backups
    rm -rf -- .partial.*
    enough_room
    partial=$(mktemp -d .partial.XXXXXXXX)
    cd -P "$partial" || die "$BACKUPS/$partial cannot be entered"
    snapshot redis.rdb
    counted redis.rdb >keys
    dump database.dump rows
    described >manifest
    ! grep ' = $' manifest >&2 || die "a line of the manifest stayed empty; it stands above"
    sha256sum "${PARTS[@]}" >SHA256SUMS
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
    local strange
    cd -P "$1" 2>/dev/null || die "there is no backup $1: sudo restore.sh --site-slug $SLUG --list"
    strange=$(find . -maxdepth 1 \( ! -user root -o -perm /022 -o ! -type f ! -name . \) -printf '%p ' -quit)
    [[ -z $strange ]] || die "$1 is not root's alone ($strange): what is restored could have been put there by another"
    [[ $(awk '{ print $2 }' SHA256SUMS 2>/dev/null | sort) == "$(printf '%s\n' "${PARTS[@]}" | sort)" ]] ||
        die "$1 is no backup: its SHA256SUMS does not name ${PARTS[*]}"
    strange=$(sha256sum --check --strict --quiet SHA256SUMS 2>&1) || die "$1 is damaged: $(head -n 1 <<<"$strange")"
    [[ $(noted site) == "$SLUG" ]] || die "$1 is a backup of $(noted site), not of $SLUG"
}
