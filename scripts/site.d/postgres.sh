# shellcheck shell=bash
# Postgres on this host, as its superuser: a site's database dumped, counted, and restored beside the one that is there.

# psql's own words alone; statements come by standard input, where no other user sees a password.
psql() { runuser -u postgres -- env -C / psql -qAtX -v ON_ERROR_STOP=1 "$@"; }

# database_of FILE : the database of a .env's DATABASE_URL, and its role: sets DATABASE and ROLE.
database_of() {
    local url
    url=$(setting "$1" DATABASE_URL)
    [[ $url =~ ^postgres(ql)?://([A-Za-z0-9_-]+)(:[^@]*)?@(localhost|127\.0\.0\.1|\[::1\])?(:[0-9]+)?/([A-Za-z0-9_-]+)(\?.*)?$ ]] ||
        die "DATABASE_URL in $1 names no database of this host: postgres://ROLE:PASSWORD@127.0.0.1:5432/DATABASE"
    ROLE=${BASH_REMATCH[2]} DATABASE=${BASH_REMATCH[6]}
}

# database_there NAME
database_there() { [[ $(psql -d postgres <<<"SELECT 1 FROM pg_database WHERE datname = '$1'") == 1 ]]; }

# Rows of each table, as "N SCHEMA.TABLE" lines.
ROWS="SELECT (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I.%I', nspname, relname), false, true, '')))[1]::text
    || ' ' || format('%I.%I', nspname, relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind = 'r' AND relpersistence <> 't' AND nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^pg_toast'
ORDER BY format('%I.%I', nspname, relname) COLLATE \"C\";"

# dump FILE ROWS : of DATABASE, and the rows of its tables as they are in that very dump, for both see the same instant.
dump() {
    database_there "$DATABASE" || die "Postgres has no database $DATABASE, which $ENV_FILE names"
    psql -d "$DATABASE" 7>"$1" >"$2" <<SQL || die "Postgres could not dump $DATABASE; what it said stands above"
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS snapshot \gset
\setenv SNAPSHOT :snapshot
\! pg_dump --format=custom --snapshot="\$SNAPSHOT" --dbname='$DATABASE' >&7 || echo 'pg_dump has failed'
$ROWS
SQL
    ! grep -qx 'pg_dump has failed' "$2" || die "pg_dump could not dump $DATABASE; what it said stands above"
}

# remove_database NAME : with whoever is connected to it.
remove_database() { psql -d postgres <<<"SET client_min_messages TO warning; DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)"; }

# What a run that did not come to its end has left. No site's database has such a name: a slug has single dashes.
remove_leftovers() {
    local name
    for name in drill restored replaced; do echo "DROP DATABASE IF EXISTS \"${DATABASE}__$name\" WITH (FORCE);"; done |
        psql -d postgres >/dev/null 2>&1 || true
}

# postgres_room BYTES : is there room for another database of that size?
postgres_room() {
    local directory free
    directory=$(psql -d postgres <<<'SHOW data_directory')
    free=$(df --output=avail -B1 "$directory" | tail -n 1)
    ((free > $1 + $1 / 5)) || die "another database of $(($1 >> 20)) MB has no place in $directory, where $((free >> 20)) MB are free"
}

# restore_database DUMP NAME : into a new one of that name, as DATABASE is; nobody uses it yet.
restore_database() {
    remove_database "$2"
    psql -d postgres <<SQL || die "Postgres could not make the database $2; what it said stands above"
SELECT coalesce((SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L', '$2',
        pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate, datctype) FROM pg_database WHERE datname = '$DATABASE'),
    format('CREATE DATABASE %I OWNER %I', '$2', '$ROLE')) \gexec
SQL
    runuser -u postgres -- env -C / pg_restore --exit-on-error --dbname="$2" <"$1" ||
        die "Postgres could not restore the dump into $2; what it said stands above"
}

# rows NAME : of the tables in that database.
rows() { psql -d "$1" <<<"$ROWS"; }

# swap_database NEW KEPT : NEW becomes DATABASE, which is kept under the other name, at once or not at all. What is kept
# already is older and stays: then DATABASE is what an interrupted run had put there.
swap_database() {
    local old=$2
    ! database_there "$2" || old=${DATABASE}__replaced
    remove_database "${DATABASE}__replaced"
    psql -d postgres >/dev/null <<SQL || return
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ('$DATABASE', '$1');
BEGIN;
SELECT format('ALTER DATABASE %I RENAME TO %I', '$DATABASE', '$old') FROM pg_database WHERE datname = '$DATABASE' \gexec
ALTER DATABASE "$1" RENAME TO "$DATABASE";
COMMIT;
SQL
    remove_database "${DATABASE}__replaced"
}
