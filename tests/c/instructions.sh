#!/usr/bin/env bash
# What setPresence costs through the C ABI, counted in instructions: they hardly depend on the machine, so a change that makes
# a call a third dearer is seen here, where a time would prove nothing. `make bench` measures time.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/checks.sh
. tests/emulator.sh

target=${MGP_TARGET:-$PWD/target}
program=$target/c/instructions
# A third above what was counted on x86-64 when the limits were set: 660,000 and 148,000.
first_limit=880000 further_limit=198000

compile() {
    "${CC:-cc}" -std=c99 -O1 -Iinclude tools/bench/host/mgpresence.c -L"$target/release" -Wl,-rpath,"$target/release" \
        -lmgpresence -o "$program"
}

count() { # CALLS
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" sequence "$MGP_BASE_URL" "$MGP_TOKEN" "$1" 2>&1 |
        sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

at_most() { # LIMIT INSTRUCTIONS
    echo "$2 instructions; the limit is $1"
    (($2 > 0 && $2 <= $1))
}

if [[ $(uname -m) != x86_64 ]]; then
    skip "the instructions of a call" "the limits hold for x86-64"
elif ! has valgrind; then
    skip "the instructions of a call" "apt-get install valgrind"
else
    check "a program that counts compiles" compile
    start_emulator
    first=$(count 1) more=$(count 21)
    check "a process with one call stays within $first_limit instructions" at_most "$first_limit" "${first:-0}"
    check "a further call stays within $further_limit" at_most "$further_limit" "$(((${more:-0} - ${first:-0}) / 20))"
fi
