#!/usr/bin/env bash
# The library under load: a hundred thousand queued operations on eight threads with cancels and faults, and many calls
# in a row. `soak` is the full length (make soak); without it what takes longest is done in small.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/checks.sh

target=${MGP_TARGET:-$PWD/target}
build=$target/c
calls=40000 sanitized_operations=20000 helgrind_operations=1000
if [[ ${1:-} == soak ]]; then
    calls=1000000 sanitized_operations=100000 helgrind_operations=100000
fi

compile() { # NAME LIBRARY_FOLDER SOURCE FLAGS...
    "${CC:-cc}" -std=c99 -g -O1 -Wall -Wextra -Wpedantic -Werror -Iinclude -pthread "${@:4}" \
        "tests/c/$3.c" tests/c/emulator.c -L"$2" -Wl,-rpath,"$2" -lmgpresence -o "$build/$1"
}

under_helgrind() {
    valgrind --quiet --tool=helgrind --history-level=none --suppressions=tests/c/helgrind.supp --error-exitcode=99 \
        "$build/stress-with-symbols" "$1"
}

mkdir -p "$build"
check "the stress test compiles" compile stress "$target/release" stress
check "of 100000 operations on 8 threads none is lost or doubled" "$build/stress" 100000
check "a library with symbols is built" make --silent lib-debug
check "the stress test compiles with sanitizers" compile stress-sanitized "$target/debug" stress \
    -fsanitize=address,undefined -fno-sanitize-recover=undefined
check "nor of $sanitized_operations under AddressSanitizer and UndefinedBehaviorSanitizer, which find nothing" \
    "$build/stress-sanitized" "$sanitized_operations"
if has valgrind; then
    check "the stress test compiles with symbols" compile stress-with-symbols "$target/debug" stress
    check "nor of $helgrind_operations under helgrind, which finds nothing" under_helgrind "$helgrind_operations"
else
    skip "the stress test under helgrind" "apt-get install valgrind"
fi
check "the growth test compiles" compile growth "$target/release" growth
check "$calls calls do not grow memory" "$build/growth" "$calls"
