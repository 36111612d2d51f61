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
migrated or restarted. Where something fails, /health/ does not answer or a signal ends it, the revision before is there
again, with its packages, and runs again where it was stopped (the migrations stay).

  --site-slug S   the site that provision_vps.sh has made
  --ref R         a branch, tag or commit; when not given, the branch that was deployed last, and after a tag or a commit
                  nothing: then it must be given
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

# What is deployed where nobody says: the branch that was deployed last, or that somebody has checked out since. Each deploy
# leaves no branch checked out; what origin calls its main one may be what is to be released some day.
wished() {
    local last branch deployed
    last=$(cat "$STATE/ref" 2>/dev/null) || true
    branch=$(git_ symbolic-ref -q --short HEAD) || branch=$last
    if [[ -z $branch ]]; then
        # An earlier version has not written it down, but origin was as it is known here when it deployed.
        branch=$(git_ symbolic-ref -q --short refs/remotes/origin/HEAD || echo origin/main)
        deployed=$(git_ for-each-ref --points-at "$BEFORE" --format='%(refname:short)' refs/remotes/origin | grep -vxE 'origin(/HEAD)?') || true
        [[ -z $deployed ]] || grep -qxF "$branch" <<<"$deployed" || branch=$deployed
        [[ $branch != *$'\n'* ]] || die "which branch was deployed last is not known: --ref says which one"
    fi
    echo "${branch#origin/}"
}

# Sets REF, and TARGET to the commit that is wanted.
fetch() {
    REF=${1:-$(wished)}
    git_ fetch -q --prune --tags --force origin || die "git could not fetch from origin: sudo -u $USER_NAME git -C $APP fetch origin"
    if [[ -z $1 ]] && ! git_ rev-parse -q --verify "refs/remotes/origin/$REF^{commit}" >/dev/null; then
        die "$REF was deployed last, which is no branch of origin and gets no newer: --ref says what is to be deployed"
    fi
    TARGET=$(git_ rev-parse -q --verify "refs/remotes/origin/$REF^{commit}" ||
        git_ rev-parse -q --verify "refs/tags/$REF^{commit}" || git_ rev-parse -q --verify "$REF^{commit}") ||
        die "--ref: origin has no branch, tag or commit $REF"
}

check_out() { git_ -c advice.detachedHead=false checkout -q --detach "$1"; }

requirements() {
    [[ ! -s $APP/requirements.txt ]] ||
        as "$USER_NAME" "$SITE_HOME/venv/bin/python" -m pip install -q --disable-pip-version-check -r "$APP/requirements.txt" >&2
}

redis_is_fit() {
    local cause
    if command -v redis-warden >/dev/null; then
        cause=$(fitness "$ENV_FILE" "$(required "$SLUG")" --wait 30s) && return
    elif command -v redis-cli >/dev/null; then
        cause=$(redis_pong "$ENV_FILE") && return
    else
        say "warning: neither redis-warden nor redis-cli is here: Redis was not checked"
        return 0
    fi
    if absent "$cause"; then cause+=". Ensure Redis is running: sudo systemctl status redis-server"; fi
    say "Redis check failed: $cause"
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

# Whatever ends a deploy before its end, a signal too, leaves what was there before: its code and its packages, and from
# where that was begun its static files and its processes. Of what pip has newly brought, what nobody asks for stays.
back() {
    say "going back to ${BEFORE:0:12}"
    told "$TARGET" "failed at its $STAGE; back to ${BEFORE:0:12}"
    systemctl stop "sum-$SLUG-manage.service" 2>/dev/null || true
    check_out "$BEFORE" || {
        say "error: git could not check out ${BEFORE:0:12} again: sudo -u $USER_NAME git -C $APP status"
        return
    }
    [[ $STAGE != checkout ]] || return 0
    requirements || say "warning: the requirements before could not be installed"
    [[ $STAGE == collectstatic || $STAGE == restart ]] || return 0
    manage collectstatic --noinput || say "warning: collectstatic failed"
    [[ $STAGE == restart ]] || return 0
    if restart && smoke; then
        say "${BEFORE:0:12} runs again; its database has the migrations of ${TARGET:0:12}"
    else
        say "error: and it is not well with ${BEFORE:0:12} either: sudo systemctl status 'sum-$SLUG-*'"
    fi
}

ended() {
    undisturbed
    [[ -z $STAGE ]] || back
    rm -f "$LOG"
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
((EUID == 0)) || die "must run as root: sudo $0"

SLUG=${SITE[SITE_SLUG]}
site_place "$SLUG"
APP=$SITE_HOME/app
[[ ! -e $STATE/restoring ]] ||
    die "a restore was interrupted: sudo $HERE/restore.sh --site-slug $SLUG --i-know-this-will-overwrite"
cd /
lock "$SLUG" deploy
LOG=$(mktemp) STAGE=''
trap ended EXIT
ends_by_signal
umask 022

clean_tree
# A deploy that was killed has checked out what does not run yet.
BEFORE=$(grep -xE '[0-9a-f]{40,64}' "$SITE_HOME/deployed" 2>/dev/null) || BEFORE=$(git_ rev-parse HEAD)
fetch "$ref"
say "$SLUG: ${BEFORE:0:12} → ${TARGET:0:12}"
STAGE=checkout
check_out "$TARGET" || die "git could not check out ${TARGET:0:12}"
STAGE=requirements
requirements || die "pip could not install the requirements; nothing was migrated or restarted"
redis_is_fit || die "nothing was migrated or restarted"
STAGE=migrate
manage migrate --noinput || die "the migration failed, and nothing was restarted"
STAGE=collectstatic
manage collectstatic --noinput || die "collectstatic failed, and nothing was restarted"
if ((restart)); then
    STAGE=restart
    if ! restart || ! smoke; then die "the site is not well with ${TARGET:0:12}"; fi
    content "$SITE_HOME/deployed" <<<"$TARGET" || true
fi
STAGE=''
content "$STATE/ref" <<<"$REF" || true
if ((restart)); then
    say "$SLUG: ${TARGET:0:12} is deployed"
    told "$TARGET" "is deployed"
else
    say "$SLUG: ${TARGET:0:12} is there; nothing was restarted"
    told "$TARGET" "is there; nothing was restarted"
fi
