# shellcheck shell=bash
# The Redis of this host itself, as its redis.conf says where it is, before a site's .env names it.

# shellcheck source-path=SCRIPTDIR source=redis.sh
source "$(dirname "${BASH_SOURCE[0]}")/redis.sh"

SERVER_CONF=/etc/redis/redis.conf

# written NAME : its value in redis.conf, without quotes; what that file includes is not looked at.
written() { sed -nE "s/^[[:space:]]*$1[[:space:]]+//Ip" "$SERVER_CONF" 2>/dev/null | tail -n 1 | sed -E 's/[[:space:]]+$//; s/^"(.*)"$/\1/; s/^'\''(.*)'\''$/\1/'; }

# server : from now on redis_cli asks this one, as redis_url sets it, with the first password that it takes: none, the one
# that rotate-password has left, the one of redis.conf. Fails where it takes none of them, or does not answer, and sets
# ANSWER to what it said.
server() {
    local port socket bind
    port=$(written port) socket=$(written unixsocket) bind=$(written bind)
    REDIS_USER='' REDIS_NUMBER=0
    if [[ $port == 0 && -n $socket ]]; then
        [[ $socket == /* ]] || socket=$(written dir)/$socket
        REDIS_PLACE=$socket REDIS_OPTIONS=(-s "$socket")
    else
        REDIS_PLACE=127.0.0.1:${port:-6379}
        # Where ::1 alone is bound.
        if [[ $bind == *::1* && ! $bind =~ (^|[[:space:]])-?(127\.|\*|0\.0\.0\.0|localhost) ]]; then
            REDIS_PLACE="[::1]:${port:-6379}"
        fi
        REDIS_OPTIONS=(-h "$(tr -d '[]' <<<"${REDIS_PLACE%:*}")" -p "${REDIS_PLACE##*:}")
    fi
    for REDIS_PASSWORD in '' "$(cat /etc/redis-warden/main.password 2>/dev/null || true)" "$(written requirepass)"; do
        ANSWER=$(REDIS_LIMIT=10 redis_cli PING 2>&1 | grep -v '^AUTH failed' | sed -n 1p) || true
        # To who may ask it answers so as well: that it loads its data, that it takes no writes.
        case $ANSWER in PONG | LOADING* | MISCONF* | BUSY*) return ;; esac
    done
    return 1
}

# server_url NAME NUMBER : what NAME is set to in a .env for that database of it. Its library reads a socket's URL in its
# own way: redis-py's is unix://, kombu's redis+socket://.
server_url() {
    local password=''
    [[ -z $REDIS_PASSWORD ]] || password=default:$(encoded "$REDIS_PASSWORD")@
    if [[ $REDIS_PLACE != /* ]]; then
        echo "redis://$password$REDIS_PLACE/$2"
    elif [[ $1 == REDIS_URL ]]; then
        echo "unix://$password$REDIS_PLACE?db=$2"
    else
        echo "redis+socket://$password$REDIS_PLACE?virtual_host=$2"
    fi
}

# The lowest number that no other site's .env has, and that this server has too. Sets NUMBER; after server().
free_database() {
    local file name used databases
    used=$(for file in /srv/sum/*/.env; do
        for name in REDIS_URL CELERY_BROKER_URL CELERY_RESULT_BACKEND; do
            [[ ! -f $file ]] || ! redis_url "$file" "$name" || echo "$REDIS_NUMBER"
        done
    done)
    NUMBER=0
    while grep -qx "$NUMBER" <<<"$used"; do NUMBER=$((NUMBER + 1)); done
    databases=$(redis_cli CONFIG GET databases 2>/dev/null | sed -n 2p) || true
    [[ ! $databases =~ ^[0-9]+$ || $NUMBER -lt $databases ]] ||
        die "Redis has $databases databases, and each has a site: sudoedit $SERVER_CONF # databases 64; then restart it"
}

# encoded TEXT : for a URL.
encoded() {
    local LC_ALL=C text=$1 i
    for ((i = 0; i < ${#text}; i++)); do
        case ${text:i:1} in
            [A-Za-z0-9._~-]) printf %s "${text:i:1}" ;;
            *) printf '%%%02X' "'${text:i:1}" ;;
        esac
    done
}
