#!/usr/bin/env bash
# The ABI of this version is the one that is stored for it, and no version before is broken by it.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/checks.sh

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)

is_as_stored() { # KIND
    diff -u "tests/abi/$version.$1" "$scratch/$1" ||
        { echo "If the header was meant to change: make header"; return 1; }
}

tables_are_up_to_date() {
    diff -u <(sed -n '/^## Statuses$/,$p' docs/abi.md) <(tests/abi/print-tables) ||
        { echo "If the header was meant to change: make header"; return 1; }
}

# Nothing of an old list is gone or different. A struct may have grown at its end: the size that its caller knows is in
# struct_size.
keeps() { # KIND FILE
    awk 'FILENAME == ARGV[1] { now[$1] = $2; next }
        !($1 in now) || now[$1] < $2 || ($1 ~ /\.|^MGP_/ && now[$1] != $2) { print "was", $0, "and is", now[$1]; broken = 1 }
        END { exit broken }' "$scratch/$1" "$2"
}

# New functions are welcome, and so is growth at the end of a struct; any other difference breaks somebody.
is_compatible() { # FILE
    abidiff --no-added-syms --suppressions tests/abi/growth.suppr "$1" "$scratch/abi"
}

kinds=(layout values)
if has abidw abidiff; then
    kinds+=(abi)
else
    skip "the ABI as abidiff sees it" "apt-get install abigail-tools"
fi
for kind in "${kinds[@]}"; do
    "tests/abi/print-$kind" >"$scratch/$kind" || exit
    check "$version.$kind is up to date" is_as_stored "$kind"
done
for stored in tests/abi/*.layout tests/abi/*.values; do
    check "$(basename "$stored") still holds" keeps "${stored##*.}" "$stored"
done
if has abidiff; then
    for stored in tests/abi/*.abi; do
        check "programs built with ${stored##*/} still run" is_compatible "$stored"
    done
fi
check "the tables of docs/abi.md are up to date" tables_are_up_to_date
# What no example and no binding uses is not worth a promise. Generated declarations do not count.
are_used() {
    local name unused=0
    while read -r name; do
        grep -rqw --exclude='*.g.cs' "$name" examples include/mgpresence.hpp module/src || { echo "unused: $name"; unused=1; }
    done < <(tests/abi/print-functions)
    return "$unused"
}

check "every function is used by an example or a binding" are_used
check "statuses are the same in the header, Rust, C# and docs/abi.md" tests/abi/statuses
