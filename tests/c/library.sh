#!/usr/bin/env bash
# The library as a file: what it exports, how the loader knows it, that it is optimised as meant, and that it installs.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/checks.sh

target=${MGP_TARGET:-$PWD/target}
library=$target/release/libmgpresence.so
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
major=$(awk '/^#define MGP_VERSION_MAJOR / { print $3 }' include/mgpresence.h)

exported() {
    nm -D --defined-only "$1" | awk '{ print $NF }' | sort -u
}

same() { # FILE FILE: equal, and not because both are empty
    [[ -s $1 ]] && diff -u "$1" "$2"
}

dynamic_section_has() {
    readelf -d "$library" | tee "$scratch/dynamic" | grep -qE "$1" || { cat "$scratch/dynamic"; false; }
}

# Under fat LTO Cargo has the crates below compiled to bitcode alone; a dropped LTO shows as machine code in them.
crates_are_bitcode() {
    local rlib object
    rlib=$(ls -t "$target"/release/deps/libmgpresence-*.rlib | head -n 1)
    object=$(ar t "$rlib" | grep '\.o$' | head -n 1)
    [[ $(ar p "$rlib" "$object" | head -c 2) == BC ]]
}

is_at_most() { # BYTES
    local size
    size=$(stat -c %s "$library")
    echo "$library has $size bytes"
    ((size <= $1))
}

# Who built it and where is nobody's business, and would make another file of the same source.
names_no_folder_of_the_builder() {
    local found
    found=$(LC_ALL=C grep -aoE "($HOME|$PWD|${CARGO_HOME:-$HOME/.cargo})/[[:print:]]{0,60}" "$library" | sort | uniq -c)
    echo "$found"
    [[ -z $found ]]
}

# A newcomer's way: install, ask pkg-config, compile the example, run nothing yet (tests/c/examples.sh does).
links() { # NAME PKG_CONFIG_FLAGS...
    local name=$1 arguments
    shift
    arguments=$(PKG_CONFIG_PATH=$scratch/usr/lib/pkgconfig pkg-config "$@" mgpresence) || return
    # shellcheck disable=SC2086
    "${CC:-cc}" -std=c99 examples/c/set_presence.c $arguments -o "$scratch/$name"
}

links_a_static_program() {
    local arguments
    arguments=$(PKG_CONFIG_PATH=$scratch/usr/lib/pkgconfig pkg-config --cflags --libs --static mgpresence) || return
    # shellcheck disable=SC2086
    "${CC:-cc}" -static examples/c/set_presence.c $arguments -o "$scratch/static"
}

ends_with_the_loader() {
    make --no-print-directory -n install PREFIX=/opt/presence | tail -n 1 | grep -F 'tools/loader "/opt/presence/lib"'
}

# As for a folder that ldconfig does not know: here it knows none.
loader_says_what_to_do() {
    mkdir -p "$scratch/stub" && ln -sf "$(command -v true)" "$scratch/stub/ldconfig" || return
    PATH=$scratch/stub:$PATH tools/loader /opt/presence/lib | grep -F 'LD_LIBRARY_PATH=/opt/presence/lib'
}

# As /lib for /usr/lib, and with the slash at the end of a prefix.
loader_is_known_by_another_name() {
    mkdir -p "$scratch/knows" && ln -sfn "$scratch/usr/lib" "$scratch/lib" || return
    printf '#!/bin/sh\n[ "$1" != -p ] || echo "	libmgpresence.so (libc6,x86-64) => %s"\n' "$scratch/lib/libmgpresence.so" >"$scratch/knows/ldconfig"
    chmod +x "$scratch/knows/ldconfig"
    [[ -z $(PATH=$scratch/knows:$PATH tools/loader "$scratch/usr//lib" | tee /dev/stderr) ]]
}

# What a user's shell or Cargo's settings say must not send a build elsewhere.
heeds_no_setting_that_leads_elsewhere() {
    local seen
    seen=$(CDPATH=.:/ CARGO_BUILD_TARGET_DIR=/elsewhere CARGO_BUILD_TARGET=x86_64-unknown-none \
        make --silent -f Makefile -f - seen <<<'seen: ; @echo "[$$CDPATH] [$$CARGO_TARGET_DIR] [$$CARGO_BUILD_TARGET]"')
    [[ $seen == "[] [$target] []" ]] || { echo "$seen"; false; }
}

# A target in Cargo's configuration, which no variable undoes, sends it there: an older library must not be installed then.
refuses_a_build_that_went_elsewhere() {
    mkdir -p "$scratch/elsewhere" "$scratch/old/release" && touch "$scratch/old/release/libmgpresence.so" || return
    printf '#!/bin/sh\n[ "$1" != build ] || echo '\''{"filenames":["/other/release/libmgpresence.so"]}'\''\n' >"$scratch/elsewhere/cargo"
    chmod +x "$scratch/elsewhere/cargo"
    ! PATH=$scratch/elsewhere:$PATH make --silent library TARGET="$scratch/old" 2>"$scratch/refused" \
        && grep -F "did not write $scratch/old/release/libmgpresence.so" "$scratch/refused"
}

# Make is told of the build by a path with a space, as in a checkout that has one.
works_in_a_folder_with_a_space() {
    mkdir -p "$scratch/my code" && ln -sfn "$target" "$scratch/my code/target" || return
    make --silent install TARGET="$scratch/my code/target" DESTDIR="$scratch/of my code" PREFIX=/usr \
        && make --silent header-check TARGET="$scratch/my code/target"
}

# make demo calls make again, which gets the target folder from the environment.
builds_in_a_checkout_with_a_space() {
    mkdir -p "$scratch/my checkout" && ln -s "$PWD/"* "$scratch/my checkout/" || return
    (cd "$scratch/my checkout" && env -u CARGO_TARGET_DIR -u MAKEFLAGS make -n demo) \
        | grep -F "ln -sf libmgpresence.so \"$scratch/my checkout/target/release/"
}

# For root under sudo, who has none.
installs_without_rust() {
    mkdir -p "$scratch/tools" || return
    ln -sf "$(command -v bash)" /usr/bin/{sed,install,ln,make,test,chmod} "$scratch/tools/"
    PATH=$scratch/tools make --silent install DESTDIR="$scratch/without rust" PREFIX=/usr
}

installs_nothing_before_a_build() {
    ! PATH=$scratch/tools make --silent install TARGET="$scratch/none" DESTDIR="$scratch/nothing" PREFIX=/usr 2>"$scratch/told" \
        && grep -F 'run make lib first' "$scratch/told" && [[ ! -e $scratch/nothing ]]
}

leaves_nothing_behind() {
    make --silent uninstall DESTDIR="$scratch/a b" PREFIX=/usr || return
    [[ -z $(find "$scratch/a b" ! -type d | tee /dev/stderr) ]]
}

keeps_the_link_of_a_newer_patch() {
    make --silent install DESTDIR="$scratch/two" PREFIX=/usr || return
    touch "$scratch/two/usr/lib/libmgpresence.so.$major.99.0" || return
    ln -sf "libmgpresence.so.$major.99.0" "$scratch/two/usr/lib/libmgpresence.so.$major"
    make --silent uninstall DESTDIR="$scratch/two" PREFIX=/usr || return
    [[ -e $scratch/two/usr/lib/libmgpresence.so.$major && -e $scratch/two/usr/include/mgpresence.hpp ]]
}

readable_for_all() {
    (umask 077 && make --silent install DESTDIR="$scratch/umask" PREFIX=/usr) || return
    [[ -z $(find "$scratch/umask/usr" -type f ! -perm -444 | tee /dev/stderr) ]]
}

# Neither in the checkout, from which an empty prefix once removed the headers, nor of another version.
takes_nothing_else_away() {
    touch "$scratch/usr/lib/libmgpresence.so.99.0.0" && ln -sf libmgpresence.so.99.0.0 "$scratch/usr/lib/libmgpresence.so.99" || return
    ln -sfn libmgpresence.so.99 "$scratch/usr/lib/libmgpresence.so"
    make --silent uninstall DESTDIR="$scratch" PREFIX=/usr || return
    [[ -e $scratch/usr/include/mgpresence.h && $(cd "$scratch/usr/lib" && find . -name '*.so*' | sort | xargs) == \
        './libmgpresence.so ./libmgpresence.so.99 ./libmgpresence.so.99.0.0' ]] || return
    keeps_the_link_of_a_newer_patch || return
    make --no-print-directory -n uninstall PREFIX= | grep -F '"/include/mgpresence.h"' || return
    make --silent install DESTDIR="$scratch" PREFIX=/usr
}

# Each link of a document in the archive leads to something in the archive.
links_lead_somewhere() {
    make --silent package || return
    local archives=("$target"/mgpresence-*.tar.gz) document link dead=0
    mkdir -p "$scratch/archive" && tar -xzf "${archives[0]}" -C "$scratch/archive" --strip-components=1 || return
    while IFS=: read -r document link; do
        link=${link#*](} link=${link%%[#)]*}
        [[ -z $link || -e ${document%/*}/$link ]] || { echo "$document links to $link"; dead=1; }
    done < <(cd "$scratch/archive" && grep -roE '\]\([^:)]+\)' --include='*.md' "$PWD")
    return "$dead"
}

tests/abi/print-functions >"$scratch/declared"
exported "$library" >"$scratch/exported"
check "the library exports what the header declares" same "$scratch/declared" "$scratch/exported"
check "the soname is libmgpresence.so.$major" dynamic_section_has "SONAME.*\[libmgpresence\.so\.$major\]"
check "the library stays loaded" dynamic_section_has 'NODELETE'
check "link-time optimisation reached rustc" crates_are_bitcode
check "the library has at most 3.4 MB" is_at_most 3400000
check "the library names no folder of its builder" names_no_folder_of_the_builder
check "it installs" make --silent install DESTDIR="$scratch" PREFIX=/usr
check "it installs into a folder with a space in its name" make --silent install DESTDIR="$scratch/a b" PREFIX=/usr
check "everybody may read what root installs with umask 077" readable_for_all
check "uninstalling leaves nothing behind" leaves_nothing_behind
check "uninstalling takes nothing else away" takes_nothing_else_away
check "make works in a folder with a space in its name" works_in_a_folder_with_a_space
check "make demo builds in a checkout with a space in its name" builds_in_a_checkout_with_a_space
check "what is built installs without Rust" installs_without_rust
check "nothing is installed before it is built" installs_nothing_before_a_build
check "the archive's documents link to what it has" links_lead_somewhere
check "make builds where it installs from, whatever the environment says" heeds_no_setting_that_leads_elsewhere
check "a build that went elsewhere is refused, not an older library installed" refuses_a_build_that_went_elsewhere
check "installing ends with telling the loader" ends_with_the_loader
check "the user hears what to do if the loader does not look there" loader_says_what_to_do
check "the user hears nothing if the loader knows the folder by another name" loader_is_known_by_another_name
if has pkg-config; then
    check "pkg-config knows it" links shared --cflags --libs
    check "a static program links" links_a_static_program
else
    skip "installing for pkg-config" "apt-get install pkg-config"
fi
