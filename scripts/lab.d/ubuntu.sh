# shellcheck shell=bash
# Ubuntu's base images: jammy with Redis alone, noble with all that a site needs. A file of its own, so that an edit here
# makes no image of Debian anew. Needs image.sh.

SUITES+=(jammy noble)
UBUNTU_MIRROR=${LAB_UBUNTU_MIRROR:-http://archive.ubuntu.com/ubuntu}

# ubuntu_image SUITE : as image does it for Debian's. Sets IMAGE.
ubuntu_image() {
    local recipe lock
    recipe=$(cat "$LIB/ubuntu.sh" "$LIB/image.sh" "$LIB/ubuntu-archive.key" - <<<"$UBUNTU_MIRROR" | sha256sum)
    IMAGE=$CACHE/$1-${recipe:0:12}
    mkdir -p "$CACHE"
    touch "$IMAGE.used"
    [[ ! -d $IMAGE ]] || return 0
    exec {lock}>"$CACHE/$1.lock"
    flock "$lock"
    [[ -d $IMAGE ]] || build_ubuntu "$1" "$IMAGE"
    exec {lock}>&-
}

build_ubuntu() {
    local suite=$1 target=$2 root=$2.partial log=$CACHE/$1.log started=$SECONDS
    # Where Debian's smallest variant has apt, Ubuntu's has not.
    # shellcheck disable=SC2153 # image.sh has it
    local packages=$PACKAGES,apt,ubuntu-keyring
    [[ $suite != noble ]] || packages+=,$STACK
    need mmdebstrap gpg gpgv
    say "building the $suite image (once, a minute or some; log: $log) …"
    gpg --dearmor <"$LIB/ubuntu-archive.key" >"$target.gpg"
    rm -rf "$root"
    {
        mmdebstrap --mode=root --variant=minbase --include="$packages" --components=main,universe \
            --keyring="$target.gpg" --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
            "$suite" "$root" "$UBUNTU_MIRROR" &&
            echo "deb [signed-by=/usr/share/keyrings/ubuntu-archive-keyring.gpg] $UBUNTU_MIRROR $suite main universe" \
                >"$root/etc/apt/sources.list" && furnish "$suite" "$root"
    } >"$log" 2>&1 </dev/null || {
        tail -n 20 "$log" >&2
        rm -rf "$root"
        die "the $suite image could not be built (whole log: $log)"
    }
    rm -f "$target.gpg"
    mv -T "$root" "$target"
    say "the $suite image is ready ($(du -sh "$target" | cut -f1), $((SECONDS - started)) s)"
    remove_old_images "$suite"
}
