#!/bin/sh
# Healthy is PONG alone: NOAUTH, MISCONF and LOADING are answers too, and none of them serves an application.
REDISCLI_AUTH=$(cat /run/redis-service/health)
export REDISCLI_AUTH
answer=$(redis-cli --user health --no-auth-warning PING 2>&1)
[ "$answer" = PONG ] && exit
echo "$answer"
exit 1
