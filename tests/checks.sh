# shellcheck shell=bash
# How the shell parts of a suite report; tools/count adds up. Sourced.

# The emulator of the tests: that of `make emulator`.
export MGP_EMULATOR=${MGP_EMULATOR:-${MGP_TARGET:-$PWD/target}/debug/mgpresence-emulator}

# check SENTENCE COMMAND...: the command holds what the sentence says; what it prints is shown when it does not.
check() {
    local sentence=$1 output
    shift
    echo "running $sentence"
    if output=$("$@" 2>&1); then
        echo "ok      $sentence"
    else
        echo "FAILED  $sentence (status $?)"
        sed 's/^/  /' <<<"$output"
    fi
}

# part COMMAND...: the command reports for itself; that it ends badly without a FAILED line is a failure too.
part() {
    local status
    "$@" 2>&1 | awk '{ print; fflush() } /^FAILED / { failed = 1 } END { exit failed }'
    status=("${PIPESTATUS[@]}")
    if ((status[0] != 0 && status[1] == 0)); then
        echo "FAILED  $* ended with status ${status[0]}"
    fi
}

# skip WHAT REASON...: named and counted; the reason says how to get what is missing.
skip() {
    echo "SKIPPED: $1: ${*:2}"
}

# has TOOL...: whether all are on the PATH.
has() {
    local tool
    for tool; do command -v "$tool" >/dev/null || return; done
}
