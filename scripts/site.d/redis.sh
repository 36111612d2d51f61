# shellcheck shell=bash
# A site's Redis, as its .env names it. Its password goes by the environment: no argument has it, and no line of output.

# setting FILE NAME : its value in a .env.
setting() { sed -n "s/^$2=//p" "$1" | tail -n 1 | tr -d "\"'"; }

# As in a URL: %2F is a slash.
decoded() { printf '%b' "$(sed -E 's/\\/\\\\/g; s/%([0-9A-Fa-f]{2})/\\x\1/g' <<<"$1")"; }

# redis_url FILE NAME : from now on the Redis is asked that this URL leads to. Sets REDIS_PLACE, HOST:PORT or the path of
# a socket, and REDIS_NUMBER, its database. Fails where it is no URL that redis-cli could be asked with.
redis_url() {
    local url user
    url=$(setting "$1" "$2")
    if [[ $url =~ ^redis://(([^:@/]*):?([^@]*)@)?([^:/@]+)(:([0-9]+))?(/([0-9]*))?$ ]]; then
        user=${BASH_REMATCH[2]} REDIS_PASSWORD=${BASH_REMATCH[3]}
        REDIS_PLACE=${BASH_REMATCH[4]/#localhost/127.0.0.1}:${BASH_REMATCH[6]:-6379} REDIS_NUMBER=${BASH_REMATCH[8]:-0}
        REDIS_OPTIONS=(-h "${REDIS_PLACE%:*}" -p "${REDIS_PLACE##*:}")
    elif [[ $url =~ ^(unix|redis\+socket)://(([^:@/]*):?([^@]*)@)?(/[^?]+)(\?(db|virtual_host)=([0-9]+))?$ ]]; then
        user=${BASH_REMATCH[3]} REDIS_PASSWORD=${BASH_REMATCH[4]}
        REDIS_PLACE=${BASH_REMATCH[5]} REDIS_NUMBER=${BASH_REMATCH[8]:-0}
        REDIS_OPTIONS=(-s "$REDIS_PLACE")
    else
        return 1
    fi
    REDIS_PASSWORD=$(decoded "$REDIS_PASSWORD") REDIS_USER=$(decoded "$user")
    [[ -z $REDIS_USER ]] || REDIS_OPTIONS+=(--user "$REDIS_USER")
}

# redis_cli [OPTION…] [COMMAND…] : of the site's database; without a command, those of standard input.
redis_cli() {
    [[ -z $REDIS_PASSWORD ]] || local -x REDISCLI_AUTH=$REDIS_PASSWORD
    timeout "${REDIS_LIMIT:-60}" redis-cli "${REDIS_OPTIONS[@]}" -n "$REDIS_NUMBER" "$@"
}

# redis_pong FILE : does the Redis of a .env answer? Fails, saying on standard output why. The exit code of redis-cli is
# 0 for NOAUTH and MISCONF too: only PONG is an answer.
redis_pong() {
    local answer
    redis_url "$1" REDIS_URL || {
        echo "REDIS_URL in $1 is no redis:// URL that redis-cli could be asked with"
        return 1
    }
    answer=$(REDIS_LIMIT=10 redis_cli PING 2>&1 | sed -n 1p) || true
    [[ $answer == PONG ]] || {
        echo "PING was answered with: ${answer:-nothing}"
        return 1
    }
}

# asked COMMAND… : its answer; an error is the end.
asked() {
    local answer
    answer=$(redis_cli -e "$@" 2>&1) || die "Redis on $REDIS_PLACE answers $1 with: ${answer:-nothing}"
    printf '%s\n' "$answer"
}

# info SECTION FIELD : empty where this server has no such field.
info() { asked INFO "$1" | tr -d '\r' | sed -n "s/^$2://p"; }

# config NAME
config() { asked CONFIG GET "$1" | sed -n 2p; }

# redis_numbers FILE : NAME and number a line, for each of the site's URLs that leads to the Redis of its REDIS_URL.
redis_numbers() {
    local name place
    for name in REDIS_URL CELERY_BROKER_URL CELERY_RESULT_BACKEND; do
        redis_url "$1" "$name" || continue
        [[ -n ${place:-} ]] || place=$REDIS_PLACE
        if [[ $REDIS_PLACE == "$place" ]]; then
            echo "$name $REDIS_NUMBER"
        else
            say "warning: $name leads to $REDIS_PLACE, of which nothing is backed up or restored"
        fi
    done
    redis_url "$1" REDIS_URL
}
