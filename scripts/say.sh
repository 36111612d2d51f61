# shellcheck shell=bash
# How every script here speaks: on standard error, in one line, with its own name before it.

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

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
