# shellcheck shell=bash
# A backup put in the place of what a site has. Until all of it is loaded and compared nothing is touched. From then on
# STATE/restoring, and once the data is whole STATE/restored, has what a run needs to bring to its end one that was killed.
# PHASE is how far this one is: loading, stopped, replacing, restored, done.
# Needs backup.sh and drill.sh.

# remembered NAME : of a restore that was interrupted.
remembered() { sed -sn "s/^$1=//p" "$STATE/restoring" "$STATE/restored" 2>/dev/null | tail -n 1 || true; }

# The site's databases in Redis, in words.
numbers() { redis_numbers "$ENV_FILE" | cut -d' ' -f2 | sort -nu | paste -sd ' ' | sed 's/ / and /g'; }

# moves SERVER : FROM and TO a line: a database of the snapshot of that server of the backup, and which of the site's today
# has its place. What was not in that server is not put there: a queue has no place in a server that may evict.
moves() {
    local name number place from server
    server=$(noted "$1_place")
    while read -r name number place; do
        from=$(noted "$name")
        [[ -z $from || $(noted "${name}_place") != "$server" ]] || echo "$from $number"
    done < <(redis_numbers "$ENV_FILE") | sort -u
}

# Each URL leads to the server that it led to. A backup that does not tell is of one server, and so must today be.
same_places() {
    local name number place was one='' today
    today=$(redis_numbers "$ENV_FILE")
    while read -r name number place; do
        was=$(noted "${name}_place")
        [[ -n $(noted "$name") ]] || continue
        [[ -n $was ]] || was=${one:-$place}
        one=$was
        [[ $was == "$place" ]] || die "$name led to $was when $PWD was made, and leads to $place:\
 what was in one Redis is not put into another (sudoedit $ENV_FILE, or restore a backup that was made since: --list)"
    done <<<"$today"
    while read -r name; do
        grep -q "^$name " <<<"$today" || die "$name is not in $ENV_FILE, and $PWD has what was in its Redis"
    done < <(noted_servers)
}

# The site's units that run, the socket first: by it a gunicorn that is stopped would come back.
running() {
    local unit
    for unit in gunicorn.socket gunicorn.service celery.service celery-beat.service; do
        case $(systemctl is-active "sum-$SLUG-$unit" 2>/dev/null) in
            active | activating | reloading) echo "sum-$SLUG-$unit" ;;
        esac
    done
}

# note NAME=VALUE… : into STATE/restoring, before it is done.
note() {
    printf '%s\n' "$@" | content "$STATE/restoring" || true
    sync -- "$STATE/restoring" "$STATE"
}

# What is so when it ends early, and what to do.
interrupted() {
    undisturbed
    leave
    [[ $PHASE != 'done' ]] || return 0
    tidy
    case $PHASE in
        loading) say "nothing of $SLUG was changed; it runs as before" ;;
        stopped)
            rm -f "$STATE/restoring"
            # shellcheck disable=SC2086 # names of units
            [[ -z $UNITS ]] || systemctl start $UNITS || say "warning: not all of $UNITS could be started"
            say "nothing of $SLUG was changed; it was stopped, and runs again. Where what is there is lost, restore with --no-backup"
            ;;
        replacing)
            say "$SLUG is stopped, and its data is partly restored. To go on: sudo $HERE/restore.sh --site-slug $SLUG --i-know-this-will-overwrite"
            [[ -z $BEFORE ]] || say "to go back: sudo $HERE/restore.sh --site-slug $SLUG --from $BEFORE --no-backup --i-know-this-will-overwrite"
            ;;
        restored)
            rm -f "$STATE/restored"
            say "$SLUG is restored; ${BEFORE:+what was there before is in $BEFORE, and }its database before is still there as $KEPT"
            ;;
    esac
}

# move FROM TO : the throwaway's database FROM becomes TO of the site's Redis, in batches, each key with the time that it
# has left. Redis talks to Redis; the password is in no argument, and keys may have any name.
move() {
    local port host=127.0.0.1 head failed
    port=$(config port)
    [[ $REDIS_PLACE == /* ]] || host=${REDIS_PLACE%:*}
    host=${host//[\[\]]/}
    head="MIGRATE $host $port \"\" $2 60000 COPY REPLACE"
    if [[ -n $REDIS_USER ]]; then
        head+=" AUTH2 $(quoted "$REDIS_USER") $(quoted "$REDIS_PASSWORD")"
    elif [[ -n $REDIS_PASSWORD ]]; then
        head+=" AUTH $(quoted "$REDIS_PASSWORD")"
    fi
    failed=$(own_cli "$1" --no-raw --scan | HEAD="$head KEYS" awk '
        { batch = batch " " $0 }
        NR % 32 == 0 { print ENVIRON["HEAD"] batch; batch = "" }
        END { if (batch) print ENVIRON["HEAD"] batch }' | own_cli "$1" | sed -nE '/^(OK|NOKEY|)$/d; p' | sed -n 1p)
    [[ -z $failed ]] || die "Redis on $REDIS_PLACE did not take all keys: $failed"
}

# As redis-cli reads it.
quoted() {
    local text=${1//\\/\\\\}
    printf '"%s"' "${text//\"/\\\"}"
}

# lasting NUMBER : of INFO keyspace on standard input: its keys that never expire, and so can be compared.
lasting() { tr -d '\r' | sed -n "s/^db$1:keys=\([0-9]*\),expires=\([0-9]*\).*/\1 \2/p" | awk '{ n = $1 - $2 } END { print n + 0 }'; }

# restore_redis SERVER DIRECTORY : of the backup, from the throwaway in that directory.
restore_redis() {
    # shellcheck disable=SC2034 # told is waited()'s
    local limit=$((SECONDS + SNAPSHOT_LIMIT)) told=$SECONDS pending='' from to had has MOVES
    WORK=$2
    MOVES=$(moves "$1")
    redis_url "$ENV_FILE" "$1"
    while read -r from to; do REDIS_NUMBER=$to asked FLUSHDB ASYNC >/dev/null; done <<<"$MOVES"
    # What comes must not drive out another site's keys in the meantime.
    until [[ $pending == 0 ]]; do
        pending=$(info memory lazyfree_pending_objects)
        [[ $pending == 0 ]] || waited "$limit" "Redis frees what was there"
    done
    while read -r from to; do
        move "$from" "$to"
        had=$(own_cli 0 INFO keyspace | lasting "$from") has=$(asked INFO keyspace | lasting "$to")
        ((had == has)) || die "database $to of Redis has $has keys that never expire, and is to have $had: does something else write there, or Redis evict? redis-cli INFO stats"
    done <<<"$MOVES"
}

# Do today's servers and databases take what the backup that this is in has?
fits() {
    local name pairs
    same_places
    while read -r name; do
        redis_url "$ENV_FILE" "$name"
        pairs=$(moves "$name")
        [[ -n $pairs && -z $(cut -d' ' -f2 <<<"$pairs" | sort | uniq -d) ]] ||
            die "the site's databases in $ENV_FILE and those of $PWD do not go together: $(paste -sd ';' <<<"$pairs")"
        [[ $(config port) != 0 ]] || die "Redis listens on a socket alone, by which one Redis gives no keys to another: sudo redis-cli -s $REDIS_PLACE CONFIG SET port 6379"
    done < <(noted_servers)
}

# finish_earlier : what another run has restored, and was killed before it had started all again.
finish_earlier() {
    [[ -e $STATE/restored && ! -e $STATE/restoring ]] || return 0
    UNITS=$(remembered units) BEFORE=$(remembered before)
    say "an earlier restore was killed when all but the start was done"
    finish "$(remembered from)"
}

# restore DIRECTORY BACKUP : BACKUP is 0 where what is there is not to be kept.
restore() {
    local n loaded=() servers
    UNITS=$(remembered units) BEFORE=$(remembered before) PHASE=$(remembered phase)
    PHASE=${PHASE:-loading}
    enter_backup "$1"
    redis_answers "$ENV_FILE"
    fits
    say "$SLUG: loading $1"
    mapfile -t servers < <(noted_servers)
    for ((n = 1; n <= ${#servers[@]}; n++)); do
        load_snapshot "$n"
        loaded+=("$WORK")
    done
    load_dump "${DATABASE}__restored"

    # shellcheck disable=SC2046,SC2086 # names of units
    UNITS=$(printf '%s\n' $UNITS $(running) | awk '!seen[$0]++' | paste -sd ' ')
    install -d -m 0755 /var/lib/sum "$STATE"
    [[ $PHASE != loading ]] || PHASE=stopped
    note "phase=$PHASE" "from=$1" "units=$UNITS" ${BEFORE:+"before=$BEFORE"}
    say "stopping ${UNITS:-nothing, for nothing of it runs}"
    # shellcheck disable=SC2086 # names of units
    [[ -z $UNITS ]] || systemctl stop $UNITS || die "not all of $UNITS could be stopped"
    if [[ $PHASE == stopped ]] && (($2)); then
        say "backing up what is there"
        take_backup
        BEFORE=$BACKUPS/$MADE
        cd -P "$1" || die "$1 is gone"
    fi
    if [[ $PHASE == stopped ]]; then
        # Of an earlier restore.
        remove_database "$KEPT"
        PHASE=replacing
    fi
    note "phase=$PHASE" "from=$1" "units=$UNITS" ${BEFORE:+"before=$BEFORE"}
    swap_database "${DATABASE}__restored" "$KEPT" || die "Postgres did not put the restored database in the place of $DATABASE; what it said stands above"
    say "$DATABASE is restored"
    # The backup before may have led elsewhere.
    for ((n = 0; n < ${#servers[@]}; n++)); do restore_redis "${servers[n]}" "${loaded[n]}"; done
    say "database $(numbers) of Redis is restored"
    leave

    mv "$STATE/restoring" "$STATE/restored"
    finish "$1"
}

# finish DIRECTORY : starts what was stopped; where the site is well, what it had before is not needed any more.
finish() {
    PHASE=restored
    # shellcheck disable=SC2086 # names of units
    [[ -z $UNITS ]] || systemctl start $UNITS || die "not all of $UNITS could be started: sudo systemctl status 'sum-$SLUG-*'"
    [[ $UNITS != *gunicorn* ]] || healthy
    remove_database "$KEPT"
    rm -f "$STATE/restored"
    PHASE='done'
    say "$SLUG is restored from $1${BEFORE:+; what was there before is in $BEFORE}"
}

healthy() {
    local limit=$((SECONDS + 30)) answer=''
    until [[ $answer == 200 ]]; do
        answer=$(health "$SLUG")
        ((SECONDS < limit)) || die "/health/ of $SLUG answers ${answer:-nothing} for 30 s: sudo journalctl -u sum-$SLUG-gunicorn -n 50"
        [[ $answer == 200 ]] || sleep 1
    done
}
