#!/usr/bin/env bash
# Restores a site from a backup: its database, and its keys in Redis. Or tries whether that could be done.
set -euo pipefail

HERE=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source-path=SCRIPTDIR source=site.d/site.sh
source "$HERE/site.d/site.sh"
# shellcheck source-path=SCRIPTDIR source=site.d/host.sh
source "$HERE/site.d/host.sh"
# shellcheck source-path=SCRIPTDIR source=site.d/backup.sh
source "$HERE/site.d/backup.sh"
# shellcheck source-path=SCRIPTDIR source=site.d/drill.sh
source "$HERE/site.d/drill.sh"
# shellcheck source-path=SCRIPTDIR source=site.d/restore.sh
source "$HERE/site.d/restore.sh"

usage() {
    cat <<'USAGE'
Usage: sudo restore.sh --site-slug S [--from DIRECTORY] [--no-backup] --i-know-this-will-overwrite
       sudo restore.sh --site-slug S [--from DIRECTORY] --drill [--unless-since DAYS]
       sudo restore.sh --site-slug S --list

Loads a backup beside what is there and compares it with what it had; stops the site, backs up what is there, puts the
restored in its place, starts the site and asks its /health/. Of Redis only the site's own databases are replaced, in the
servers that they were in. Settings and grants of the database itself stay as they are.
Interrupted, it is run again; what it restored and had stopped is remembered. The dump is loaded with the rights of the
site's own role, as which DATABASE_URL logs in, and whose all of it is then; not with those of Postgres' superuser.

  --site-slug S     the site that provision_vps.sh has made
  --from DIRECTORY  the backup, or its name in /srv/sum/S/backups; when not given, that of an interrupted restore, which
                    is brought to its end and is all, or the newest
  --no-backup       do not back up first what is there, as where it is lost
  --i-know-this-will-overwrite
                    without it, it only says what it would do
  --drill           load it, compare it and take it away again: the site is not touched, and redis-warden told
  --unless-since DAYS
                    not where one was drilled with success since so many days
  --list            the backups there are, the oldest first

Exits with 0 if it is done, 1 if not, 64 on a wrong command line, 75 while a backup, a deploy or a restore is at work.
USAGE
}

list() {
    local name
    while read -r name; do
        printf '%s  %8s  %s\n' "$name" "$(du -sh "$BACKUPS/$name" | cut -f1)" "$(sed -n 's/^git_revision = //p' "$BACKUPS/$name/manifest")"
    done < <(backups)
}

# choose WISH : sets FROM: that, or the newest.
choose() {
    FROM=${1:-$(backups | tail -n 1)}
    [[ -n $FROM ]] || die "there is no backup of $SLUG in $BACKUPS: sudo $HERE/backup.sh --site-slug $SLUG"
    [[ $FROM == */* ]] || FROM=$BACKUPS/$FROM
    FROM=$(readlink -f -- "$FROM") || die "there is no such backup: $1"
}

from='' work=restore backup=1 sure=0 since=''
while (($#)); do
    case $1 in
        --site-slug) needs_value "$@" && set_name "$1" "$2" && shift ;;
        --from) needs_value "$@" && from=$2 && shift ;;
        --no-backup) backup=0 ;;
        --i-know-this-will-overwrite) sure=1 ;;
        --drill) work=drill ;;
        --unless-since) needs_value "$@" && since=$2 && shift ;;
        --list) work=list ;;
        -h | --help) usage && exit ;;
        *) misuse "unknown argument $1" ;;
    esac
    shift
done
need_names --site-slug
[[ $work == restore ]] || ((!sure && backup)) || misuse "--$work overwrites nothing, and goes with neither --no-backup nor --i-know-this-will-overwrite"
[[ -z $since || $work == drill && $since =~ ^[0-9]{1,4}$ ]] || misuse "--unless-since must be a number of days, and goes with --drill"
((EUID == 0)) || die "must run as root: sudo $0"

site_of "${SITE[SITE_SLUG]}"
umask 077
if [[ $work == list ]]; then
    list
    exit
fi
if [[ -n $since ]] && drilled_since "$since"; then
    say "$SLUG: a backup was restored on trial less than $since days ago"
    exit
fi
database_of "$ENV_FILE"
case $work in
    drill)
        choose "$from"
        lock "$SLUG" backup
        begin drill
        renice -n 19 -p $$ >/dev/null
        ionice -c 3 -p $$
        drill "$FROM"
        say "$SLUG: $FROM can be restored"
        ;;
    restore)
        # What an interrupted run was at goes on, where nothing else is wished.
        choose "${from:-$(remembered from)}"
        ((sure)) || die "this would stop $SLUG and overwrite its database $DATABASE and database $(numbers) of Redis with $FROM;\
 nothing was done (again with --i-know-this-will-overwrite, or with --drill to try it)"
        lock "$SLUG" backup
        lock "$SLUG" deploy
        begin ''
        PHASE=loading UNITS='' BEFORE='' KEPT=${DATABASE}__before_restore
        trap interrupted EXIT
        finish_earlier
        # That was it, unless another is wished for.
        [[ $PHASE != 'done' || -n $from ]] || exit 0
        restore "$FROM" "$backup"
        ;;
esac
