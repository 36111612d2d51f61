# shellcheck shell=bash
# What a script does to a host for a site: only what is not so yet, saying for each whether it was changed.

CHANGED=0

kept() { printf 'ok      %s\n' "$*"; }

changed() {
    CHANGED=$((CHANGED + 1))
    printf 'done    %s\n' "$*"
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

# directory PATH OWNER MODE
directory() {
    if [[ -d $1 && $(stat -c '%U %a' "$1") == "$2 ${3#0}" ]]; then
        kept "$1"
    else
        install -d -o "$2" -g "$2" -m "$3" "$1"
        changed "$1, of $2, $3"
    fi
}

# content FILE [MODE] : standard input becomes the file, at once or not at all. Fails where it was so already.
content() {
    local new
    new=$(mktemp "$1.XXXXXX")
    cat >"$new"
    if [[ -f $1 ]] && cmp -s "$new" "$1"; then
        rm -f "$new"
        return 1
    fi
    chmod "${2:-0644}" "$new"
    mv -f "$new" "$1"
}
