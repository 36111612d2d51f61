#!/usr/bin/env bash
# Runs a script again and again, killed each time as it is about to do something that it was not killed at before, until
# it comes to its end. What it does is told by its trace. Prints what it was killed at, then what its last run said.
# Usage: killed_at_each_step.sh PATTERN SCRIPT [ARGUMENT…]
set -euo pipefail

pattern=$1
shift
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
touch "$work/seen"
mkfifo "$work/trace"

# step LINE : the command of a trace's line, without what differs from run to run.
step() { sed -E 's/^\++ //; s/\.[A-Za-z0-9]{6,10}\b//g; s/[0-9a-f]{12,}//g' <<<"$1"; }

for ((run = 0; run < 100; run++)); do
    # The trace has a place of its own: a script may want to know what a command has said.
    BASH_XTRACEFD=9 setsid bash -x "$@" 9>"$work/trace" 2>"$work/said" >"$work/out" </dev/null &
    script=$! killed=0
    while IFS= read -r line; do
        [[ $line =~ ^\++\ ($pattern)( |$) ]] || continue
        this=$(step "$line")
        if ((!killed)) && ! grep -qxF -- "$this" "$work/seen"; then
            echo "$this" >>"$work/seen"
            kill -KILL -- "-$script" && killed=1
        fi
    done <"$work/trace"
    wait "$script" && code=0 || code=$?
    ((killed)) || break
done
sed 's/^/killed at: /' "$work/seen"
cat "$work/said" "$work/out"
exit "$code"
