#!/usr/bin/env bash
# Backs a site up: its database and a snapshot of Redis, whole or not at all, and rotates what is there.
set -euo pipefail

HERE=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source-path=SCRIPTDIR source=site.d/site.sh
source "$HERE/site.d/site.sh"
# shellcheck source-path=SCRIPTDIR source=site.d/host.sh
source "$HERE/site.d/host.sh"
# shellcheck source-path=SCRIPTDIR source=site.d/backup.sh
source "$HERE/site.d/backup.sh"

usage() {
    cat <<'USAGE'
Usage: sudo backup.sh --site-slug S [--keep N]

Writes /srv/sum/S/backups/TIME, root's alone: a dump of the site's database, a snapshot of each Redis that its .env names,
not older than this call, what all hold in numbers, and checksums. It is there when it is whole. Media files and .env are not in it.
Works at idle priority, beside a site that runs. How it went stands in /var/lib/sum/S/backup, for redis-warden to tell.

  --site-slug S   the site that provision_vps.sh has made
  --keep N        remove all but the N newest afterwards (14); 0 keeps all

Exits with 0 if it is made, 1 if not, 64 on a wrong command line, 75 while another backup or a restore is at work.
USAGE
}

keep=14
while (($#)); do
    case $1 in
        --site-slug) needs_value "$@" && set_name "$1" "$2" && shift ;;
        --keep) needs_value "$@" && keep=$2 && shift ;;
        -h | --help) usage && exit ;;
        *) misuse "unknown argument $1" ;;
    esac
    shift
done
need_names --site-slug
[[ $keep =~ ^[0-9]{1,5}$ ]] || misuse "--keep must be a number: $(printf '%q' "$keep")"
((EUID == 0)) || die "must run as root: sudo $0"

site_of "${SITE[SITE_SLUG]}"
lock "$SLUG" backup
umask 077
# The site's own work goes first.
renice -n 19 -p $$ >/dev/null
ionice -c 3 -p $$
begin backup
[[ ! -e $STATE/restoring ]] || die "a restore was interrupted, and what is there is not whole: sudo $HERE/restore.sh --site-slug $SLUG --i-know-this-will-overwrite"
take_backup
rotate "$((10#$keep))"
say "$SLUG: $BACKUPS/$MADE, $(du -sh "$MADE" | cut -f1)"
