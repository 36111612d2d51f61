# shellcheck shell=bash
# Makes a port of the lab's loopback reachable on this machine's: systemd's own socket proxy, started in the lab's network.

# forward NAME PORT HOSTPORT
forward() {
    local file=$STATE/$1/forward-$3 proxy=/lib/systemd/systemd-socket-proxyd
    if alive "$file"; then
        say "127.0.0.1:$3 already reaches port $2 of '$1'"
        return
    fi
    # nsenter changes its own namespace and execs in place, so the proxy finds the listening socket under its own pid.
    setsid systemd-socket-activate -l "127.0.0.1:$3" nsenter --net="$STATE/$1/network" "$proxy" "127.0.0.1:$2" \
        </dev/null >"$file.log" 2>&1 9>&- &
    remember $! "$file"
    until_true 10 listening_or_dead "$file" || true
    alive "$file" || {
        rm -f "$file"
        die "cannot listen on 127.0.0.1:$3: $(tail -n 1 "$file.log") $(ss -Hltnp "sport = :$3" | grep -o 'users:.*' || true)"
    }
    say "127.0.0.1:$3 reaches port $2 of '$1'"
}

listening_or_dead() { grep -q '^Listening on' "$1.log" || ! alive "$1"; }

stop_forwards() {
    local file
    for file in "$STATE/$1"/forward-*; do
        ! alive "$file" || kill "$PID"
    done
}
