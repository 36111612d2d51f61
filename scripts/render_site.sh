#!/usr/bin/env bash
# A site's units, its part of Caddy's configuration and its example environment, from their templates.
set -euo pipefail

HERE=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source-path=SCRIPTDIR source=site.d/site.sh
source "$HERE/site.d/site.sh"

usage() {
    cat <<'USAGE'
Usage: render_site.sh --site-slug S --deploy-user U --project-module M --domain D [--out DIRECTORY]
       render_site.sh [NAME…] TEMPLATE

Writes what a site needs into DIRECTORY (the current one), or renders one template to standard output:

  sum-S-gunicorn.socket  sum-S-gunicorn.service  sum-S-celery.service  sum-S-celery-beat.service
  sum-S-backup.service  sum-S-backup.timer
  S.caddy  S.env.example

  --site-slug S        the site's short name, which its units and directories have
  --deploy-user U      the user that its processes run as
  --project-module M   the Python package with wsgi.py and the Celery app
  --domain D           where people reach it

A value that would break one of them is refused, and nothing is written then. It installs nothing.
USAGE
}

out=. template=''
while (($#)); do
    case $1 in
        --site-slug | --deploy-user | --project-module | --domain) needs_value "$@" && set_name "$1" "$2" && shift ;;
        --out) needs_value "$@" && out=$2 && shift ;;
        -h | --help) usage && exit ;;
        -*) misuse "unknown option $1" ;;
        *)
            [[ -z $template ]] || misuse "one template at a time"
            template=$1
            ;;
    esac
    shift
done

if [[ -n $template ]]; then
    render "$template"
    exit
fi
need_names --site-slug --deploy-user --project-module --domain
[[ -d $out ]] || die "--out: no such directory: $out"
mapfile -t found < <(templates "$HERE")
((${#found[@]})) || die "no templates beside $HERE"
declare -A rendered
for template in "${found[@]}"; do rendered[$template]=$(render "$template"); done
for template in "${found[@]}"; do
    printf '%s\n' "${rendered[$template]}" >"$out/$(rendered_name "$template")"
    say "wrote $out/$(rendered_name "$template")"
done
