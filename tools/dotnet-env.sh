# shellcheck shell=bash
# Puts a .NET SDK 10 or later on the PATH: the one that is there, else the one that `make toolchain` fetched, else one
# that lies beside the checkout with its packages. Sourced anywhere in the checkout; its status says whether there is one.

# A dotnet may be a runtime alone.
mgp_has_sdk() {
    dotnet --list-sdks 2>/dev/null | grep -E '^[1-9][0-9]+\.' >/dev/null
}

mgp_find_sdk() {
    local root
    root=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
    mgp_has_sdk && return
    local fetched=${MGP_TARGET:-$root/target}/toolchain/dotnet beside=$root/../shared/toolchain/env.sh
    if [[ -x $fetched/dotnet ]]; then
        export DOTNET_ROOT=$fetched PATH=$fetched:$PATH
    elif [[ -r $beside ]]; then
        # shellcheck source=/dev/null
        . "$beside"
    fi
    mgp_has_sdk
}

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
mgp_find_sdk
