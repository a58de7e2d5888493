#!/usr/bin/env bash
# The examples for C: each is compiled as its first lines say, against an installed library, and run on an emulator.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/checks.sh
. tests/emulator.sh

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
installed=$scratch/usr
export LD_LIBRARY_PATH=$installed/lib

compiles() {
    "${CC:-cc}" -std=c99 -Wall -Wextra -Wpedantic -Werror "examples/c/$1.c" \
        -I"$installed/include" -L"$installed/lib" -lmgpresence -o "$scratch/$1"
}

# says TEXT COMMAND...: the command's output contains the text, whatever its status.
says() {
    local output
    output=$("${@:2}" 2>&1)
    echo "$output"
    [[ $output == *"$1"* ]]
}

fails_and_says() { # TEXT COMMAND...
    local output
    output=$("${@:2}" 2>&1) && return 1
    echo "$output"
    [[ $output == *"$1"* ]]
}

check "the library installs" make --silent install DESTDIR="$scratch" PREFIX=/usr
for example in set_presence queue bulk keep_alive token_callback sign_in error_fields presence_fields; do
    check "examples/c/$example.c compiles" compiles "$example"
done
start_emulator || exit 1

check "set_presence sets and shows" \
    says 'adele is now Busy/InACall' "$scratch/set_presence" adele Busy InACall PT1H
check "set_presence explains a refusal" \
    says 'not a pair that setPresence accepts' "$scratch/set_presence" adele Busy Busy
check "queue has a hundred requests in flight" \
    says '100 of 100 requests succeeded' "$scratch/queue" adele alex
check "keep_alive holds two users, tells what happens to a third, and clears them" \
    says $'nobody: refused: ' "$scratch/keep_alive" 2 adele alex nobody
check "keep_alive clears at its end" \
    says $'adele: stopped\nkeep-alive: ended' "$scratch/keep_alive" 2 adele
if has curl; then
    curl --silent --noproxy '*' --data '{"status": 403, "match": {"path": "*/clearPresence"}}' "$MGP_BASE_URL/_emulator/faults" >/dev/null
    check "keep_alive fails if a presence that it was to clear is not cleared" \
        fails_and_says 'adele: stopped: ' "$scratch/keep_alive" 2 adele
    curl --silent --noproxy '*' --request DELETE "$MGP_BASE_URL/_emulator/faults"
else
    skip "keep_alive where clearing fails" "apt-get install curl"
fi
check "keep_alive takes no word for a number of seconds" says 'usage: ' "$scratch/keep_alive" 2s adele
printf '%s\n' adele alex nobody megan >"$scratch/users"
check "bulk sets the presence of each user and names the one that is unknown" \
    says '3 presences were set, 1 were not' sh -c "'$scratch/bulk' Busy InACall PT1H < '$scratch/users'"
echo "$MGP_TOKEN" >"$scratch/token"
check "token_callback is asked once for two calls" \
    says $'a token is asked for\ntwo presences were set' env MGP_TOKEN_FILE="$scratch/token" "$scratch/token_callback" adele
check "token_callback gives its reason" \
    says 'has no token' env MGP_TOKEN_FILE="$scratch/absent" "$scratch/token_callback" adele
check "sign_in sets a presence with a client secret" \
    says 'adele is now Busy/InACall' env MGP_CLIENT_SECRET=emulator-client-secret "$scratch/sign_in" "$MGP_TENANT_ID" "$MGP_APP_ID" adele
check "sign_in explains a wrong secret" \
    says 'Give the value of the secret' env MGP_CLIENT_SECRET=wrong "$scratch/sign_in" "$MGP_TENANT_ID" "$MGP_APP_ID" adele
check "error_fields shows the service's answer" says "HTTP status        404" "$scratch/error_fields" nobody
check "presence_fields shows the status message that it set" \
    says 'Back at two' "$scratch/presence_fields" adele
if has systemd-analyze; then
    # The program is not installed here: any other will do.
    sed 's|/usr/local/bin/keep_alive|/bin/true|' examples/service/presence.service >"$scratch/presence.service"
    check "systemd accepts presence.service" systemd-analyze verify --man=no "$scratch/presence.service"
else
    skip "presence.service as systemd reads it" "apt-get install systemd"
fi
