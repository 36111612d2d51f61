#!/usr/bin/env bash
# Deploys one site: fetches, proves Redis, migrates, restarts, looks. Whatever fails, the site runs as before.
set -euo pipefail

HERE=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source-path=SCRIPTDIR source=site.d/site.sh
source "$HERE/site.d/site.sh"
# shellcheck source-path=SCRIPTDIR source=site.d/host.sh
source "$HERE/site.d/host.sh"
# shellcheck source-path=SCRIPTDIR source=site.d/redis.sh
source "$HERE/site.d/redis.sh"

usage() {
    cat <<'USAGE'
Usage: sudo deploy.sh --site-slug S [--ref R] [--domain D] [--no-restart]

Fetches /srv/sum/S/app, installs its requirements, proves Redis with the site's own .env, and only then migrates,
collects static files, restarts gunicorn and celery, and asks the site's /health/. Where Redis is not fit, nothing was
migrated or restarted. Where /health/ does not answer, the revision before runs again (its migrations stay).

  --site-slug S   the site that provision_vps.sh has made
  --ref R         a branch, tag or commit; the branch that is checked out, when not given
  --domain D      the Host that /health/ is asked by; the first of DJANGO_ALLOWED_HOSTS, when not given
  --no-restart    leave gunicorn and celery as they run, and ask nothing

Exits with 0 if deployed, 1 if not, 64 on a wrong command line, 75 while another deploy of the site is at work.
USAGE
}

git_() { as "$USER_NAME" git -C "$APP" "$@"; }

# With the environment that systemd gives to the units: no secret in an argument, no file read in another way.
manage() {
    local unit=sum-$SLUG-manage.service
    # What a deploy that was killed has begun goes on without it.
    ! systemctl is-active -q "$unit" || die "manage.py still runs for an earlier deploy: sudo systemctl status $unit"
    systemd-run -q --unit="$unit" --wait --pipe --collect --uid="$USER_NAME" --working-directory="$APP" \
        --property=EnvironmentFile="$ENV_FILE" --setenv=PYTHONUNBUFFERED=1 \
        "$SITE_HOME/venv/bin/python" manage.py "$@" </dev/null >&2
}

clean_tree() {
    local dirty
    dirty=$(git_ status --porcelain --untracked-files=no) || die "$APP is no checkout: clone the site's repository there first"
    [[ -z $dirty ]] || die "$APP has changes that are in no commit; nothing was done:
$dirty"
}

# Sets TARGET to the commit that is wanted.
fetch() {
    local ref=${1:-} branch
    git_ fetch -q --prune --tags --force origin || die "git could not fetch from origin: sudo -u $USER_NAME git -C $APP fetch origin"
    branch=$(git_ symbolic-ref -q --short HEAD || git_ symbolic-ref -q --short refs/remotes/origin/HEAD || echo main)
    ref=${ref:-${branch#origin/}}
    TARGET=$(git_ rev-parse -q --verify "refs/remotes/origin/$ref^{commit}" ||
        git_ rev-parse -q --verify "refs/tags/$ref^{commit}" || git_ rev-parse -q --verify "$ref^{commit}") ||
        die "--ref: origin has no branch, tag or commit $ref"
}

check_out() { git_ -c advice.detachedHead=false checkout -q --detach "$1"; }

requirements() {
    [[ ! -s $APP/requirements.txt ]] ||
        as "$USER_NAME" "$SITE_HOME/venv/bin/python" -m pip install -q --disable-pip-version-check -r "$APP/requirements.txt" >&2
}

redis_is_fit() {
    local cause
    if command -v redis-warden >/dev/null; then
        redis-warden check --wait 30s --env-file "$ENV_FILE" >"$LOG" 2>&1 && return
        cause=$(awk '/^[A-Za-z_]+ +(unhealthy|unknown) / { name = $1; $1 = $2 = ""; print name ":" $0; getline; print; exit }' "$LOG" |
            sed 's/^ *mend with/; mend with/' | tr -d '\n')
    elif command -v redis-cli >/dev/null; then
        cause=$(redis_pong "$ENV_FILE") && return
    else
        say "warning: neither redis-warden nor redis-cli is here: Redis was not checked"
        return 0
    fi
    say "Redis check failed: ${cause:-$(head -n 1 "$LOG")}. Ensure Redis is running: sudo systemctl status redis-server"
    return 1
}

restart() {
    local unit
    systemctl restart "sum-$SLUG-gunicorn.service" || return 1
    for unit in celery celery-beat; do
        [[ $(systemctl is-enabled "sum-$SLUG-$unit.service" 2>/dev/null) != enabled ]] ||
            systemctl restart "sum-$SLUG-$unit.service" || return 1
    done
}

# The site tells ok and degraded by 200; what is behind Caddy is asked directly, and so is Caddy not needed for it.
smoke() {
    local deadline=$((SECONDS + 30)) answer
    while :; do
        answer=$(health "$SLUG" "${SITE[DOMAIN]:-}" "$LOG")
        [[ $answer != 200 ]] || return 0
        ((SECONDS < deadline)) || break
        sleep 1
    done
    say "/health/ of $SLUG answers ${answer:-nothing} for 30 s: $(head -c 300 "$LOG" | tr -d '\0\n')
see: sudo journalctl -u sum-$SLUG-gunicorn -n 50"
    return 1
}

# told COMMIT HOW : among redis-warden's events, where it is there and knows them.
told() {
    ! command -v redis-warden >/dev/null ||
        redis-warden event deploy --site "$SLUG" --ref "${1:0:12}" --note "${2:0:300}" >/dev/null 2>&1 || true
}

back() {
    say "$1; going back to ${BEFORE:0:12}"
    check_out "$BEFORE"
    told "$TARGET" "failed: $1; back to ${BEFORE:0:12}"
}

ref='' restart=1
while (($#)); do
    case $1 in
        --site-slug | --domain) needs_value "$@" && set_name "$1" "$2" && shift ;;
        --ref) needs_value "$@" && ref=$2 && shift ;;
        --no-restart) restart=0 ;;
        -h | --help) usage && exit ;;
        *) misuse "unknown argument $1" ;;
    esac
    shift
done
need_names --site-slug
[[ $ref != -* ]] || misuse "--ref must be a branch, tag or commit: $ref"
((EUID == 0)) || die "must run as root: sudo ${0##*/}"

SLUG=${SITE[SITE_SLUG]} SITE_HOME=/srv/sum/${SITE[SITE_SLUG]}
APP=$SITE_HOME/app ENV_FILE=$SITE_HOME/.env
[[ -d $APP && -f $ENV_FILE ]] || die "there is no site $SLUG in $SITE_HOME: sudo provision_vps.sh --site-slug $SLUG …"
[[ ! -e /var/lib/sum/$SLUG/restoring ]] ||
    die "a restore was interrupted: sudo restore.sh --site-slug $SLUG --i-know-this-will-overwrite"
# Whose the site is; what is below could be a link that its user has laid.
USER_NAME=$(stat -c %U "$SITE_HOME")
[[ $USER_NAME != root ]] || USER_NAME=$(stat -c %U "$APP")
[[ $USER_NAME != root ]] || die "$APP is root's, as which no site should run: sudo chown -R USER: $SITE_HOME"
cd /
lock "$SLUG" deploy
LOG=$(mktemp)
trap 'rm -f "$LOG"' EXIT
umask 022

clean_tree
# A deploy that was killed has checked out what does not run yet.
BEFORE=$(cat "$SITE_HOME/deployed" 2>/dev/null) || BEFORE=$(git_ rev-parse HEAD)
fetch "$ref"
say "$SLUG: ${BEFORE:0:12} → ${TARGET:0:12}"
check_out "$TARGET" || die "git could not check out ${TARGET:0:12}"
requirements || {
    back "pip could not install the requirements"
    exit 1
}
redis_is_fit || {
    back "nothing was migrated or restarted"
    exit 1
}
manage migrate --noinput || {
    back "the migration failed, and nothing was restarted"
    exit 1
}
manage collectstatic --noinput || {
    back "collectstatic failed, and nothing was restarted"
    exit 1
}
if ((!restart)); then
    say "$SLUG: ${TARGET:0:12} is there; nothing was restarted"
    told "$TARGET" "is there; nothing was restarted"
    exit
fi
if restart && smoke; then
    content "$SITE_HOME/deployed" <<<"$TARGET" || true
    say "$SLUG: ${TARGET:0:12} is deployed"
    told "$TARGET" "is deployed"
    exit
fi
back "the site is not well with ${TARGET:0:12}"
requirements || say "warning: the requirements before could not be installed"
manage collectstatic --noinput || say "warning: collectstatic failed"
if ! restart || ! smoke; then die "and not with ${BEFORE:0:12} either: sudo systemctl status 'sum-$SLUG-*'"; fi
told "$BEFORE" "runs again"
die "${BEFORE:0:12} runs again; its database has the migrations of ${TARGET:0:12}"
