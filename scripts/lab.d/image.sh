# shellcheck shell=bash
# The base images, one per suite; redis6 is bookworm with the Redis of bullseye, which has no Java 17 to run on, and valkey
# is trixie with Valkey in place of Redis. This file and the keys are the recipe: any edit makes a new image.

CACHE=${LAB_CACHE:-/var/cache/redis-warden-lab}
SUITES=(bookworm trixie redis6 valkey site swarm)
PACKAGES=systemd,systemd-sysv,dbus,redis-server,redis-tools,curl,procps,iproute2
# What provision_vps.sh installs, and a site made of Debian's own packages.
STACK=ca-certificates,git,python3-venv,python3-pip,build-essential,libpq-dev,postgresql,ufw,caddy,sudo
STACK+=,python3-apt,python3-django,python3-redis,python3-psycopg2,gunicorn,celery
# What asks redis-warden, started by the tests that want it.
ASKERS=prometheus,prometheus-alertmanager,prometheus-redis-exporter

# A node of scripts/swarm: Docker, what plays on it, and what an image of Redis is made of.
NODE=docker.io,haproxy,iptables,openssh-server,iproute2,procps,curl,ca-certificates,xz-utils
NODE+=,docker-compose,ansible-core,ansible-lint,python3-docker,python3-jsondiff,redis-tools,busybox-static

# image_path SUITE
image_path() {
    local recipe
    recipe=$(cat "$LIB/image.sh" "$LIB"/*.asc - <<<"${LAB_MIRROR:-}" | sha256sum)
    echo "$CACHE/$1-${recipe:0:12}"
}

# image SUITE : builds it if this recipe has none yet. Sets IMAGE.
# The mark beside an image says when it was last wanted.
image() {
    [[ " ${SUITES[*]} " == *" $1 "* ]] || die "unknown suite '$1' (known: ${SUITES[*]})"
    IMAGE=$(image_path "$1")
    mkdir -p "$CACHE"
    touch "$IMAGE.used"
    [[ ! -d $IMAGE ]] || return 0
    local lock
    exec {lock}>"$CACHE/$1.lock"
    flock -n "$lock" || { say "waiting for another run that builds the $1 image …" && flock "$lock"; }
    [[ -d $IMAGE ]] || build_image "$1" "$IMAGE"
    exec {lock}>&-
}

# mmdebstrap rather than debootstrap: half the time (39 s against 86 s), and it takes security updates from the start.
build_image() {
    local suite=$1 target=$2 root=$2.partial log=$CACHE/$1.log options=() option started=$SECONDS
    local debian=$1 packages=$PACKAGES
    case $suite in
        redis6) debian=bookworm ;;
        valkey) debian=trixie packages=${PACKAGES//redis/valkey} ;;
        site) debian=bookworm packages=$PACKAGES,$STACK,$ASKERS ;;
        swarm) debian=bookworm packages=$NODE ;;
    esac
    need mmdebstrap gpg gpgv
    say "building the $suite image (once, about a minute; log: $log) …"
    for option in Acquire::{http::Proxy,https::Proxy,Check-Valid-Until,Check-Date}; do
        option+=" \"$(apt-config shell v "$option" | sed "s/^v='\(.*\)'$/\1/")\""
        [[ $option == *'""' ]] || options+=(--aptopt="$option")
    done
    # The shipped keys let hosts without Debian's keyring, or with one older than the suite, verify the archive.
    for option in "$LIB"/*.asc /usr/share/keyrings/debian-archive-keyring.gpg; do
        [[ ! -e $option ]] || options+=(--keyring="$option")
    done
    # A lab has no network: recommendations would be looked for in vain.
    options+=(--aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::GzipIndexes "true"')
    options+=(--aptopt='Acquire::Languages "none"')
    # Ubuntu 22.04's mmdebstrap must be told to lay out /usr as Debian now requires; later ones see for themselves.
    [[ -d /usr/share/mmdebstrap/hooks/maybe-merged-usr ]] || options+=(--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr)
    rm -rf "$root"
    {
        mmdebstrap --mode=root --variant=minbase --include="$packages" "${options[@]}" "$debian" "$root" \
            ${LAB_MIRROR:+"$LAB_MIRROR"} && furnish "$suite" "$root"
    } >"$log" 2>&1 </dev/null || {
        tail -n 20 "$log" >&2
        rm -rf "$root"
        die "the $suite image could not be built (whole log: $log)"
    }
    mv -T "$root" "$target"
    say "the $suite image is ready ($(du -sh "$target" | cut -f1), $((SECONDS - started)) s)"
    remove_old_images "$suite"
}

# furnish SUITE ROOT : what a machine has that a bare tree lacks.
furnish() {
    local root=$2 file
    # apt's lists, and the packages that tests install later, since a lab has no network.
    for file in /etc/resolv.conf /etc/hosts; do cp -L "$file" "$root$file"; done
    chroot "$root" apt-get -q update
    [[ $1 != redis6 ]] || bullseye_redis "$root"
    [[ $1 != trixie ]] || chroot "$root" apt-get -qy install --download-only valkey-server valkey-tools
    [[ $1 != site ]] || chroot "$root" systemctl disable ${ASKERS//,/ }
    [[ $1 != swarm ]] || docker_collection "$root"
    : >"$root/etc/resolv.conf"
    # Nobody logs in at the console, and downloads at odd hours could only fail.
    ln -sf /dev/null "$root/etc/systemd/system/console-getty.service"
    rm -f "$root"/etc/systemd/system/timers.target.wants/apt-daily*.timer
    mkdir -p "$root/var/log/journal"
}

# docker_collection ROOT : the one that is used of the hundred in Debian's ansible, which take minutes to install.
docker_collection() {
    local collection=./usr/lib/python3/dist-packages/ansible_collections/community/docker
    # shellcheck disable=SC2016 # for the root's shell
    chroot "$1" sh -ec 'cd /var/cache/apt && apt-get -q download ansible && dpkg-deb --fsys-tarfile ansible_*.deb |
        tar -x -C / "$0" && rm ansible_*.deb' "$collection"
}

# bullseye_redis ROOT : Redis 6.0, with the libraries that it was built against.
bullseye_redis() {
    local root=$1 mirror=${LAB_MIRROR:-http://deb.debian.org/debian}
    echo "deb $mirror bullseye main" >"$root/etc/apt/sources.list.d/bullseye.list"
    printf 'Package: redis-server redis-tools\nPin: release n=bullseye\nPin-Priority: 1001\n' \
        >"$root/etc/apt/preferences.d/redis6"
    chroot "$root" apt-get -q update
    chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get -qy --allow-downgrades \
        -o Dpkg::Options::=--force-confnew install redis-server redis-tools
}

# Images that nobody has wanted for a week (other checkouts may have other recipes) and that no lab stands on.
remove_old_images() {
    local mark
    while read -r mark; do
        grep -qF "${mark%.used}" /proc/mounts || rm -rf "${mark%.used}" "$mark"
    done < <(find "$CACHE" -maxdepth 1 -name "$1-*.used" -mtime +7)
}
