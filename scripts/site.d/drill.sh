# shellcheck shell=bash
# A backup restored on trial, where nothing of the site is touched: what it holds is compared with what was noted as it
# was made. Needs backup.sh.

# load_snapshot N : the N-th of the backup that this is in, into a throwaway Redis; compares its keys with those that were there.
load_snapshot() {
    local suffix number noted loaded expired there
    suffix=$(nth "$1")
    throwaway "redis$suffix.rdb" "$(noted "redis_memory$suffix")" "$(noted "redis_databases$suffix")"
    while read -r number noted; do
        if [[ $number == all ]]; then
            # What has expired since is not loaded, and Redis tells how much that is.
            loaded=$(own_info persistence rdb_last_load_keys_loaded) expired=$(own_info persistence rdb_last_load_keys_expired)
            [[ -z $loaded ]] || ((loaded + expired == noted)) ||
                die "the snapshot in $PWD has $((loaded + expired)) keys, and had $noted"
        else
            there=$(own_cli "$number" DBSIZE)
            expired=$(($(own_info persistence rdb_last_load_keys_expired) + $(own_info stats expired_keys)))
            ((there <= noted && there + expired >= noted)) ||
                die "database $number of the snapshot in $PWD has $there keys, and had $noted, of which $expired have expired"
        fi
    done <"keys$suffix"
}

own_info() { own_cli 0 INFO "$1" | tr -d '\r' | sed -n "s/^$2://p"; }

# load_dump NAME : restores the dump into a new database of that name, and compares its tables and their rows.
load_dump() {
    local different
    postgres_room "$(noted database_bytes)"
    restore_database database.dump "$1"
    different=$(rows "$1" | diff rows - | sed -n 's/^</had/p; s/^>/has/p' | sed -n 1,3p | paste -sd ';') || true
    [[ -z $different ]] || die "the dump in $PWD does not restore what was there: $different"
}

# drilled_since DAYS
drilled_since() {
    local at
    at=$(sed -n 's/^drilled_at=//p' "$STATE/backup" 2>/dev/null) || true
    ((${at:-0} > $(date +%s) - $1 * 86400)) && ! grep -qs '^failure=drill: ' "$STATE/backup"
}

# drill DIRECTORY
drill() {
    local n count
    enter_backup "$1"
    count=$(noted_servers | wc -l)
    for ((n = 1; n <= count; n++)); do
        load_snapshot "$n"
        leave
    done
    load_dump "${DATABASE}__drill"
    remove_database "${DATABASE}__drill"
    status "drilled_at=$(date +%s)" "drilled=$1"
    mended drill
}
