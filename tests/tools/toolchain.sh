#!/usr/bin/env bash
# tools/toolchain and tools/fetch-missing, with a server on loopback for the publishers: what is fetched is compared
# with its checksum, and what cannot be had is left out and named.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/checks.sh

if ! has python3 curl; then
    skip "fetching a toolchain" "apt-get install python3 curl"
    exit
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"; kill "$server"' EXIT
export MGP_TARGET=$scratch/target MGP_TOOLCHAIN_LOCK=$scratch/lock PWSH='' HOME=$scratch no_proxy=127.0.0.1
unset OFFLINE
system=$(uname -s)-$(uname -m)

# A machine with neither: a PATH of the few tools that the scripts use.
mkdir "$scratch/bin" "$scratch/www"
for tool in bash env dirname uname mktemp mkdir rm mv cat sed head grep tar gzip chmod curl sha256sum sha512sum timeout; do
    ln -s "$(command -v "$tool")" "$scratch/bin/$tool"
done
ln -s "$(python3 -c 'import sys; print(sys.executable)')" "$scratch/bin/python3" # the one on the PATH may be a shim

# publish: archives with programs that say what they are, and the list that pins them.
publish() {
    local make=$scratch/make
    mkdir -p "$make/dotnet" "$make/pwsh" "$make/pester"
    printf '#!/bin/sh\necho "10.0.401 [/sdk]"\n' >"$make/dotnet/dotnet"
    printf '#!/bin/sh\necho "PowerShell 7.6.6"\n' >"$make/pwsh/pwsh"
    chmod +x "$make/dotnet/dotnet" "$make/pwsh/pwsh"
    echo "@{}" >"$make/pester/Pester.psd1"
    tar -C "$make/dotnet" -czf "$scratch/www/dotnet" .
    tar -C "$make/pwsh" -czf "$scratch/www/powershell" .
    (cd "$make/pester" && python3 -m zipfile -c "$scratch/www/Pester" Pester.psd1)
    {
        echo "dotnet $system $(sha512sum <"$scratch/www/dotnet" | tr -d ' -') $url/dotnet"
        echo "powershell $system $(sha256sum <"$scratch/www/powershell" | tr -d ' -') $url/powershell"
        echo "Pester any $(sha256sum <"$scratch/www/Pester" | tr -d ' -') $url/Pester"
    } >"$MGP_TOOLCHAIN_LOCK"
}

serve() {
    coproc SERVER { exec python3 -u -m http.server --bind 127.0.0.1 --directory "$scratch/www" 0 2>/dev/null; }
    server=$SERVER_PID
    local line
    read -r line <&"${SERVER[0]}" || return
    [[ $line =~ port\ ([0-9]+) ]] && url=http://127.0.0.1:${BASH_REMATCH[1]}
}

# A command on the bare machine. says TEXT COMMAND...: it succeeds and says so.
bare() { PATH=$scratch/bin "$@"; }
says() {
    local said
    said=$(bare "${@:2}" 2>&1) && [[ $said == *"$1"* ]] || { echo "$said"; return 1; }
}
is_silent() {
    local said
    said=$(bare "$@" 2>&1) && [[ -z $said ]] || { echo "$said"; return 1; }
}
fails_and_says() {
    local said
    ! said=$(bare "${@:2}" 2>&1) && [[ $said == *"$1"* ]] || { echo "$said"; return 1; }
}
nothing_is_there() { [[ ! -e $MGP_TARGET/toolchain/dotnet && ! -e $MGP_TARGET/toolchain/powershell ]]; }
is_complete() {
    [[ -x $MGP_TARGET/toolchain/dotnet/dotnet && -x $MGP_TARGET/toolchain/powershell/pwsh &&
        -e $MGP_TARGET/toolchain/powershell/Modules/Pester/Pester.psd1 ]]
}

# A checkout that lies apart from any toolchain.
mkdir -p "$scratch/checkout/tools"
cp tools/toolchain tools/fetch-missing tools/find-pwsh tools/dotnet-env.sh "$scratch/checkout/tools/"
cd "$scratch/checkout" || exit 1
serve || exit 1
publish

check "OFFLINE=1 fetches nothing and says nothing" is_silent env OFFLINE=1 tools/fetch-missing
mkdir "$scratch/without" && mv "$scratch/bin/curl" "$scratch/without/"
check "without curl it goes on, and names what is missing" says "Going on without dotnet powershell: no curl" tools/fetch-missing
mv "$scratch/without/curl" "$scratch/bin/"
sed -i.good "s,$url/,http://127.0.0.1:1/," "$MGP_TOOLCHAIN_LOCK"
check "without a network it goes on, and names what is missing" \
    says "Going on without dotnet powershell: 127.0.0.1:1 did not answer" tools/fetch-missing
mv "$MGP_TOOLCHAIN_LOCK.good" "$MGP_TOOLCHAIN_LOCK"
echo tampered >>"$scratch/www/dotnet"
check "a file with another checksum is refused" fails_and_says "is not the file that was pinned" tools/toolchain "$MGP_TARGET/toolchain"
check "and the tests go on without it" says "Going on without dotnet powershell: see above" tools/fetch-missing
check "nothing of it was unpacked" nothing_is_there
rm "$scratch/www/dotnet"
check "a file that is gone is named" fails_and_says "404" tools/toolchain "$MGP_TARGET/toolchain"
check "plain http is for the tests alone" \
    fails_and_says "rotocol" env MGP_TOOLCHAIN_LOCK=<(sed "s,127.0.0.1,localhost," "$MGP_TOOLCHAIN_LOCK") tools/toolchain "$MGP_TARGET/toolchain"
publish
check "with a network it fetches" says "about 300 MB" tools/fetch-missing
check "SDK, PowerShell and Pester are in place" is_complete
check "the second time there is nothing to do" is_silent tools/fetch-missing
