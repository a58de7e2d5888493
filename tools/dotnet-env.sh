# shellcheck shell=bash
# Puts a .NET SDK on the PATH: the one that is there, else the one that `make toolchain` fetched, else one that lies
# beside the checkout with its packages. Sourced at the top of the checkout; fails where there is none.
if ! command -v dotnet >/dev/null; then
    if [[ -x ${MGP_TARGET:-target}/toolchain/dotnet/dotnet ]]; then
        DOTNET_ROOT=$(cd "${MGP_TARGET:-target}/toolchain/dotnet" && pwd)
        PATH=$DOTNET_ROOT:$PATH
        export DOTNET_ROOT
    elif [[ -r ../shared/toolchain/env.sh ]]; then
        # shellcheck source=/dev/null
        . ../shared/toolchain/env.sh
    fi
fi
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
command -v dotnet >/dev/null
