#!/usr/bin/env bash
# The header by itself: it compiles everywhere, documents everything, and is what cbindgen makes of the Rust code.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/checks.sh

header=include/mgpresence.h
strict=(-Wall -Wextra -Wpedantic -Werror -fsyntax-only -Iinclude)

# Included twice, and each initialiser used: one that lacks a field is a warning, and so an error.
program='#include "mgpresence.h"
#include "mgpresence.h"
int main(void)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_request request = MGP_REQUEST_INIT;
    mgp_completion completion = MGP_COMPLETION_INIT;
    return (int)(options.flags + request.flags) + completion.status;
}'

compiles() { # COMPILER LANGUAGE STANDARD FLAGS...
    "$1" -x "$2" -std="$3" "${strict[@]}" "${@:4}" - <<<"$program"
}

# Each constant, type, field and function has a comment line directly above it. The second spelling of an enum has not.
documents_everything() {
    awk '
        /^#ifndef __cplusplus/ { getline; while ($0 !~ /^#endif.*__cplusplus/) getline; next }
        /^#define MGP_/ || /^    MGP_/ || /^typedef / || /^enum / || /^[a-z].*[ *]mgp_[a-z_0-9]+\(/ || /^    [a-z].*;$/ {
            if (previous !~ /^ *\/\//) { print FILENAME ":" FNR ": " $0; missing = 1 }
        }
        { previous = $0 }
        END { exit missing }' "$header"
}

# Continuation lines of long prototypes begin with blanks and end with a comma or ");", so they are no fields.
defines_only_its_own() {
    ! grep -E '^#define ' "$header" | grep -vE '^#define (MGP_|MGPRESENCE_H)'
}

# One line for each place that states the version: crate, header, the two assemblies, the two modules and what one requires.
versions() {
    sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml
    awk '/^#define MGP_VERSION_(MAJOR|MINOR|PATCH) / { printf "%s%s", sep, $3; sep = "." } END { print "" }' "$header"
    sed -n 's,^ *<Version>\(.*\)</Version>,\1,p' module/src/MgPresence.csproj module/src/Interop/MgPresence.Interop.csproj
    sed -nE "s/^.*\bModuleVersion *= *'([^']*)'.*/\1/p" module/MgPresence*/*.psd1
}

have_one_version() {
    versions
    [[ $(versions | wc -l) == 7 && $(versions | sort -u | wc -l) == 1 ]]
}

for compiler in gcc clang; do
    if ! has "$compiler"; then
        skip "the header under $compiler" "apt-get install $compiler"
        continue
    fi
    for standard in c99 c11 c17; do
        check "the header compiles as $standard under $compiler" compiles "$compiler" c "$standard" -Wstrict-prototypes
    done
    check "the header compiles as c++17 under $compiler" compiles "$compiler" c++ c++17
done
# A line break in a string of the first example once broke the comment.
introduction_is_a_comment() {
    ! sed -n '1,/^ \*\/$/p' "$header" | grep -vnE '^(/\*| \*)'
}

check "every line of the introduction is part of the comment" introduction_is_a_comment
check "the header documents each declaration directly above it" documents_everything
check "the header defines no name but its own" defines_only_its_own
check "crate, header, assemblies and modules have one version" have_one_version
check "C# has what the header has" diff -u module/src/Interop/Native.g.cs <(tools/header-csharp)
if make --silent header-tool; then
    check "the header is what cbindgen makes of the Rust code" make --silent header-check
else
    skip "the header as generated" "cbindgen could not be installed; with a network: make header-check"
fi
