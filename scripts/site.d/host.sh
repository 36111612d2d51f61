# shellcheck shell=bash
# What a script does to a host for a site: only what is not so yet, saying for each whether it was changed.

CHANGED=0

kept() { printf 'ok      %s\n' "$*"; }

changed() {
    CHANGED=$((CHANGED + 1))
    printf 'done    %s\n' "$*"
}

# lock_file FILE : opens it, whose directory is root's, and sets LOCK. Nobody else may: who can read a file can lock it.
lock_file() {
    [[ -d ${1%/*} ]] || install -d -m 0755 /var/lib/sum "${1%/*}"
    (umask 077 && : >>"$1") || die "$1 cannot be written: sudo ls -ld $1 ${1%/*}"
    exec {LOCK}>>"$1"
}

# lock SLUG WORK : while this script runs, and what it has begun; where another does that already, exits with 75.
lock() {
    lock_file "/var/lib/sum/$1/lock-$2"
    flock -n "$LOCK" || {
        say "another $2 of $1 is at work"
        exit 75
    }
}

# site_place SLUG : its directory and .env, if no user's link can lead root elsewhere. Sets SITE_HOME, ENV_FILE, STATE and
# USER_NAME, whom the site runs as. One that an earlier version has provisioned belongs to its user until that is mended.
site_place() {
    local owner there
    there=$(sites | paste -sd ' ')
    there=${there:+are: $there}
    # shellcheck disable=SC2034 # STATE is for who calls this
    SITE_HOME=/srv/sum/$1 STATE=/var/lib/sum/$1
    ENV_FILE=$SITE_HOME/.env
    [[ -d $SITE_HOME/app && -f $ENV_FILE ]] ||
        die "there is no site $1 in $SITE_HOME; there ${there:-is none}: sudo $HERE/provision_vps.sh --site-slug $1 …"
    [[ ! -L $ENV_FILE ]] || die "$ENV_FILE is a symbolic link, by which another site's secrets would be used: sudo ls -l $ENV_FILE"
    owner=$(stat -c %U "$SITE_HOME") USER_NAME=$owner
    if [[ $owner == root ]]; then
        USER_NAME=$(stat -c %U "$SITE_HOME/app")
    else
        say "warning: $SITE_HOME is $owner's, who could lead root astray there; provision_vps.sh mends it, run again with the options that it had"
    fi
    [[ $USER_NAME != root ]] || die "$SITE_HOME/app is root's, as which no site should run: sudo chown -R USER: $SITE_HOME/app"
}

# installed PACKAGE
installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get -qy -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install "$@" </dev/null >&2
}

# as USER COMMAND… : with its groups, and nothing of root's environment.
as() {
    local user=$1
    shift
    runuser -u "$user" -- env -i HOME="$(getent passwd "$user" | cut -d: -f6)" PATH="$PATH" LC_ALL=C.UTF-8 "$@"
}

# at_home_of PATH COMMAND… : as the owner of the directory that PATH is in: where a user could lay a link, root follows none.
at_home_of() {
    local owner
    owner=$(stat -c %U "${1%/*}")
    shift
    if [[ $owner == root ]]; then "$@"; else as "$owner" "$@"; fi
}

# directory PATH OWNER MODE : a link is root's, who has put what is there elsewhere, or it is none to be followed.
directory() {
    if [[ -L $1 ]]; then
        [[ $(stat -c %U "$1") == root && $(stat -c %U "${1%/*}") == root && -d $1 ]] ||
            die "$1 is a symbolic link that is not root's, or leads to no directory: sudo ls -l $1"
        kept "$1, a link of root's"
    elif [[ -d $1 && $(stat -c '%U %a' "$1") == "$2 ${3#0}" ]]; then
        kept "$1"
    else
        at_home_of "$1" install -d -o "$2" -g "$2" -m "$3" "$1" || die "$1 could not be made $2's: sudo ls -ld $1"
        changed "$1, of $2, $3"
    fi
}

# content FILE [MODE [OWNER]] : standard input becomes the file, at once or not at all. Fails where it was so already.
content() {
    local code=0
    # shellcheck disable=SC2016 # it is another shell that knows these
    at_home_of "$1" bash -c '
        umask 077
        rm -f "$1.new" && cat >"$1.new" || exit 2
        if cmp -s "$1.new" "$1"; then rm -f "$1.new"; exit 1; fi
        { [[ -z $3 ]] || chown "$3:" "$1.new"; } && chmod "$2" "$1.new" && mv -fT "$1.new" "$1" || exit 2' content "$1" "${2:-0644}" "${3:-}" || code=$?
    ((code < 2)) || die "$1 could not be written"
    return "$code"
}
