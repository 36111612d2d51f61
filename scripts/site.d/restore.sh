# shellcheck shell=bash
# A backup put in the place of what a site has. Until all of it is loaded and compared nothing is touched. From then on
# STATE/restoring, and once the data is whole STATE/restored, has what a run needs to bring to its end one that was killed.
# Needs backup.sh and drill.sh.

# remembered NAME : of a restore that was interrupted.
remembered() { sed -sn "s/^$1=//p" "$STATE/restoring" "$STATE/restored" 2>/dev/null | tail -n 1 || true; }

# The site's databases in Redis, in words.
numbers() { redis_numbers "$ENV_FILE" | cut -d' ' -f2 | sort -nu | paste -sd ' ' | sed 's/ / and /g'; }

# FROM and TO a line: a database of the snapshot, and which of the site's today has its place.
moves() {
    local name number from
    while read -r name number; do
        from=$(noted "$name")
        [[ -z $from ]] || echo "$from $number"
    done < <(redis_numbers "$ENV_FILE") | sort -u
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
    local code=$?
    leave
    ((code)) || return 0
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
            say "$SLUG is stopped, and its data is partly restored. To go on: sudo restore.sh --site-slug $SLUG --i-know-this-will-overwrite"
            [[ -z $BEFORE ]] || say "to go back: sudo restore.sh --site-slug $SLUG --from $BEFORE --no-backup --i-know-this-will-overwrite"
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

restore_redis() {
    # shellcheck disable=SC2034 # told is waited()'s
    local limit=$((SECONDS + SNAPSHOT_LIMIT)) told=$SECONDS pending='' from to had has
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

# restore DIRECTORY BACKUP : BACKUP is 0 where what is there is not to be kept.
restore() {
    local answer
    PHASE=loading UNITS='' BEFORE=$(remembered before) KEPT=${DATABASE}__before_restore
    trap interrupted EXIT
    UNITS=$(remembered units)
    if [[ -e $STATE/restored && $(remembered from) == "$1" ]]; then
        finish "$1"
        return
    fi
    enter_backup "$1"
    answer=$(redis_pong "$ENV_FILE") || die "Redis check failed: $answer. Ensure Redis is running: sudo systemctl status redis-server"
    redis_url "$ENV_FILE" REDIS_URL
    MOVES=$(moves)
    [[ -n $MOVES && -z $(cut -d' ' -f2 <<<"$MOVES" | uniq -d) ]] ||
        die "the site's databases in $ENV_FILE and those of $1 do not go together: $(paste -sd ';' <<<"$MOVES")"
    [[ $(config port) != 0 ]] || die "Redis listens on a socket alone, by which one Redis gives no keys to another: sudo redis-cli CONFIG SET port 6379"
    [[ ! -e $STATE/restoring ]] || PHASE=$(remembered phase)
    say "$SLUG: loading $1"
    load_snapshot
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
    restore_redis
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
