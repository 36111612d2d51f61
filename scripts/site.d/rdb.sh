# shellcheck shell=bash
# Redis' snapshot: taken, counted, and loaded into a Redis of its own that nobody else can reach. Needs redis.sh.

# How long a snapshot may take, and one to be loaded: s.
SNAPSHOT_LIMIT=900

# snapshot FILE : of all that Redis held when this was called, or since. One that is being written already is waited for
# and not taken, for it is of an earlier time.
snapshot() {
    local limit=$((SECONDS + SNAPSHOT_LIMIT)) told=$SECONDS started answer='' directory name status
    [[ $REDIS_PLACE == /* || $REDIS_PLACE == 127.* || $REDIS_PLACE == '[::1]:'* ]] ||
        die "the site's Redis is on $REDIS_PLACE, and so is its snapshot: back it up there"
    directory=$(config dir) name=$(config dbfilename)
    [[ $directory == /* && -n $name ]] || die "Redis on $REDIS_PLACE does not tell where its snapshots are: CONFIG GET dir must be allowed"
    started=$(asked TIME | sed -n 1p)
    # Redis has one child at a time: another snapshot, or a new AOF.
    until [[ $answer == "Background saving started" ]]; do
        answer=$(redis_cli BGSAVE 2>&1 || true)
        case $answer in
            "Background saving started") ;;
            *"in progress"* | *"child process"*) waited "$limit" "another snapshot or AOF of Redis is being written" ;;
            *) die "Redis on $REDIS_PLACE answers BGSAVE with: ${answer:-nothing}" ;;
        esac
    done
    status=1
    until [[ $status == 0 ]]; do
        status=$(info persistence rdb_bgsave_in_progress)
        [[ $status == 0 ]] || waited "$limit" "Redis writes its snapshot"
    done
    status=$(info persistence rdb_last_bgsave_status)
    answer=$(asked LASTSAVE)
    if [[ $status != ok || $answer -lt $started ]]; then
        die "Redis could not write its snapshot: $(why_not_saved); sudo journalctl -u redis-server -n 50"
    fi
    # Opened once: what Redis renames over it meanwhile is another file.
    cat "$directory/$name" >"$1" || die "the snapshot of Redis is not at $directory/$name: CONFIG GET dir, CONFIG GET dbfilename"
}

# waited LIMIT WHAT : a moment; says so now and then.
waited() {
    ((SECONDS < $1)) || die "$2 for longer than $SNAPSHOT_LIMIT s: sudo journalctl -u redis-server -n 50"
    if ((SECONDS - told >= 5)); then
        say "$2 …"
        told=$SECONDS
    fi
    sleep 0.2
}

# In Redis' own words where its log has them.
why_not_saved() {
    local file
    file=$(config logfile)
    { grep -aE ' # .*(Failed|[Ee]rror|[Cc]an.t)' "${file:-/dev/null}" || true; } 2>/dev/null | grep -av 'Background saving error' |
        tail -n 1 | sed 's/^.* # //' | grep . || echo "rdb_last_bgsave_status is $(info persistence rdb_last_bgsave_status)"
}

# Directories of throwaways, and their processes.
WORKS=() THROWAWAYS=()

# own_place FILE : a directory of Redis' user with a copy of that snapshot in it. Sets WORK, which leave() removes.
own_place() {
    local free
    free=$(df --output=avail -B1 /var/tmp | tail -n 1)
    ((free > $(stat -c %s "$1") + (16 << 20))) || die "a copy of the snapshot has no place in /var/tmp, where $((free >> 20)) MB are free"
    WORK=$(mktemp -d "/var/tmp/sum-$SLUG-redis.XXXXXXXX")
    WORKS+=("$WORK")
    cp --reflink=auto "$1" "$WORK/dump.rdb" || die "no room for a copy of the snapshot in /var/tmp"
    chown redis: "$WORK" "$WORK/dump.rdb"
}

# as_redis COMMAND… : with its rights alone, and ended with this script: what reads a snapshot reads what others wrote.
as_redis() {
    exec env -i PATH="$PATH" LC_ALL=C.UTF-8 setpriv --reuid=redis --regid=redis --clear-groups --no-new-privs \
        --pdeathsig KILL -- "$@"
}

# counted RDB : reads all of it, in a place beside that of a throwaway that may run; prints "all N", and "NUMBER N" for each database with keys in it.
counted() {
    local WORK='' WORKS=() THROWAWAYS=() report offset number total sum=0 lines='' keys
    own_place "$1"
    report=$(as_redis redis-check-rdb "$WORK/dump.rdb" 2>&1) || die "the snapshot of Redis is damaged: $(tail -n 1 <<<"$report")"
    leave
    total=$(sed -n 's/^\[info\] \([0-9]*\) keys read$/\1/p' <<<"$report")
    [[ -n $total ]] || die "redis-check-rdb does not tell how many keys there are: $(tail -n 1 <<<"$report")"
    echo "all $total"
    # Behind a database's number its size stands, as Redis had it when it began to write.
    while read -r offset number; do
        keys=$(od -An -v -tu1 -j "$offset" -N 10 "$1" | awk '{ for (i = 1; i <= NF; i++) b[++n] = $i } END {
            if (b[1] != 251) exit
            if (b[2] < 64) { print b[2]; exit }
            if (b[2] < 128) { print (b[2] - 64) * 256 + b[3]; exit }
            last = b[2] == 128 ? 6 : 10
            for (i = 3; i <= last; i++) size = size * 256 + b[i]
            printf "%.0f\n", size }')
        lines+="$number ${keys:-0}"$'\n' sum=$((sum + ${keys:-0}))
    done < <(sed -n 's/^\[offset \([0-9]*\)\] Selecting DB ID \([0-9]*\)$/\1 \2/p' <<<"$report")
    ((sum != total)) || printf '%s' "$lines"
}

# throwaway RDB BYTES DATABASES : loads it into a Redis of its own with so many databases, on a socket in WORK, which takes
# some BYTES of memory. Then own_cli asks that one, as long as WORK is its.
throwaway() {
    local available limit=$((SECONDS + SNAPSHOT_LIMIT)) told=$SECONDS
    available=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
    ((available > $2 >> 10)) || die "a second Redis with this snapshot needs $(($2 >> 20)) MB of memory, and $((available >> 10)) MB are available"
    own_place "$1"
    # Where memory ends all the same, this one goes.
    as_redis choom -n 900 -- redis-server --port 0 --unixsocket "$WORK/socket" --unixsocketperm 700 --dir "$WORK" \
        --dbfilename dump.rdb --save '' --appendonly no --databases "$3" --maxmemory-policy noeviction \
        --logfile "$WORK/log" </dev/null >/dev/null 2>&1 &
    THROWAWAYS+=($!)
    until [[ $(own_cli 0 PING 2>/dev/null) == PONG ]]; do
        kill -0 "${THROWAWAYS[-1]}" 2>/dev/null ||
            die "Redis does not load the snapshot: $(grep -a ' # ' "$WORK/log" | sed -n '$s/^.* # //p' || true)"
        waited "$limit" "a second Redis loads the snapshot"
    done
}

# own_cli NUMBER COMMAND… : of the throwaway.
own_cli() {
    local number=$1
    shift
    redis-cli -s "$WORK/socket" -n "$number" "$@"
}

# Ends the throwaways and takes their directories away.
leave() {
    local process
    for process in "${THROWAWAYS[@]}"; do
        kill -KILL "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    ((!${#WORKS[@]})) || rm -rf "${WORKS[@]}"
    THROWAWAYS=() WORKS=() WORK=''
}
