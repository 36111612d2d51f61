# shellcheck shell=bash
# What a site is: its four names, what they may be, and its templates with them. Sourced by the scripts for sites.

# shellcheck source-path=SCRIPTDIR source=../say.sh
source "$(dirname "${BASH_SOURCE[0]}")/../say.sh"

# By their placeholders: SITE_SLUG, DEPLOY_USER, PROJECT_MODULE, DOMAIN.
declare -A SITE=()

# set_name OPTION VALUE : one of the four, if it cannot break a unit, a path or a URL.
set_name() {
    local rule words most placeholder=${1#--}
    # What a-z is depends on the locale.
    local LC_ALL=C
    case $1 in
        --site-slug)
            rule='^[a-z][a-z0-9]*(-[a-z0-9]+)*$' most=30
            words='lower-case letters and digits, with single dashes between them'
            ;;
        --deploy-user)
            rule='^[a-z_][a-z0-9_-]*$' most=32
            words="a user's name: lower-case letters, digits, _ and -"
            ;;
        --project-module)
            rule='^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$' most=100
            words='the name of a Python package, as mysite or mysite.web'
            ;;
        --domain)
            rule='^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$' most=253
            words='a domain in lower case, without scheme, port and path'
            ;;
    esac
    [[ $2 =~ $rule && ${#2} -le $most ]] || misuse "$1 must be $words, $most characters at most: $(printf '%q' "$2")"
    placeholder=${placeholder//-/_}
    SITE[${placeholder^^}]=$2
}

# need_names OPTION… : they must have been given.
need_names() {
    local option placeholder
    for option in "$@"; do
        placeholder=${option#--} placeholder=${placeholder//-/_}
        [[ -n ${SITE[${placeholder^^}]:-} ]] || misuse "$option is missing"
    done
}

# sites : the slugs of those that this host has, a line each.
sites() {
    local file
    for file in /srv/sum/*/.env; do
        [[ ! -f $file ]] || basename "${file%/.env}"
    done
}

# health SLUG [HOST] [FILE] : the status that the site's /health/ answers with, asked of gunicorn itself, as its first
# allowed host where no other is given; 000 for no answer. The answer's body goes into FILE.
health() {
    local host=${2:-}
    [[ -n $host ]] || host=$(sed -n 's/^DJANGO_ALLOWED_HOSTS=//p' "/srv/sum/$1/.env" | tr -d "\"'" | cut -d, -f1)
    curl -s -m 10 -o "${3:-/dev/null}" -w '%{http_code}' -H "Host: ${host:-localhost}" -H 'X-Forwarded-Proto: https' \
        --unix-socket "/run/sum-$1-gunicorn.sock" http://site/health/ || true
}

# render TEMPLATE : with the site's names, on standard output.
render() {
    local text placeholder
    text=$(<"$1") || die "cannot read the template $1"
    for placeholder in "${!SITE[@]}"; do
        text=${text//"__${placeholder}__"/"${SITE[$placeholder]}"}
    done
    [[ ! $text =~ __[A-Z][A-Z_]*__ ]] || die "$1 has ${BASH_REMATCH[0]}, which has no value"
    printf '%s\n' "$text"
}

# templates DIRECTORY : those of a site; beside DIRECTORY in a checkout, below its parent where the package has put them.
templates() {
    local directory
    for directory in "$1/../systemd/site" "$1/../conf" "$1/../site"; do
        [[ ! -d $directory ]] || find "$directory" -maxdepth 1 \( -name 'sum-site*.template' -o -name site.env.example \)
    done | sort
}

# rendered_name TEMPLATE : of the file that it becomes.
rendered_name() {
    local name=${1##*/}
    case $name in
        *.caddy.template) echo "${SITE[SITE_SLUG]}.caddy" ;;
        site.env.example) echo "${SITE[SITE_SLUG]}.env.example" ;;
        *) name=${name/sum-site/sum-${SITE[SITE_SLUG]}} && echo "${name%.template}" ;;
    esac
}
