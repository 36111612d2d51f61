#!/bin/sh
# Asks Redis in its container: the password is the first line of standard input, the commands are the others.
IFS= read -r REDISCLI_AUTH
export REDISCLI_AUTH
exec redis-cli --no-auth-warning "$@"
