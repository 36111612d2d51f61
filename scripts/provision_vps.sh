#!/usr/bin/env bash
# Makes a host ready for one more site, with Redis proven. Safe to run again: what is so already is left alone.
set -euo pipefail

HERE=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source-path=SCRIPTDIR source=site.d/site.sh
source "$HERE/site.d/site.sh"
# shellcheck source-path=SCRIPTDIR source=site.d/host.sh
source "$HERE/site.d/host.sh"
# shellcheck source-path=SCRIPTDIR source=site.d/server.sh
source "$HERE/site.d/server.sh"
# shellcheck source-path=SCRIPTDIR source=site.d/firewall.sh
source "$HERE/site.d/firewall.sh"
# shellcheck source-path=SCRIPTDIR source=site.d/postgres.sh
source "$HERE/site.d/postgres.sh"

usage() {
    cat <<'USAGE'
Usage: sudo provision_vps.sh --site-slug S --deploy-user U [OPTION…]

Makes the user, /srv/sum/S, root's, and in it the user's {app,venv,static,media} and root's backups, /var/log/sum/S, a .env with secrets of its own, a Postgres
role and database, the site's units and its part of Caddy's configuration; then enables and starts Redis, proves it, and
has the site backed up each day. Run again, it changes nothing but what an earlier version has made otherwise. Ends with 0 when the site can be deployed, with 1 and
the next command when not.

  --site-slug S            the site's short name: lower-case letters, digits and dashes
  --deploy-user U          the user that the site runs as, and that owns its code, packages, media and .env
  --project-module M       the Python package with wsgi.py and the Celery app (the slug, with _ for -)
  --domain D               where people reach it; without one, Caddy is left alone
  --repo URL               clone this into app/ where that is empty
  --install-packages       install what is missing with apt; without it, missing packages are an error
  --deb FILE               redis-warden's package, where no apt repository has it
  --system-site-packages   let the venv use Debian's Python packages
  --celery-beat            enable celery beat as well
  --firewall               let ufw admit ssh, http and https, and nothing else; not where no ssh server is found
USAGE
}

PACKAGES=(ca-certificates curl git python3 python3-venv python3-pip build-essential libpq-dev postgresql redis-server
    ufw caddy)

packages() {
    local package missing=()
    for package in "${PACKAGES[@]}"; do installed "$package" || missing+=("$package"); done
    if ((!${#missing[@]})); then
        kept "packages"
    elif ((!install_packages)); then
        die "these packages are missing: ${missing[*]} (again with --install-packages, or: sudo apt install ${missing[*]})"
    else
        apt-get -q update >&2
        apt_install "${missing[@]}" || die "apt could not install ${missing[*]}; what it said stands above"
        changed "packages ${missing[*]}"
    fi
}

redis_warden() {
    if installed redis-warden; then
        kept "redis-warden"
    elif [[ -n $deb ]]; then
        apt_install "$deb" || die "apt could not install $deb; what it said stands above"
        changed "redis-warden, from $deb"
    elif ((install_packages)) && apt_install redis-warden; then
        changed "redis-warden"
    else
        die "redis-warden is not installed: give its package with --deb FILE"
    fi
}

user() {
    if getent passwd "$USER_NAME" >/dev/null; then
        [[ $(id -u "$USER_NAME") != 0 ]] || die "--deploy-user: $USER_NAME is root, which no site should run as"
        kept "user $USER_NAME"
    else
        useradd --create-home --shell /bin/bash --user-group "$USER_NAME"
        changed "user $USER_NAME"
    fi
}

directories() {
    local owner name
    owner=$(stat -c %U "$SITE_HOME" 2>/dev/null || echo "$USER_NAME")
    [[ $owner != root ]] || owner=$(stat -c %U "$SITE_HOME/app" 2>/dev/null || echo "$USER_NAME")
    [[ $owner == "$USER_NAME" || $owner == root ]] || die "$SITE_HOME belongs to $owner: the site $SLUG is another user's"
    directory /srv/sum root 0755
    # Root's first: from then on nothing in it can be replaced by a link, behind which is another's .env, or a place for
    # what root writes.
    directory "$SITE_HOME" root 0755
    for name in app venv static media; do directory "$SITE_HOME/$name" "$USER_NAME" 0755; done
    directory "$SITE_HOME/backups" root 0700
    directory /var/lib/sum root 0755
    directory "$STATE" root 0755
    directory /var/log/sum root 0755
    directory "/var/log/sum/$SLUG" "$USER_NAME" 0750
}

# pip comes last: without it, whoever made it was killed.
virtual_environment() {
    if [[ -x $SITE_HOME/venv/bin/python && -x $SITE_HOME/venv/bin/pip ]]; then
        kept "$SITE_HOME/venv"
        return
    fi
    as "$USER_NAME" python3 -m venv ${system_site_packages:+--system-site-packages} "$SITE_HOME/venv" >&2 ||
        die "python3 -m venv could not make $SITE_HOME/venv"
    changed "$SITE_HOME/venv"
}

repository() {
    local owner
    if [[ -z $repo || -d $SITE_HOME/app/.git ]]; then
        [[ ! -d $SITE_HOME/app/.git ]] || kept "$SITE_HOME/app"
        return
    fi
    rm -rf "$SITE_HOME/app.partial"
    install -d -o "$USER_NAME" -g "$USER_NAME" -m 0755 "$SITE_HOME/app.partial"
    as "$USER_NAME" git clone -q "$repo" "$SITE_HOME/app.partial" >&2 || {
        owner=$(stat -c %U "$repo" 2>/dev/null) || owner=$USER_NAME
        [[ $owner == "$USER_NAME" ]] ||
            die "git could not clone $repo, which is $owner's and not $USER_NAME's: sudo chown -R $USER_NAME: $repo, or --deploy-user $owner"
        die "git could not clone $repo"
    }
    rmdir "$SITE_HOME/app" || die "$SITE_HOME/app holds files and is no checkout: move them away"
    mv -T "$SITE_HOME/app.partial" "$SITE_HOME/app"
    changed "$SITE_HOME/app, from $repo"
}

# What gunicorn and celery would not find there stops here, and not at the first deploy.
project() {
    local module=${SITE[PROJECT_MODULE]} app=$SITE_HOME/app found settings
    [[ -n $(ls -A "$app") ]] || return 0
    if [[ ! -e $app/${module//.//}/wsgi.py && ! -e $app/${module//.//}/wsgi/__init__.py ]]; then
        found=$(cd "$app" && find . -name node_modules -prune -o -path '*/*/wsgi.py' -printf '%h\n' | sed 's|^\./||; s|/|.|g' | sort | paste -sd ' ')
        die "--project-module: there is no ${module//.//}/wsgi.py in $app; there ${found:+are: }${found:-is none at all}"
    fi
    settings=$([[ ! -f $ENV_FILE ]] || setting "$ENV_FILE" DJANGO_SETTINGS_MODULE)
    [[ -z $settings || ${settings%%.*} == "${module%%.*}" ]] ||
        say "warning: DJANGO_SETTINGS_MODULE in $ENV_FILE is $settings, and --project-module is $module: is one of them another site's?"
}

random() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

# What a role of provisioning's own is marked with; only a superuser can, or one who may make roles.
mark() { echo "of the site $SLUG, made by provision_vps.sh"; }

# role_is_ours ROLE : or is there none yet? Another application's keeps its password. A .env by which somebody logs in as it
# shows as well whose it is: no role was marked by earlier versions.
role_is_ours() {
    local found
    found=$(psql -d postgres <<<"SELECT 'there ' || coalesce(shobj_description(oid, 'pg_authid'), '') FROM pg_roles WHERE rolname = '$1'") ||
        die "Postgres does not answer; what it said stands above: sudo systemctl status postgresql"
    [[ -n $found && $found != "there $(mark)" ]] || return 0
    [[ -f $ENV_FILE ]] && (database_of "$ENV_FILE") 2>/dev/null && database_of "$ENV_FILE" && [[ $ROLE == "$1" ]] &&
        [[ $(as_role psql -qAtX --dbname="$DATABASE" <<<'SELECT 1' 2>/dev/null) == 1 ]] || return
    psql -d postgres <<<"COMMENT ON ROLE \"$1\" IS '$(mark)'"
    changed "Postgres role $1 is marked as the site's"
}

# The password and the file are new together: an interrupted run leaves neither, or both.
environment() {
    local file=$ENV_FILE role=${SLUG//-/_} text password name
    [[ ! -L $file ]] || die "$file is a symbolic link"
    if [[ -f $file ]]; then
        [[ $(stat -c '%U %a' "$file") == "$USER_NAME 600" ]] || {
            chown -h "$USER_NAME:" "$file"
            as "$USER_NAME" chmod 0600 "$file"
            changed "$file is $USER_NAME's alone"
        }
        database_there "$role" ||
            die "$file is there and its database $role is not: restore it, or move $file away for a new one"
        role_is_ours "$role" || say "warning: the Postgres role $role is not the one that $file logs in as"
        kept "$file"
        return
    fi
    role_is_ours "$role" ||
        die "Postgres has a role $role already, which is not known to be this site's: take another --site-slug, or, where it is: sudo -u postgres psql -c \"COMMENT ON ROLE \\\"$role\\\" IS '$(mark)'\""
    if database_there "$role" && [[ $(owner_of "$role") != "$role" ]]; then
        die "Postgres has a database $role already, of $(owner_of "$role"): take another --site-slug"
    fi
    server ||
        die "Redis on $REDIS_PLACE answers PING with: ${ANSWER:-nothing}; a password was looked for in /etc/redis-warden/main.password and $SERVER_CONF: sudo redis-warden check --only ping,auth"
    [[ $REDIS_PLACE != /* ]] || as "$USER_NAME" test -w "$REDIS_PLACE" ||
        die "Redis listens on $REDIS_PLACE alone, where $USER_NAME may not connect: $(socket_remedy "$REDIS_PLACE" "$USER_NAME")"
    free_database
    password=$(random 24)
    text=$(render "$(templates "$HERE" | grep '/site.env.example$')")
    psql -d postgres >&2 <<SQL || die "Postgres could not make the role and database $role; what it said stands above"
BEGIN;
DO \$\$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$role') THEN CREATE ROLE "$role" LOGIN; END IF;
END \$\$;
ALTER ROLE "$role" PASSWORD '$password';
COMMENT ON ROLE "$role" IS '$(mark)';
COMMIT;
SELECT 'CREATE DATABASE "$role" OWNER "$role"' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '$role') \gexec
SQL
    changed "Postgres role and database $role"
    # By the shell itself: a secret is no argument of a command.
    text=${text/DJANGO_SECRET_KEY=/"DJANGO_SECRET_KEY=$(random 32)"}
    text=${text/DATABASE_URL=/"DATABASE_URL=postgres://$role:$password@127.0.0.1:5432/$role"}
    for name in REDIS_URL CELERY_BROKER_URL CELERY_RESULT_BACKEND; do
        text=${text/"$name=redis://127.0.0.1:6379/0"/"$name=$(server_url "$name" "$NUMBER")"}
    done
    content "$file" 0600 "$USER_NAME" <<<"$text"
    changed "$file, with secrets of its own (database $NUMBER of Redis)"
}

units() {
    local template name text names=() reload=0 enabled=("sum-$SLUG-gunicorn.socket" "sum-$SLUG-gunicorn.service" "sum-$SLUG-celery.service")
    while read -r template; do
        name=$(rendered_name "$template")
        names+=("$name")
        text=$(render "$template")
        if content "/etc/systemd/system/$name" <<<"$text"; then
            changed "/etc/systemd/system/$name"
        else
            kept "/etc/systemd/system/$name"
        fi
    done < <(templates "$HERE" | grep -E '\.(service|socket|timer)\.template$')
    # Also what an interrupted run has written.
    [[ $(systemctl show -P NeedDaemonReload "${names[@]}") != *yes* ]] || reload=1
    ((!reload)) || systemctl daemon-reload
    ((!celery_beat)) || enabled+=("sum-$SLUG-celery-beat.service")
    for name in "${enabled[@]}"; do
        if [[ $(systemctl is-enabled "$name" 2>/dev/null) == enabled ]]; then
            kept "$name is enabled"
        else
            systemctl enable -q "$name"
            changed "$name is enabled"
        fi
    done
}

# What the timer will start is tried at once: a host where no backup can be made, or none restored, is not ready.
backups() {
    local timer=sum-$SLUG-backup.timer cause
    if systemctl is-active -q "$timer" && systemctl is-enabled -q "$timer"; then
        kept "$timer is enabled and runs"
    else
        systemctl enable -q --now "$timer"
        changed "$timer is enabled and runs"
    fi
    if grep -qs '^backed_up_at=' "/var/lib/sum/$SLUG/backup"; then
        kept "a backup"
        return
    fi
    systemctl start "sum-$SLUG-backup.service" || {
        cause=$(sed -n 's/^failure=//p' "/var/lib/sum/$SLUG/backup" 2>/dev/null) || true
        die "the first backup failed: ${cause:-of unknown cause}; see: sudo journalctl -u sum-$SLUG-backup -n 50"
    }
    changed "the first backup"
}

site_in_caddy() {
    local file=/etc/caddy/sites/$SLUG.caddy main=/etc/caddy/Caddyfile taken=$STATE/caddy text before
    [[ -n ${SITE[DOMAIN]:-} ]] || return 0
    [[ -d /etc/caddy/sites ]] || install -d -m 0755 /etc/caddy/sites
    before=$(mktemp -d)
    cp -p "$main" "$before/Caddyfile"
    [[ ! -f $file ]] || cp -p "$file" "$before/site"
    text=$(render "$(templates "$HERE" | grep '\.caddy\.template$')")
    if content "$file" <<<"$text"; then rm -f "$taken"; fi
    if ! grep -qxF 'import sites/*.caddy' "$main"; then
        printf '\nimport sites/*.caddy\n' >>"$main"
        rm -f "$taken"
    fi
    if ! as caddy caddy validate --config "$main" --adapter caddyfile >/run/caddy-validate.log 2>&1; then
        cp -p "$before/Caddyfile" "$main"
        if [[ -f $before/site ]]; then cp -p "$before/site" "$file"; else rm -f "$file"; fi
        die "Caddy refuses $file, and everything is as it was: $(tail -n 1 /run/caddy-validate.log)"
    fi
    rm -r "$before"
    # Not where an interrupted run has written it and Caddy does not know.
    if [[ -f $taken ]]; then
        kept "$file"
    else
        systemctl enable -q --now caddy
        systemctl reload caddy
        touch "$taken"
        changed "$file"
    fi
}

# redis-warden asks the site as people do, or at its socket; a file of its own, as what a person configures is a person's.
site_in_redis_warden() {
    local directory=/etc/redis-warden/conf.d door="socket = \"/run/sum-$SLUG-gunicorn.sock\""
    local file=$directory/sum-$SLUG.toml again=0 text
    [[ -z ${SITE[DOMAIN]:-} ]] || door="domain = \"${SITE[DOMAIN]}\""
    [[ -d $directory ]] || install -d -o root -g redis-warden -m 0750 "$directory"
    printf -v text '[[site]]\nname = "%s"\n%s' "$SLUG" "$door"
    if content "$file" 0640 <<<"$text"; then again=1; fi
    # An earlier run may have been interrupted before redis-warden could read it, or was told of it.
    if [[ $(stat -c %G "$file") != redis-warden ]]; then again=1; fi
    if [[ $(curl -s -o /dev/null -w '%{http_code}' "localhost:9180/health/$SLUG/health") == 404 ]]; then again=1; fi
    if ((!again)); then
        kept "$file"
        return
    fi
    chgrp redis-warden "$file"
    systemctl try-reload-or-restart redis-warden ||
        die "redis-warden does not take its configuration: sudo redis-warden config; sudo journalctl -u redis-warden -n 50"
    changed "$file"
}

redis_runs() {
    if [[ $(systemctl is-enabled redis-server 2>/dev/null) == enabled && $(systemctl is-active redis-server) == active ]]; then
        kept "redis-server is enabled and runs"
    else
        systemctl enable -q --now redis-server ||
            die "Redis could not be started: sudo systemctl status redis-server; sudo journalctl -u redis-server -n 50"
        changed "redis-server is enabled and runs"
    fi
}

redis_is_proven() {
    local code=0
    settings
    redis-warden check --wait 30s --env-file "$ENV_FILE" "$(required "$SLUG")" >/run/redis-check.log || code=$?
    ((code)) || return 0
    ((code != 78)) || die "redis-warden's configuration is bad, and says above where: mend it, then run this again"
    cat /run/redis-check.log >&2
    die "Redis is not fit for the site; what is wrong and what mends it stands above, then run this again"
}

# As redis-warden.toml wishes them, which without a word of it means: bounded in memory, and no queued task is lost.
settings() {
    local code=0
    redis-warden plan --settings >/run/redis-plan.log 2>&1 || code=$?
    if ((!code)); then
        kept "Redis and the kernel are set as /etc/redis-warden/redis-warden.toml wishes"
    elif ((code == 3)) && redis-warden apply --settings >/run/redis-plan.log 2>&1; then
        changed "Redis and the kernel are set as /etc/redis-warden/redis-warden.toml wishes"
    else
        cat /run/redis-plan.log >&2
        die "Redis or the kernel could not be set; why stands above, and sudo redis-warden plan shows what is left"
    fi
}

install_packages=0 deb='' repo='' system_site_packages='' celery_beat=0 use_firewall=0
while (($#)); do
    case $1 in
        --site-slug | --deploy-user | --project-module | --domain) needs_value "$@" && set_name "$1" "$2" && shift ;;
        --repo) needs_value "$@" && repo=$2 && shift ;;
        --deb) needs_value "$@" && deb=$2 && shift ;;
        --install-packages) install_packages=1 ;;
        --system-site-packages) system_site_packages=1 ;;
        --celery-beat) celery_beat=1 ;;
        --firewall) use_firewall=1 ;;
        -h | --help) usage && exit ;;
        *) misuse "unknown argument $1" ;;
    esac
    shift
done
need_names --site-slug --deploy-user
# Its role and database would be Postgres' own.
[[ ! ${SITE[SITE_SLUG]} =~ ^(postgres|template[01]|public|none|pg-.*)$ ]] || misuse "--site-slug: ${SITE[SITE_SLUG]} is a name of Postgres' own"
[[ -z $deb || -f $deb ]] || misuse "--deb: no such file: $deb"
[[ -z $deb ]] || deb=$(readlink -f "$deb")
((EUID == 0)) || die "must run as root: sudo $0"
[[ -d /run/systemd/system ]] || die "systemd does not run here"
[[ -f /etc/debian_version ]] || die "this is not Debian, nor made of it"

SLUG=${SITE[SITE_SLUG]} USER_NAME=${SITE[DEPLOY_USER]}
SITE_HOME=/srv/sum/$SLUG STATE=/var/lib/sum/$SLUG ENV_FILE=/srv/sum/$SLUG/.env
[[ -n ${SITE[PROJECT_MODULE]:-} ]] || set_name --project-module "${SLUG//-/_}"

cd / # which every user may enter
lock_file /var/lib/sum/lock-provision
flock "$LOCK" # two at a time would give two sites one database
packages
((!use_firewall)) || way_in
redis_warden
user
directories
virtual_environment
repository
project
redis_runs
if [[ -z ${SITE[DOMAIN]:-} ]]; then
    SITE[DOMAIN]=localhost
    environment
    units
    unset 'SITE[DOMAIN]'
else
    environment
    units
fi
site_in_caddy
site_in_redis_warden
((!use_firewall)) || firewall
redis_is_proven
backups
if ((CHANGED)); then
    say "$CHANGED changed; next: sudo $HERE/deploy.sh --site-slug $SLUG"
else
    say "nothing was to be changed"
fi
