# shellcheck shell=bash
# What a lab asks of the machine it runs on: packages, process identity, a place for its control group.

# shellcheck source-path=SCRIPTDIR source=../say.sh
source "$(dirname "${BASH_SOURCE[0]}")/../say.sh"

# need PACKAGE… : installs what is missing, and only that.
need() {
    local package missing=()
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    say "installing ${missing[*]} with apt …"
    local log
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    {
        apt-get -q update || true # an unrelated broken source must not stop us; the install says whether it matters
        apt-get -qy -o DPkg::Lock::Timeout=300 install --no-install-recommends "${missing[@]}"
    } >"$log" 2>&1 </dev/null || {
        tail -n 20 "$log" >&2
        die "apt could not install ${missing[*]} (whole log: $log)"
    }
    rm -f "$log"
}

# A process is a pid and the instant it started: pids are reused, the pair is not. Sets START. (No forks: exec is to be fast.)
start_time() {
    local stat
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    read -r -a stat <<<"${stat##*) }"
    START=${stat[19]}
    [[ ${stat[0]} != Z ]]
}

# remember PID FILE
remember() { start_time "$1" && echo "$1 $START" >"$2"; }

# alive FILE : is the process that FILE remembers still the same one? Sets PID.
alive() {
    local start
    { read -r PID start <"$1"; } 2>/dev/null && start_time "$PID" && [[ $START == "$start" ]]
}

# until_true SECONDS COMMAND… : polls, for states that nothing announces.
until_true() {
    local deadline=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000))
    shift
    until "$@"; do
        ((${EPOCHREALTIME/[.,]/} < deadline)) || return 1
        sleep 0.02
    done
}

# Where the unified (v2) hierarchy is mounted; on hybrid hosts it carries no controllers but systemd needs none.
cgroup_root() {
    local dir
    for dir in /sys/fs/cgroup /sys/fs/cgroup/unified; do
        [[ $(stat -f -c %T "$dir" 2>/dev/null) == cgroup2fs ]] && echo "$dir" && return
    done
    die "no cgroup v2 hierarchy is mounted at /sys/fs/cgroup; in a container, run it with --privileged --cgroupns=private"
}

# remove_cgroup DIR : with all below, also where nspawn mirrors it into name=systemd on hybrid hosts.
remove_cgroup() {
    local dir
    for dir in "$1" "${1/unified/systemd}"; do
        [[ ! -d $dir ]] || find "$dir" -depth -type d -exec rmdir {} + 2>/dev/null || true
    done
}

# locked DIRECTORY : one command at a time makes or unmakes what is kept there; waiting and executing need no lock.
locked() {
    mkdir -p "$1"
    exec 9<"$1"
    flock 9
}

unlocked() { exec 9<&-; }
