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
    if [[ $url =~ ^redis://(([^:@/]*):?([^@]*)@)?(\[[0-9A-Fa-f:]+\]|[^:/@]+)(:([0-9]+))?(/([0-9]*))?$ ]]; then
        user=${BASH_REMATCH[2]} REDIS_PASSWORD=${BASH_REMATCH[3]}
        REDIS_PLACE=${BASH_REMATCH[4]/#localhost/127.0.0.1}:${BASH_REMATCH[6]:-6379} REDIS_NUMBER=${BASH_REMATCH[8]:-0}
        REDIS_OPTIONS=(-h "$(tr -d '[]' <<<"${REDIS_PLACE%:*}")" -p "${REDIS_PLACE##*:}")
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

# redis_pong FILE [NAME] : does the Redis of a .env answer? Fails, saying on standard output why. The exit code of redis-cli is
# 0 for NOAUTH and MISCONF too: only PONG is an answer.
redis_pong() {
    local answer
    redis_url "$1" "${2:-REDIS_URL}" || {
        echo "${2:-REDIS_URL} in $1 is no redis:// URL that redis-cli could be asked with"
        return 1
    }
    answer=$(REDIS_LIMIT=10 redis_cli PING 2>&1 | sed -n 1p) || true
    [[ $answer == PONG ]] || {
        echo "PING was answered with: ${answer:-nothing}${2:+ ($2)}"
        return 1
    }
}

# fitness FILE [OPTION…] : is the Redis of a .env fit for its site, as redis-warden proves it? Fails, saying on standard output in
# one line why not, and what mends it; what stands on standard error is for who looks on.
fitness() {
    local table code=0
    table=$(redis-warden check --env-file "$@") || code=$?
    case $code in
        0)
            sockets_open "$1"
            return
            ;;
        1 | 2)
            awk '/^[A-Za-z]/ && match($0, /  +(unhealthy|unknown) +/) {
                line = substr($0, 1, RSTART - 1) ": " substr($0, RSTART + RLENGTH)
                if (getline && sub(/^ *mend with/, "; mend with")) line = line $0
                print line; exit
            }' <<<"$table"
            ;;
        78) echo "nothing is known of it, as redis-warden's configuration is bad; mend with: sudo redis-warden config" ;;
        *) echo "redis-warden could not check it (exit code $code)" ;;
    esac
    return "$code"
}

# sockets_open FILE : root can connect to any; may the site's user, whose file it is? Fails, saying why not.
sockets_open() {
    local name user
    user=$(stat -c %U "$1")
    for name in REDIS_URL CELERY_BROKER_URL CELERY_RESULT_BACKEND; do
        if ! redis_url "$1" "$name" || [[ $REDIS_PLACE != /* ]]; then continue; fi
        runuser -u "$user" -- test -w "$REDIS_PLACE" || {
            echo "$name: $user may not connect to $REDIS_PLACE; mend with: $(socket_remedy "$REDIS_PLACE" "$user")"
            return 1
        }
    done
}

# socket_remedy SOCKET USER
socket_remedy() {
    local group mode
    read -r group mode < <(stat -c '%G %a' "$1" 2>/dev/null || echo 'redis 770')
    if ((8#$mode & 8#20)); then
        echo "sudo usermod -aG $group $2"
    else
        echo "sudo usermod -aG $group $2; sudoedit /etc/redis/redis.conf # unixsocketperm 770; sudo systemctl restart redis-server"
    fi
}

# absent CAUSE : does it say that Redis does not answer?
absent() { [[ $1 =~ 'cannot be reached'|'gives no answer in time'|'without an answer'|'answered with: nothing'|'Could not connect' ]]; }

# required SLUG : the options by which a URL that the site cannot do without is missed. Results are stored by who wants them.
required() {
    local names=REDIS_URL
    [[ $(systemctl is-enabled "sum-$1-celery.service" 2>/dev/null) != enabled ]] || names+=,CELERY_BROKER_URL
    echo "--require=$names"
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

# redis_numbers FILE : NAME, number and place a line, for each of the site's URLs that leads to a Redis. One that does, and
# that redis-cli could not be asked with, is the end: what is in there would be left out without a word.
redis_numbers() {
    local name url
    for name in REDIS_URL CELERY_BROKER_URL CELERY_RESULT_BACKEND; do
        if redis_url "$1" "$name"; then
            echo "$name $REDIS_NUMBER $REDIS_PLACE"
        else
            url=$(setting "$1" "$name")
            [[ ! $url =~ ^(rediss?|unix|redis\+socket|sentinel): ]] ||
                die "$name in $1 is a URL that redis-cli could not be asked with here, and its Redis cannot be backed up"
        fi
    done
}

# redis_servers FILE : a line for each Redis that the URLs lead to: the name of the first one that does.
redis_servers() { redis_numbers "$1" | awk '{ name = $1; $1 = $2 = ""; if (!seen[$0]++) print name }'; }

# nth NUMBER : what is added to the names of the files, and of the lines of a manifest, that are of the Redis of that number.
nth() { (($1 == 1)) || echo "-$1"; }
