# shellcheck shell=bash
# Starts an emulator for a shell script, on a free port, until the script ends. Sourced.
#
#   start_emulator [option...]   then MGP_BASE_URL, MGP_TOKEN (the application's), MGP_USER_TOKEN (adele's), MGP_APP_ID,
#                                MGP_TENANT_ID

start_emulator() {
    local first_line
    # Its stdin is a pipe that only this shell holds open: however the shell ends, the emulator ends with it.
    coproc EMULATOR { exec "${MGP_EMULATOR:-${MGP_TARGET:-target}/debug/mgpresence-emulator}" --until-stdin-closes "$@"; }
    read -r first_line <&"${EMULATOR[0]}" || return
    MGP_BASE_URL=$(emulator_value url)
    MGP_TOKEN=$(emulator_value token)
    MGP_USER_TOKEN=$(emulator_value userToken)
    MGP_APP_ID=$(emulator_value appId)
    MGP_TENANT_ID=$(emulator_value tenantId)
    export MGP_BASE_URL MGP_TOKEN MGP_USER_TOKEN MGP_APP_ID MGP_TENANT_ID
}

emulator_value() {
    sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" <<<"$first_line"
}
