# shellcheck shell=bash
# A throwaway Swarm of such nodes: the switch between them, ssh from the first to all, and an image of Redis.

# Of every swarm the same, for none reaches another.
SUBNET=10.83.0

# make_switch DIR
make_switch() {
    touch "$1/switch"
    unshare --net="$1/switch" sh -c 'ip link set lo up && ip link add switch type bridge && ip link set switch up'
}

# plug DIR NUMBER : the node's own network, which outlives its power cuts.
plug() {
    local network=$1/node$2/network
    touch "$network"
    unshare --net="$network" ip link set lo up
    nsenter --net="$1/switch" ip link add "port$2" type veth peer name eth0 netns "$network"
    nsenter --net="$1/switch" ip link set "port$2" master switch up
    nsenter --net="$network" ip address add "$SUBNET.$2/24" dev eth0
    nsenter --net="$network" ip link set eth0 up
}

# form DIR COUNT : one Swarm of them all.
form() {
    local dir=$1 count=$2 number token
    let_in "$dir" "$count"
    enter "$dir/node1" docker swarm init --advertise-addr "$SUBNET.1" >/dev/null
    token=$(enter "$dir/node1" docker swarm join-token --quiet worker)
    for ((number = 1; number <= count; number++)); do
        ((number == 1)) || enter "$dir/node$number" docker swarm join --token "$token" "$SUBNET.1" >/dev/null
        redis_image "$dir/node$number"
    done
}

# let_in DIR COUNT : root on node1 reaches every node by ssh and by its name, as who runs a playbook must.
let_in() {
    local dir=$1 count=$2 number key hosts='127.0.0.1 localhost'
    for ((number = 1; number <= count; number++)); do hosts+=$'\n'"$SUBNET.$number node$number"; done
    key=$(enter "$dir/node1" sh -c 'ssh-keygen -q -t ed25519 -N "" -f /root/.ssh/id_ed25519 && cat /root/.ssh/id_ed25519.pub')
    for ((number = 1; number <= count; number++)); do
        # shellcheck disable=SC2016 # for the node's shell
        enter "$dir/node$number" sh -ec 'echo "$1" >/etc/hosts; mkdir -p -m 700 /root/.ssh
            echo "$2" >>/root/.ssh/authorized_keys; ssh-keygen -q -A; /usr/sbin/sshd' sh "$hosts" "$key"
        enter "$dir/node1" sh -c "ssh-keyscan -t ed25519 node$number >>/root/.ssh/known_hosts 2>/dev/null"
    done
}

# redis_image NODE : no registry is in reach: what the node has, with the user, paths and shell that the official one has.
redis_image() {
    local number
    # shellcheck disable=SC2016 # for the node's shell
    enter "$1" sh -ec '
        root=$(mktemp -d); cd "$root"
        mkdir -p bin etc tmp data usr/local/bin; chmod 1777 tmp; chown 999:1000 data
        cp /bin/busybox bin; chroot . /bin/busybox --install -s /bin
        cp /usr/bin/redis-check-rdb usr/local/bin/redis-server
        for name in redis-check-aof redis-check-rdb; do ln -s redis-server usr/local/bin/$name; done
        cp /usr/bin/redis-cli usr/local/bin
        cat /usr/bin/redis-check-rdb /usr/bin/redis-cli >/dev/null
        ldd /usr/bin/redis-check-rdb /usr/bin/redis-cli | grep -o "/lib[^ ]*" | sort -u | xargs -I{} cp --parents -L {} .
        echo "root:x:0:0:root:/root:/bin/sh
redis:x:999:1000::/home/redis:/bin/false" >etc/passwd
        echo "root:x:0:
redis:x:1000:" >etc/group
        tar -c . | docker import -c "VOLUME /data" -c "WORKDIR /data" -c "CMD [\"redis-server\"]" \
            -c "ENV PATH=/usr/local/bin:/bin" - redis:7.4-alpine >/dev/null
        cd /; rm -r "$root"'
}

# destroy NAME : whatever is there of it, whole or half made.
destroy() {
    local dir=$SWARMS/$1 node group
    [[ -d $dir ]] || return 0
    for node in "$dir"/node*; do
        [[ -d $node ]] || continue
        cut "$node"
        ! mountpoint -q "$node/network" || umount "$node/network"
        [[ ! -f $node/groups ]] || while read -r group; do remove_cgroup "$group"; done <"$node/groups"
    done
    ! mountpoint -q "$dir/switch" || umount "$dir/switch"
    rm -rf --one-file-system "$dir"
    rmdir --ignore-fail-on-non-empty "$SWARMS" 2>/dev/null || true
}
