# shellcheck shell=bash
# ufw: ssh, http and https are let in, and nobody is locked out. Needs host.sh.

# ssh_ports : by which an administrator may come in: those of sshd's configuration, those that an ssh server or systemd for
# one listens at, that of the session which runs this. What is forwarded listens on loopback, and is none.
ssh_ports() {
    local process=$$
    {
        sshd -T 2>/dev/null | sed -n 's/^port //p' || true
        ss -Hltnp | awk '/"(sshd|sshd-session|dropbear)"/ && $4 !~ /^(127\.|\[::1\])/ { print $4 }' | sed 's/.*://' || true
        if systemctl is-active -q ssh.socket; then
            systemctl show -P Listen ssh.socket | sed -nE 's/^(.*:)?([0-9]+) \(Stream\)$/\2/p'
        fi
        while [[ $process =~ ^[0-9]+$ ]] && ((process > 1)); do
            tr '\0' '\n' <"/proc/$process/environ" 2>/dev/null | sed -nE 's/^SSH_CONNECTION=.* ([0-9]+)$/\1/p' || true
            process=$(sed -n 's/^PPid:\t*//p' "/proc/$process/status" 2>/dev/null) || true
        done
    } | sort -nu
}

# Nobody is locked out: there must be a way in besides those that everybody has. Said before anything else is done.
way_in() {
    local rules
    rules=$(ufw show added | grep -E '^ufw (allow|limit) ' || true)
    [[ -n $(ssh_ports) || $(ufw status) == 'Status: active'* ]] || grep -qvE ' (80|443)/tcp$|^$' <<<"$rules" ||
        die "no ssh server is found, whose port ufw is to admit before it is enabled: sudo ufw allow 22/tcp, or whatever you come in by, then this again"
}

# What listens on loopback alone stays behind it: 6379 and 9180 are opened for nobody.
firewall() {
    local rule status ssh
    way_in
    status=$(ufw show added)
    ssh=$(ssh_ports | sed 's/$/\/tcp/')
    for rule in $ssh 80/tcp 443/tcp; do
        if grep -qx "ufw allow $rule" <<<"$status"; then
            kept "ufw admits $rule"
        else
            ufw allow "$rule" >/dev/null
            changed "ufw admits $rule"
        fi
    done
    if ufw status | grep -q '^Status: active'; then
        kept "ufw is active"
    else
        ufw --force enable >/dev/null
        changed "ufw is active"
    fi
    ! ufw status | grep -E '^(6379|9180)[/ ].*ALLOW' >&2 || die "ufw admits everyone to Redis or redis-warden: sudo ufw status numbered"
}
