# shellcheck shell=bash
# One node of a throwaway Swarm: an overlay over the image in namespaces of its own, a control group, and Debian's dockerd
# in it, with the paths that dockerd has by default and none of them this machine's.

SWARMS=${SWARM_STATE:-/var/lib/redis-warden-swarm}

# running DIR : sets LEADER, the pid of the node's init as it is seen from here.
running() {
    alive "$1/supervisor" || return 1
    LEADER=
    { read -r LEADER <"/proc/$PID/task/$PID/children" || true; } 2>/dev/null # it ends without a newline
    [[ -n $LEADER ]]
}

require() { running "$1" || die "no ${1##*/} is running (scripts/swarm up, or start --node ${1##*node})"; }

# make_node DIR NUMBER IMAGE
make_node() {
    local node=$1/node$2
    # Docker keeps its layers on overlays, which cannot stand on one: they go to this machine's own file system.
    mkdir -p "$node"/{root,upper,work,docker}
    echo "$3" >"$node/image"
    plug "$1" "$2"
}

# boot NAME NUMBER : away from this terminal and, where systemd runs, from this login session.
boot() {
    local dir=$SWARMS/$1/node$2 away=()
    rm -f "$dir/supervisor"
    [[ ! -d /run/systemd/system ]] || away=(systemd-run --quiet --scope --collect --slice=machine.slice
        --unit="redis-warden-swarm-$1-$2-$$" --property=Delegate=yes --)
    "${away[@]}" setsid "$SELF" _node --name "$1" --node "$2" </dev/null >>"$dir/console.log" 2>&1 9>&- &
    until_true 10 running "$dir" || die "node$2 did not start: $(tail -n 3 "$dir/console.log")"
}

# await_docker DIR NUMBER
await_docker() {
    until_true 60 enter "$1/node$2" docker info >/dev/null 2>&1 ||
        die "dockerd on node$2 does not answer: $(enter "$1/node$2" tail -n 5 /var/log/dockerd.log)"
}

# supervise_node DIR HOSTNAME : stays as the parent of the node's init; who kills that kills the whole node.
supervise_node() {
    local group
    groups_of "$1" >"$1/groups"
    while read -r group; do
        mkdir -p "$group"
        # A group of cpuset has no processor and no memory until it is told.
        [[ ! -f $group/cpuset.mems ]] || cp "${group%/*}"/cpuset.{cpus,mems} "$group"
        echo $$ >"$group/cgroup.procs"
    done <"$1/groups"
    remember $$ "$1/supervisor"
    # --kill-child: nothing outlives this supervisor either.
    exec nsenter --net="$1/network" unshare --mount --uts --ipc --cgroup --pid --fork --kill-child \
        "$SELF" _init --name "$(basename "${1%/*}")" --node "${1##*node}"
}

# groups_of DIR : in every hierarchy that has controllers a directory of the node's own, whichever layout this machine has.
groups_of() {
    local name
    name=redis-warden-swarm-$(basename "${1%/*}")-${1##*/}
    if [[ $(stat -f -c %T /sys/fs/cgroup) != cgroup2fs ]]; then
        printf '%s\n' /sys/fs/cgroup/{cpu,cpuacct,cpuset,memory,devices,freezer,blkio,pids,systemd}"/$name" |
            while read -r group; do [[ ! -d ${group%/*} ]] || echo "$group"; done
    elif [[ -d /run/systemd/system ]]; then
        echo "/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)" # a scope of its own, delegated
    else
        echo "/sys/fs/cgroup/$name"
    fi
}

# enter_root DIR : as pid 1 of the node, makes its root and goes there.
enter_root() {
    local root=$1/root group image
    image=$(<"$1/image")
    hostname "${1##*/}"
    mount -t overlay redis-warden-swarm -o "lowerdir=$image,upperdir=$1/upper,workdir=$1/work" "$root"
    mkdir -p "$root/var/lib/docker"
    mount --bind "$1/docker" "$root/var/lib/docker"
    mount -t proc proc "$root/proc"
    mount -t sysfs sysfs "$root/sys"
    mount -t tmpfs -o mode=755 tmpfs "$root/run"
    mount --rbind /dev "$root/dev"
    if [[ $(stat -f -c %T /sys/fs/cgroup) == cgroup2fs ]]; then
        mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
        # Processes may live in leaves alone, where controllers are handed down.
        mkdir -p "$root/sys/fs/cgroup/init"
        echo 1 >"$root/sys/fs/cgroup/init/cgroup.procs"
        sed 's/\(^\| \)\([a-z]\)/\1+\2/g' "$root/sys/fs/cgroup/cgroup.controllers" \
            >"$root/sys/fs/cgroup/cgroup.subtree_control"
    else
        mount -t tmpfs -o mode=755 tmpfs "$root/sys/fs/cgroup"
        while read -r group; do
            group=$(basename "${group%/*}")
            mkdir "$root/sys/fs/cgroup/$group"
            [[ $group != systemd ]] || set -- "$1" name=
            mount -t cgroup -o "${2:-}$group" cgroup "$root/sys/fs/cgroup/$group"
        done <"$1/groups"
    fi
    cp "$LIB/node-init" "$root/sbin/node-init"
    mkdir -p "$root/mnt"
    cd "$root" || return
    pivot_root . mnt
    exec chroot . /sbin/node-init
}

# become DIR COMMAND… : goes on as that command on the node of $LEADER; it dies with the nsenter that its caller sees.
become() {
    local group
    while read -r group; do
        [[ ! -d $group/init ]] || group+=/init
        echo "$BASHPID" >"$group/cgroup.procs"
    done <"$1/groups"
    shift
    exec nsenter --target "$LEADER" --all --root --wd -- /usr/bin/setpriv --pdeathsig KILL /usr/bin/env -i HOME=/root \
        USER=root LANG=C.UTF-8 TERM="${TERM:-dumb}" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

# enter DIR COMMAND… : the same, and comes back.
enter() {
    running "$1" || return 1
    (become "$@") </dev/null
}

# cut DIR : the kernel kills all of a pid namespace with its init, containers included.
cut() {
    running "$1" || return 0
    kill -KILL "$LEADER"
    until_true 20 gone "$1" || die "${1##*/} does not die"
}

gone() {
    local group
    ! alive "$1/supervisor" || return 1
    while read -r group; do
        [[ -z $(find "$group" -name cgroup.procs -exec cat {} + 2>/dev/null) ]] || return 1
    done <"$1/groups"
}

# play COMMAND… : goes on as that command on an overlay over the image that is gone with it.
play() {
    local root=/mnt
    mount -t tmpfs tmpfs "$root"
    mkdir "$root"/{root,upper,work}
    # shellcheck disable=SC2153 # image sets it, before this shell
    mount -t overlay play -o "lowerdir=$IMAGE,upperdir=$root/upper,workdir=$root/work" "$root/root"
    root+=/root
    mount --rbind / "$root/mnt"
    mount --rbind /dev "$root/dev"
    mount --rbind /proc "$root/proc"
    exec chroot "$root" env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}
