# shellcheck shell=bash
# How every script here speaks: on standard error, in one line, with its own name before it.

# Also where nobody hears it any more: what is to be put right after a terminal has gone is put right all the same.
say() { printf '%s: %s\n' "${0##*/}" "$*" >&2 || true; }

# Each signal that would end a script ends it by its EXIT trap, and with a code that is not 0.
ends_by_signal() {
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 131' QUIT
    trap 'exit 141' PIPE
    trap 'exit 143' TERM
}

# For an EXIT trap: what it puts right is not broken off by another signal.
undisturbed() { trap '' HUP INT QUIT PIPE TERM; }

die() {
    printf '%s: error: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# A wrong command line: one line, and the exit code that sysexits.h has for it.
misuse() {
    printf '%s: error: %s (--help shows what there is)\n' "${0##*/}" "$*" >&2
    exit 64
}

# needs_value OPTION [VALUE…]
needs_value() { [[ -n ${2:-} ]] || misuse "$1 needs a value"; }
