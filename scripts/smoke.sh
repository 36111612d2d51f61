#!/usr/bin/env bash
# The operator's checklist for a host and its sites: one line for each thing that a site needs.
set -euo pipefail

HERE=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source-path=SCRIPTDIR source=site.d/site.sh
source "$HERE/site.d/site.sh"
# shellcheck source-path=SCRIPTDIR source=site.d/server.sh
source "$HERE/site.d/server.sh"

usage() {
    cat <<'USAGE'
Usage: sudo smoke.sh [--site-slug S] [--json]

Looks at Redis, redis-warden, Postgres and Caddy, and at each site in /srv/sum (or that one): its units, its Redis as its
.env names it, its /health/. One line each: ok, FAILED or off, with the command that shows more. Changes nothing.

Exits with 0 if nothing failed, 1 if something did, 64 on a wrong command line.
USAGE
}

FAILED=0 LINES=()

# told STATUS NAME DETAIL [COMMAND]
told() {
    [[ $1 != FAILED ]] || FAILED=1
    if ((json)); then
        LINES+=("$(printf '{"name": %s, "status": "%s", "detail": %s, "command": %s}' \
            "$(quoted "$2")" "${1,,}" "$(quoted "$3")" "$(quoted "${4:-}")")")
    else
        printf '%-7s %-28s %s%s\n' "$1" "$2" "$3" "${4:+; see: $4}"
    fi
}

# As a JSON string; no control character is left in it.
quoted() {
    local text=${1//[$'\001'-$'\037\177']/ }
    text=${text//\\/\\\\}
    printf '"%s"' "${text//\"/\\\"}"
}

unit() {
    local state enabled
    state=$(systemctl is-active "$1" 2>/dev/null) || true
    enabled=$(systemctl is-enabled "$1" 2>/dev/null) || true
    if [[ $state == active ]]; then
        told ok "$1" "active, $enabled"
    elif [[ ${2:-} == optional && $enabled != enabled ]]; then
        told off "$1" "${state:-unknown}, ${enabled:-not there}"
    else
        told FAILED "$1" "${state:-unknown}, ${enabled:-not there}" "sudo systemctl status $1"
    fi
}

redis() {
    local sockets port
    if server || [[ $ANSWER == NOAUTH* ]]; then
        case $ANSWER in
            PONG) told ok "redis PING" "PONG${REDIS_PASSWORD:+, with a password}" ;;
            NOAUTH*) told ok "redis PING" "a password is asked for" ;;
            *) told FAILED "redis PING" "$ANSWER" "sudo redis-warden check" ;;
        esac
    else
        told FAILED "redis PING" "${ANSWER:-no answer}" "sudo systemctl status redis-server"
    fi
    if [[ $REDIS_PLACE == /* ]]; then
        if [[ -S $REDIS_PLACE ]]; then
            told ok "redis sockets" "$REDIS_PLACE alone"
        else
            told FAILED "redis sockets" "there is no $REDIS_PLACE" "sudo systemctl status redis-server"
        fi
        return
    fi
    port=${REDIS_PLACE##*:}
    sockets=$(ss -Hltn "sport = :$port" | awk '{ print $4 }') || true
    if [[ -z $sockets ]]; then
        told FAILED "redis sockets" "nothing listens on $port" "sudo systemctl status redis-server"
    elif grep -qvE '^(127\.|\[::1\])' <<<"$sockets"; then
        told FAILED "redis sockets" "$(paste -sd ' ' <<<"$sockets")" "sudo ss -ltnp 'sport = :$port'"
    else
        told ok "redis sockets" "loopback alone"
    fi
}

# reasons STATUS : of the health document on standard input, what is as bad as the whole, or not known where nothing is.
reasons() {
    awk -v wanted="$1" '
        /^    "[^"]+": [{]$/ { name = $1; gsub(/[":]/, "", name) }
        /^      "status": / { status = $2; gsub(/[",]/, "", status) }
        /^      "detail": "/ {
            sub(/^      "detail": "/, ""); sub(/",?$/, ""); gsub(/\\"/, "\"")
            told[status] = told[status] (told[status] ? "; " : "") name ": " $0
        }
        END { print told[wanted] ? told[wanted] : told["unknown"] }'
}

redis_warden() {
    local report status reason
    report=$(curl -s -m 5 localhost:9180/health) || true
    status=$(sed -n 's/^  "status": "\([a-z]*\)".*/\1/p' <<<"$report")
    reason=$(reasons "$status" <<<"$report")
    case $status in
        ok) told ok "redis-warden /health" ok ;;
        degraded) told ok "redis-warden /health" "degraded: $reason" "sudo redis-warden status" ;;
        *) told FAILED "redis-warden /health" "${status:-no answer}${reason:+: $reason}" "sudo redis-warden status" ;;
    esac
}

site() {
    local slug=$1 home=/srv/sum/$1 answer cause
    unit "sum-$slug-gunicorn.socket"
    unit "sum-$slug-gunicorn.service"
    unit "sum-$slug-celery.service" optional
    unit "sum-$slug-celery-beat.service" optional
    unit "sum-$slug-backup.timer" optional
    if cause=$(fitness "$home/.env" "$(required "$slug")" --only ping 2>/dev/null); then
        told ok "$slug .env" "its Redis URLs work as the site uses them"
    else
        told FAILED "$slug .env" "${cause%%; mend with*}" "sudo redis-warden check --env-file $home/.env"
    fi
    answer=$(health "$slug")
    if [[ $answer == 200 ]]; then
        told ok "$slug /health/" 200
    else
        told FAILED "$slug /health/" "$answer" "sudo journalctl -u sum-$slug-gunicorn -n 50"
    fi
}

json=0
while (($#)); do
    case $1 in
        --site-slug) needs_value "$@" && set_name "$1" "$2" && shift ;;
        --json) json=1 ;;
        -h | --help) usage && exit ;;
        *) misuse "unknown argument $1" ;;
    esac
    shift
done
((EUID == 0)) || die "must run as root: sudo $0"

unit redis-server.service
redis
unit redis-warden.service
redis_warden
unit postgresql.service
unit caddy.service optional
if [[ -n ${SITE[SITE_SLUG]:-} ]]; then
    [[ -f /srv/sum/${SITE[SITE_SLUG]}/.env ]] ||
        die "there is no site ${SITE[SITE_SLUG]} in /srv/sum; there are: $(sites | paste -sd ' ')"
    site "${SITE[SITE_SLUG]}"
else
    for slug in $(sites); do site "$slug"; done
fi
if ((json)); then
    printf '{"status": "%s", "checks": [\n' "$( ((FAILED)) && echo failed || echo ok)"
    (IFS=$'\n' && echo "${LINES[*]}") | sed '$!s/$/,/; s/^/  /'
    echo ']}'
fi
exit "$FAILED"
