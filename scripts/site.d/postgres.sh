# shellcheck shell=bash
# Postgres on this host: a site's database dumped and counted as its superuser, and restored, beside the one that is
# there, as the site's own role. Needs host.sh and redis.sh.

# What a database's owner may set for it holds for the superuser as well: a search_path that finds functions of the
# owner's first, a limit by which a long dump ends.
SESSION='-c search_path=pg_catalog -c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 -c default_transaction_read_only=off'

# as_superuser COMMAND…
as_superuser() { runuser -u postgres -- env -C / PGOPTIONS="$SESSION" "$@"; }

# psql's own words alone; statements come by standard input, where no other user sees a password.
psql() { as_superuser psql -qAtX -v ON_ERROR_STOP=1 "$@"; }

# Databases beside the site's have its name and one of these; Postgres cuts a name after 63 characters, without a word, and
# a database with a longer one would then be meant by them.
BESIDE=(__drill __restored __replaced __before_restore)

# database_of FILE : of a .env's DATABASE_URL. Sets DATABASE, ROLE, and how the site logs in: PASSWORD, empty for none, and
# PLACE, options for libpq's programs.
database_of() {
    local url most=$((63 - ${#BESIDE[-1]}))
    url=$(setting "$1" DATABASE_URL)
    [[ $url =~ ^postgres(ql)?://([A-Za-z0-9_-]+)(:([^@]*))?@(localhost|127\.0\.0\.1|\[::1\])?(:([0-9]+))?/([A-Za-z0-9_-]+)(\?.*)?$ ]] ||
        die "DATABASE_URL in $1 names no database of this host: postgres://ROLE:PASSWORD@127.0.0.1:5432/DATABASE"
    ROLE=${BASH_REMATCH[2]} PASSWORD=$(decoded "${BASH_REMATCH[4]}") DATABASE=${BASH_REMATCH[8]} PLACE=()
    [[ -z ${BASH_REMATCH[5]} ]] || PLACE+=(--host "${BASH_REMATCH[5]//[\[\]]/}")
    [[ -z ${BASH_REMATCH[7]} ]] || PLACE+=(--port "${BASH_REMATCH[7]}")
    ((${#DATABASE} <= most)) ||
        die "the name of the database $DATABASE is too long for one beside it: $most characters at most (ALTER DATABASE … RENAME TO …)"
}

# as_role COMMAND… : one of libpq's, logged in as the site logs in, by its own user. No SQL in what it runs gets further
# than the site does: a superuser who only takes the role on could be made to take it off again.
as_role() {
    # shellcheck disable=SC2016 # it is another shell that knows these
    as "$USER_NAME" env -C / PGOPTIONS="$SESSION" sh -c \
        'IFS= read -r PGPASSWORD <&3; [ -z "$PGPASSWORD" ] || export PGPASSWORD; exec "$@" 3<&-' sh "$@" \
        "${PLACE[@]}" --username="$ROLE" --no-password 3<<<"$PASSWORD"
}

# database_there NAME : where Postgres cannot be asked, nobody knows, and that is the end.
database_there() {
    local found
    found=$(psql -d postgres <<<"SELECT 1 FROM pg_database WHERE datname = '$1'") ||
        die "Postgres does not answer; what it said stands above: sudo systemctl status postgresql"
    [[ $found == 1 ]]
}

# owner_of DATABASE
owner_of() { psql -d postgres <<<"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '$1'"; }

# The site's database, where there is one, is its role's: by a DATABASE_URL alone nobody's database is touched.
database_is_the_roles() {
    local owner
    database_there "$DATABASE" || return 0
    owner=$(owner_of "$DATABASE")
    [[ $owner == "$ROLE" ]] ||
        die "the database $DATABASE is $owner's, and DATABASE_URL in $ENV_FILE logs in as $ROLE: sudo -u postgres psql -c 'ALTER DATABASE \"$DATABASE\" OWNER TO \"$ROLE\"'"
}

# Rows of each table, as "N SCHEMA.TABLE" lines.
ROWS="SELECT (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I.%I', nspname, relname), false, true, '')))[1]::text
    || ' ' || format('%I.%I', nspname, relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind = 'r' AND relpersistence <> 't' AND nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^pg_toast'
ORDER BY format('%I.%I', nspname, relname) COLLATE \"C\";"

# dump FILE ROWS : of DATABASE, and the rows of its tables as they are in that very dump, for both see the same instant.
dump() {
    database_there "$DATABASE" || die "Postgres has no database $DATABASE, which $ENV_FILE names"
    # That pg_dump came to its end is what it has to leave: on a full disk nothing can be said of its failure.
    psql -d "$DATABASE" 7>"$1" 8>"$2.whole" >"$2" <<SQL || die "Postgres could not dump $DATABASE; what it said stands above"
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS snapshot \gset
\setenv SNAPSHOT :snapshot
\! pg_dump --format=custom --snapshot="\$SNAPSHOT" --dbname='$DATABASE' >&7 && echo whole >&8
$ROWS
SQL
    [[ -s $2.whole ]] || die "pg_dump could not dump $DATABASE; what it said stands above"
    rm "$2.whole"
}

# remove_database NAME : with whoever is connected to it.
remove_database() { psql -d postgres <<<"SET client_min_messages TO warning; DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)"; }

# What a run that did not come to its end has left. No site's database has such a name: a slug has single dashes.
remove_leftovers() {
    local name
    for name in "${BESIDE[@]:0:3}"; do echo "DROP DATABASE IF EXISTS \"$DATABASE$name\" WITH (FORCE);"; done |
        psql -d postgres >/dev/null 2>&1 || true
}

# postgres_room BYTES : is there room for another database of that size, and for what Postgres writes of it in its log
# beforehand? Where that finds none, it ends for every site.
postgres_room() {
    local directory free log needed
    directory=$(psql -d postgres <<<'SHOW data_directory')
    log=$(psql -d postgres <<<"SELECT pg_size_bytes(current_setting('max_wal_size'))")
    free=$(df --output=avail -B1 "$directory" | tail -n 1)
    needed=$(($1 + $1 / 5))
    needed=$((needed + (needed < log ? needed : log)))
    ((free > needed)) || die "another database of $(($1 >> 20)) MB has no place in $directory, where $((free >> 20)) MB are free and $((needed >> 20)) MB needed"
}

# restore_database DUMP NAME : into a new one of that name, as DATABASE is; nobody uses it yet.
restore_database() {
    new_database "$2"
    # What only a superuser can do, first and last. None of it runs a site's own SQL: what has been restored until then is
    # nothing, and a grant runs nothing.
    restore_part "$1" "$2" "$BY_SUPERUSER" as_superuser
    psql -d "$2" <<SQL || die "Postgres could not give the database $2 to $ROLE; what it said stands above"
SELECT format('ALTER SCHEMA %I OWNER TO %I', nspname, '$ROLE') FROM pg_namespace n
WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e') \gexec
ALTER DATABASE "$2" OWNER TO "$ROLE";
ALTER DATABASE "$2" CONNECTION LIMIT -1;
SQL
    restore_part "$1" "$2" "$BY_ROLE" as_role --no-owner
    restore_part "$1" "$2" "$GRANTS" as_superuser
}

# An empty one, to which nobody but a superuser can connect yet: an extension is not made where others could lay a trap.
new_database() {
    remove_database "$1"
    psql -d postgres <<SQL || die "Postgres could not make the database $1; what it said stands above"
SELECT coalesce((SELECT format('CREATE DATABASE %I TEMPLATE template0 CONNECTION LIMIT 0 ENCODING %L LC_COLLATE %L LC_CTYPE %L TABLESPACE %I',
        '$1', pg_encoding_to_char(encoding), datcollate, datctype, spcname)
        FROM pg_database d JOIN pg_tablespace t ON t.oid = dattablespace WHERE datname = '$DATABASE'),
    format('CREATE DATABASE %I CONNECTION LIMIT 0', '$1')) \gexec
SQL
}

# Which lines of a dump's contents are whose to restore: what awk says of their words.
# shellcheck disable=SC2016 # the words are awk's
BY_SUPERUSER='$4 == "SCHEMA" || $4 == "EXTENSION" || $4 $5 $6 == "COMMENT-EXTENSION"'
# shellcheck disable=SC2016
GRANTS='$4 == "ACL" || $4 == "DEFAULT" && $5 == "ACL"'
BY_ROLE="!($BY_SUPERUSER) && !($GRANTS)"

# restore_part DUMP NAME WHICH AS [OPTION…]
restore_part() {
    local dump=$1 name=$2 which=$3 by=$4 list reader=postgres
    shift 4
    [[ $by != as_role ]] || reader=$USER_NAME
    list=$(mktemp "/tmp/sum-$SLUG-restore.XXXXXXXX")
    pg_restore --list <"$dump" | awk "/^[0-9]+;/ && ($which)" >"$list" || die "the dump is damaged; what pg_restore said stands above"
    chown "$reader" "$list"
    # An empty list would stand for all there is.
    if [[ ! -s $list ]] || "$by" pg_restore --exit-on-error --use-list="$list" --dbname="$name" "$@" <"$dump"; then
        rm -f "$list"
        return
    fi
    rm -f "$list"
    die "Postgres could not restore the dump into $name; what it said stands above"
}

# rows NAME : of the tables in that database.
rows() { psql -d "$1" <<<"$ROWS"; }

# same_database OLD NEW : SQL by which NEW has what OLD has of its own, and not in it: its settings, limit, grants, comment.
# No dump of a database is restored with those.
same_database() {
    cat <<SQL
INSERT INTO pg_db_role_setting SELECT n.oid, setrole, setconfig FROM pg_database n, pg_database o
    JOIN pg_db_role_setting ON setdatabase = o.oid WHERE n.datname = '$2' AND o.datname = '$1';
SELECT format('ALTER DATABASE %I CONNECTION LIMIT %s', '$2', datconnlimit) FROM pg_database WHERE datname = '$1' \gexec
SELECT format('COMMENT ON DATABASE %I IS %L', '$2', shobj_description(oid, 'pg_database')) FROM pg_database WHERE datname = '$1' \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC, %I', '$2', '$ROLE') FROM pg_database WHERE datname = '$1' AND datacl IS NOT NULL \gexec
SELECT format('GRANT %s ON DATABASE %I TO %s%s', privilege_type, '$2',
    CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END)
FROM pg_database, aclexplode(datacl) WHERE datname = '$1' \gexec
SQL
}

# swap_database NEW KEPT : NEW becomes DATABASE, which is kept under the other name, at once or not at all. What is kept
# already is older and stays: then DATABASE is what an interrupted run had put there.
swap_database() {
    local old=$2
    ! database_there "$2" || old=${DATABASE}__replaced
    remove_database "${DATABASE}__replaced"
    psql -d postgres >/dev/null <<SQL || return
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ('$DATABASE', '$1');
BEGIN;
$(same_database "$DATABASE" "$1")
SELECT format('ALTER DATABASE %I RENAME TO %I', '$DATABASE', '$old') FROM pg_database WHERE datname = '$DATABASE' \gexec
ALTER DATABASE "$1" RENAME TO "$DATABASE";
COMMIT;
SQL
    remove_database "${DATABASE}__replaced"
}
