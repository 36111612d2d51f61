#!/bin/sh
# Starts Redis with the password of the secret, which no argument, environment or file shows: users.acl has its hash.
set -eu
umask 077

acl=/data/users.acl
mark=/data/users.acl.version
private=/run/redis-service
secret=$(ls /run/secrets/redis_password_v*)
version=${secret##*_v}

hash() { sha256sum | cut -d ' ' -f 1; }

# A password that was changed at run time (rotate_password.yml) is newer than the secret that this container was started
# with and stays; a newer secret replaces whatever was accepted before.
if [ ! -s "$acl" ] || [ "$version" -gt "$(cat "$mark" 2>/dev/null || echo 0)" ]; then
    echo "user default on #$(tr -d '\n' <"$secret" | hash) ~* &* +@all" >"$acl.new"
    mv "$acl.new" "$acl"
    echo "$version" >"$mark"
fi

# The health check has a user of its own, with a password that lives as long as this container.
head -c 32 /dev/urandom | hash >"$private/health"
{
    grep -v '^user health ' "$acl"
    echo "user health on #$(tr -d '\n' <"$private/health" | hash) resetkeys -@all +ping"
} >"$acl.new"
mv "$acl.new" "$acl"

exec redis-server /etc/redis-service/redis.conf
