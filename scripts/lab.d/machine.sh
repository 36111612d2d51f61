# shellcheck shell=bash
# One lab: an overlay over the image, a network of its own, a control group, and systemd-nspawn kept by a supervisor.

STATE=${LAB_STATE:-/var/lib/redis-warden-lab}
BOOT_TIMEOUT=${LAB_BOOT_TIMEOUT:-90}

# leader NAME : the pid of its init, seen from here. Sets LEADER.
leader() {
    local nspawn_pids init_pids nspawn
    alive "$STATE/$1/supervisor" || return 1
    read -r -a nspawn_pids <"/proc/$PID/task/$PID/children" || true
    for nspawn in "${nspawn_pids[@]}"; do
        { read -r -a init_pids <"/proc/$nspawn/task/$nspawn/children" || true; } 2>/dev/null
        for LEADER in "${init_pids[@]}"; do
            [[ /proc/$LEADER/ns/pid -ef /proc/self/ns/pid || ! -e /proc/$LEADER/ns/pid ]] || return 0
        done
    done
    return 1
}

# make_root DIR IMAGE COPIED : copy-on-write over the image; a plain (where possible reflinked) copy where overlays cannot be stacked.
make_root() {
    local dir=$1 image=$2 copied=$3
    mkdir -p "$dir"/{root,upper,work}
    [[ -z $copied ]] || cp -a --reflink=auto "$copied/upper/." "$dir/upper/"
    mount -t overlay redis-warden-lab -o "lowerdir=$image,upperdir=$dir/upper,workdir=$dir/work" "$dir/root" \
        2>"$dir/overlay.log" || {
        say "no overlay here ($(head -n 1 "$dir/overlay.log")): copying the image …"
        cp -a --reflink=auto "${copied:-$image}${copied:+/root}/." "$dir/root/"
    }
    # Not empty and not missing: either would make systemd treat this as a first boot and reset what is enabled.
    tr -d - </proc/sys/kernel/random/uuid >"$dir/root/etc/machine-id"
    echo "${dir##*/}" >"$dir/root/etc/hostname"
    printf '127.0.0.1 localhost\n127.0.1.1 %s\n::1 localhost\n' "${dir##*/}" >"$dir/root/etc/hosts"
}

# The network outlives reboots, so that forwards do too.
make_network() {
    touch "$1/network"
    unshare --net="$1/network" ip link set lo up
}

# launch NAME : starts the supervisor, away from this terminal and, where systemd runs, from this login session.
launch() {
    local dir=$STATE/$1 away=()
    rm -f "$dir/supervisor"
    [[ ! -d /run/systemd/system ]] || away=(systemd-run --quiet --scope --collect --slice=machine.slice
        --unit="redis-warden-lab-$1-$$" --property=Delegate=yes --)
    "${away[@]}" setsid "$SELF" _supervise --name "$1" </dev/null >>"$dir/console.log" 2>&1 9>&- &
    until_true 10 test -s "$dir/supervisor" || die "the supervisor did not start: $(tail -n 3 "$dir/console.log")"
}

# supervise NAME : runs the machine until it powers off; starts it again when it reboots.
supervise() {
    local dir=$STATE/$1 group status=0
    # A scope of its own is delegated to us; without systemd nobody else manages groups and any free name will do.
    group=$(cgroup_root)/redis-warden-lab-$1
    [[ ! -d /run/systemd/system ]] || group=$(cgroup_root)$(sed -n 's/^0:://p' /proc/self/cgroup)
    echo "$group" >"$dir/cgroup"
    # Processes may only live in leaves: ourselves in one, the machine in the other.
    mkdir -p "$group"/{keeper,machine}
    echo $$ >"$group/keeper/cgroup.procs"
    sed 's/\(^\| \)\([a-z]\)/\1+\2/g' "$group/cgroup.controllers" >"$group/cgroup.subtree_control" || true
    remember $$ "$dir/supervisor"
    while :; do
        (
            echo "$BASHPID" >"$group/machine/cgroup.procs"
            # systemd 257 refuses the hybrid layout, and v2 is what Debian's own machines have.
            SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 exec systemd-nspawn --quiet --boot --directory="$dir/root" \
                --machine="redis-warden-lab-$1" --hostname="$1" --register=no --keep-unit \
                --network-namespace-path="$dir/network" --resolv-conf=off --timezone=off --link-journal=no \
                --rlimit=NOFILE=1024:524288 # systemd's own default; the host's may be lower
        ) && status=0 || status=$?
        ((status == 133)) || break # nspawn's word for "reboot"
    done
    return "$status"
}

# booted NAME OLD_LEADER : has another init than that come far enough to be asked?
booted() { leader "$1" && [[ $LEADER != "$2" && -S /proc/$LEADER/root/run/systemd/private ]]; }

# disk NAME DIRECTORY SIZE : mounted from outside, for a lab may make no device nodes. The kernel frees the loop device
# with the mount, which goes with the lab's processes.
disk() {
    local file=$STATE/$1/disk-$RANDOM loop
    need e2fsprogs util-linux
    truncate -s "$3" "$file"
    mkfs.ext4 -q "$file"
    loop=$(losetup --find --show "$file") || die "no loop device is free here"
    enter "$1" mkdir -p "$2"
    (
        trap 'losetup --detach "$loop"; rm -f "$file"' EXIT
        # It may be there of an earlier disk.
        # shellcheck disable=SC2016 # for the lab's shell
        nsenter --target "$LEADER" --mount sh -c 'test -b "$0" || mknod "$0" b 7 "${0#/dev/loop}"' "$loop"
        nsenter --target "$LEADER" --mount mount -t ext4 "$loop" "$2"
    )
}

# wait_running NAME [OLD_LEADER] : until systemd has finished starting; says how that went.
wait_running() {
    local dir=$STATE/$1 answer started=${EPOCHREALTIME/[.,]/}
    until_true "$BOOT_TIMEOUT" booted "$1" "${2:-}" || {
        tail -n 20 "$dir/console.log" >&2
        die "lab '$1' did not boot within $BOOT_TIMEOUT s (console: $dir/console.log)"
    }
    answer=$(enter "$1" timeout "$BOOT_TIMEOUT" systemctl is-system-running --wait </dev/null) || true
    started=$((${EPOCHREALTIME/[.,]/} - started))
    case $answer in
        running) say "'$1' is running (${started:0:-3} ms after launch)" ;;
        degraded)
            say "'$1' is up but degraded; failed units:"
            enter "$1" systemctl --no-legend --plain --failed >&2 </dev/null || true
            ;;
        *)
            tail -n 20 "$dir/console.log" >&2
            die "lab '$1' is '${answer:-gone}' and not running (console: $dir/console.log)"
            ;;
    esac
}

# become NAME COMMAND… : goes on as that command in the lab of $LEADER: its namespaces, its init's group, a clean
# environment. It dies with the nsenter that its caller sees, so that a caller's time limit leaves nothing running.
become() {
    local group
    read -r group <"$STATE/$1/cgroup"
    echo "$BASHPID" >"$group/machine/payload/init.scope/cgroup.procs"
    shift
    exec nsenter --target "$LEADER" --all --root --wd -- /usr/bin/setpriv --pdeathsig KILL /usr/bin/env -i HOME=/root USER=root LANG=C.UTF-8 \
        TERM="${TERM:-dumb}" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

enter() { (become "$@"); }

# stop NAME : at once and by its control group, which knows every process even when the supervisor has crashed.
stop() {
    local group
    { read -r group <"$STATE/$1/cgroup"; } 2>/dev/null || return 0
    [[ $group == */redis-warden-lab-"$1"* ]] || die "not a lab's control group: '$group' (in $STATE/$1/cgroup)"
    until_true 20 killed "$group" || die "these processes of '$1' do not die: $(ps -o pid=,stat=,args= "${PROCESSES[@]}")"
    remove_cgroup "$group"
}

killed() {
    mapfile -t PROCESSES < <(find "$1" -name cgroup.procs -exec cat {} + 2>/dev/null)
    ((${#PROCESSES[@]} == 0)) || {
        kill -KILL "${PROCESSES[@]}" 2>/dev/null || true
        false
    }
}

# destroy NAME : whatever is there of it, whole or half made.
destroy() {
    local dir=$STATE/$1 mounted
    stop_forwards "$1"
    stop "$1"
    # nspawn cannot tidy up when it is killed.
    rm -f "/run/systemd/nspawn/locks/$(stat -c 'inode-%d:%i' "$dir/root" 2>/dev/null)"
    for mounted in root network; do
        ! mountpoint -q "$dir/$mounted" || umount "$dir/$mounted" || umount --lazy "$dir/$mounted"
    done
    rm -rf --one-file-system "$dir" "/run/systemd/nspawn/propagate/redis-warden-lab-$1"
    rmdir --ignore-fail-on-non-empty "$STATE" 2>/dev/null || true
}
