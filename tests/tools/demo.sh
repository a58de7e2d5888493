#!/usr/bin/env bash
# make demo: it ends well, and its log has every step that it shows.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/checks.sh

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
log=$scratch/log
user=fa8bf3dc-eca7-46b7-bad1-db199b62afc3

received() { # METHOD PATH STATUS
    grep -F "\"method\":\"$1\"" "$log" | grep -F "\"path\":\"$2\"" | grep -qF "\"status\":$3"
}

# As in a service of systemd, or in a container that runs as another user.
builds_without_home() {
    env -u HOME -u CARGO_HOME tools/remap | grep -F -e --remap-path-prefix
}

asks_for_a_compiler() {
    mkdir "$scratch/bin" && ln -s "$(command -v bash)" "$(command -v dirname)" "$scratch/bin/" || return
    ! PATH=$scratch/bin tools/demo/announce 2>"$scratch/asked" && grep -F 'no C compiler named cc' "$scratch/asked"
}

asks_for_cargo() {
    ln -s "$(type -P true)" "$scratch/bin/cc" || return
    ! PATH=$scratch/bin tools/demo/announce 2>"$scratch/asked" && grep -F 'There is no cargo' "$scratch/asked"
}

check "the library builds without HOME" builds_without_home
check "a machine without a C compiler is told before anything is built" asks_for_a_compiler
check "a machine without Rust is told before anything is built" asks_for_cargo
if ! tools/find-pwsh >/dev/null; then
    skip "the demo in PowerShell" "no pwsh on the PATH; make toolchain fetches one"
elif ! (. tools/dotnet-env.sh) && [[ ! -e module/MgPresence/bin/MgPresence.dll ]]; then
    skip "the demo in PowerShell" "the module is not built and there is no .NET SDK 10 or later: make toolchain"
fi
check "the demo ends well" env DEMO_LOG="$log" tools/demo/run
for row in "v1.0 200" "beta 204"; do
    read -r version status <<<"$row"
    for path in /me/presence "/users/$user/presence" "/communications/presences/$user"; do
        check "it sets a presence on $version$path" received POST "/$version$path/setPresence" "$status"
    done
done
check "it updates the own presence" received PATCH /v1.0/me/presence 200
check "it updates a user's presence" received PATCH "/v1.0/users/$user/presence" 200
check "it creates a presence" received POST /v1.0/communications/presences 201
