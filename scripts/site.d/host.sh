# shellcheck shell=bash
# What a script does to a host for a site: only what is not so yet, saying for each whether it was changed.

CHANGED=0

kept() { printf 'ok      %s\n' "$*"; }

changed() {
    CHANGED=$((CHANGED + 1))
    printf 'done    %s\n' "$*"
}

# lock SLUG WORK : while this script runs, and what it has begun; where another does that already, exits with 75.
lock() {
    local lock
    exec {lock}>"/run/lock/sum-$1-$2.lock"
    flock -n "$lock" || {
        say "another $2 of $1 is at work"
        exit 75
    }
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

# directory PATH OWNER MODE
directory() {
    if [[ -d $1 && $(stat -c '%U %a' "$1") == "$2 ${3#0}" ]]; then
        kept "$1"
    else
        at_home_of "$1" install -d -o "$2" -g "$2" -m "$3" "$1" || die "$1 could not be made $2's: sudo ls -ld $1"
        changed "$1, of $2, $3"
    fi
}

# content FILE [MODE] : standard input becomes the file, at once or not at all. Fails where it was so already.
content() {
    local code=0
    # shellcheck disable=SC2016 # it is another shell that knows these
    at_home_of "$1" bash -c '
        umask 077
        rm -f "$1.new" && cat >"$1.new" || exit 2
        if cmp -s "$1.new" "$1"; then rm -f "$1.new"; exit 1; fi
        chmod "$2" "$1.new" && mv -fT "$1.new" "$1" || exit 2' content "$1" "${2:-0644}" || code=$?
    ((code < 2)) || die "$1 could not be written"
    return "$code"
}
