# -ContextScope CurrentUser on Linux: the refresh token in the Secret Service, of a session bus and a keyring of the test's own.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $missing = 'dbus-run-session', 'gnome-keyring-daemon' | Where-Object { -not (Get-Command $_ -CommandType Application -ErrorAction Ignore) }
    if (-not $missing -and -not (/sbin/ldconfig -p | Select-String libsecret-1.so.0)) { $missing = 'libsecret-1.so.0' }

    # Runs a script in a fresh pwsh inside a session that has a keyring, or none.
    function Invoke-InSession([string] $Script, [switch] $WithoutKeyring) {
        if ($missing) { Set-ItResult -Skipped -Because "there is no $($missing -join ', '); install dbus, gnome-keyring and libsecret-1-0"; return }
        $folder = New-Item "$TestDrive/$([guid]::NewGuid())" -ItemType Directory
        Set-Content "$folder/run.ps1" $Script
        $unlock = $WithoutKeyring ? 'true' : "printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1"
        $environment = "HOME=$folder", "XDG_RUNTIME_DIR=$folder", "XDG_DATA_HOME=$folder", 'DISPLAY=', 'WAYLAND_DISPLAY='
        $output = & env @environment timeout 60 dbus-run-session -- bash -c "$unlock; exec '$env:MGP_PWSH' -NoProfile -NonInteractive -File '$folder/run.ps1'" 2>$null
        $output -join "`n"
    }
    $reflection = @"
        Import-Module '$ModulePath'
        `$type = [MgPresence.Presence].Assembly.GetType('MgPresence.SignIn.SecretService')
        `$keeper = [Activator]::CreateInstance(`$type, `$true)
        function Invoke-Keeper(`$Method, [object[]] `$With) {
            try { `$type.GetMethod(`$Method).Invoke(`$keeper, `$With) } catch { 'failed: ' + `$_.Exception.InnerException.Message }
        }
        function Get-Kept(`$Session) { `$bytes = Invoke-Keeper Load `$Session; if (`$null -eq `$bytes) { 'nothing' } elseif (`$bytes -is [string]) { `$bytes } else { [Text.Encoding]::UTF8.GetString([byte[]] `$bytes) } }
        function Set-Kept(`$Session, `$Text) { Invoke-Keeper Save `$Session, ([Text.Encoding]::UTF8.GetBytes(`$Text)) }
"@
}

Describe 'The Secret Service' {
    It 'keeps a secret for each session, replaces it and forgets it' {
        $said = Invoke-InSession "$reflection
            Get-Kept one
            Set-Kept one 'first ä'; Set-Kept two second; Get-Kept one; Get-Kept two
            Set-Kept one third; Get-Kept one
            Invoke-Keeper Delete one; Invoke-Keeper Delete one; Get-Kept one; Get-Kept two"
        $said -split "`n" | Should -Be nothing, 'first ä', second, third, nothing, second
    }

    It 'that has no keyring says so, with what to do' {
        Invoke-InSession "$reflection
            Set-Kept one first" -WithoutKeyring | Should -BeLike 'failed: The Secret Service cannot be used: *. Sign in to a desktop session with an unlocked keyring.'
    }
}

Describe 'A sign-in of -ContextScope CurrentUser' {
    BeforeAll {
        . "$PSScriptRoot/SignIn.ps1"
        Start-Emulator -User adele -NoConnect -With '--approve-sign-ins', 'adele'
        # Each is a process of its own in the same session.
        $connect = "Connect-MgPresence -UseDeviceCode -TenantId $TenantId -ClientId $AppId -Scopes Presence.ReadWrite -ContextScope CurrentUser -Environment @{ Name = 'Lab'; GraphEndpoint = '$($Emulator.url)'; AzureADEndpoint = '$($Emulator.url)' } 6>`$null"
        function Invoke-Each([string[]] $Scripts, [switch] $WithoutKeyring) {
            $lines = foreach ($script in $Scripts) {
                $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes("Import-Module '$ModulePath'; $script"))
                "& '$env:MGP_PWSH' -NoProfile -NonInteractive -EncodedCommand $encoded"
            }
            Invoke-InSession ($lines -join "`n") -WithoutKeyring:$WithoutKeyring
        }
        function Get-Grant { @(Get-SignIn | ForEach-Object { @($_.grantType) * $_.issued }) -replace 'urn:ietf:params:oauth:grant-type:' }
    }
    AfterAll { Stop-Emulator }
    BeforeEach { Reset-Emulator; $null = Invoke-Control DELETE signIns }

    It 'outlives the process' {
        $said = Invoke-Each "$connect; (Get-MgPresenceContext).ContextScope", "$connect; Set-MgUserPresence -Me -Availability Away -Activity Away -PassThru"
        $said -split "`n" | Should -Be CurrentUser, True
        Get-Grant | Should -Be device_code, refresh_token
    }

    It 'ends with Disconnect-MgPresence' {
        $null = Invoke-Each "$connect; `$null = Disconnect-MgPresence", $connect
        Get-Grant | Should -Be device_code, device_code
    }

    It 'that was revoked asks the user again' {
        $revoke = "`$null = Invoke-RestMethod '$($Emulator.control)/signIns' -Method Delete"
        $said = Invoke-Each $connect, $revoke, "$connect; (Get-MgPresenceContext).Account", "$connect; 'again'"
        $said | Should -BeLike '*adele*again'
        Get-Grant | Should -Be device_code, device_code, refresh_token
    }

    It 'stays ended with Disconnect-MgPresence, although another process renews its own' {
        $other = "$connect; `$null = Invoke-RestMethod '$($Emulator.control)/clock' -Method Post -Body '{`"advance`": `"PT2H`"}'; (Get-MgUserPresence -Me).Availability"
        $out = "& '$env:MGP_PWSH' -NoProfile -NonInteractive -EncodedCommand $([Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes("Import-Module '$ModulePath'; $connect; `$null = Disconnect-MgPresence")))"
        $said = Invoke-Each ($other -replace [regex]::Escape("$connect;"), "$connect; $out;"), "$connect; 'again'"
        $said | Should -BeLike '*again'
        Get-Grant | Should -Be device_code, device_code, refresh_token, refresh_token
    }

    It 'is found in any spelling of the ids' {
        $null = Invoke-Each $connect, ($connect -replace $TenantId, $TenantId.ToUpper() -replace $AppId, $AppId.ToUpper())
        Get-Grant | Should -Be device_code, refresh_token
    }

    It 'is not used for another user than that of -LoginHint' {
        $said = Invoke-Each $connect, "$connect -LoginHint ADELEV@contoso.example", "$connect -LoginHint AlexW@contoso.example; 'again'"
        $said | Should -BeLike '*again'
        Get-Grant | Should -Be device_code, device_code, refresh_token, refresh_token
    }

    It 'that was revoked asks the user once, whatever -LoginHint says' {
        $revoke = "`$null = Invoke-RestMethod '$($Emulator.control)/signIns' -Method Delete"
        $said = Invoke-Each $connect, $revoke, "$connect -LoginHint AlexW@contoso.example; (Get-MgPresenceContext).Account"
        $said | Should -BeLike '*adele*'
        Get-Grant | Should -Be device_code, device_code
    }

    It 'stays in the process where there is no keeper, and says so' {
        $said = Invoke-Each "$connect -WarningVariable warned; `"`$warned`"; (Get-MgPresenceContext).ContextScope; Set-MgUserPresence -Me -Availability Away -Activity Away -PassThru" -WithoutKeyring
        $said | Should -BeLike 'The sign-in ends with this process. The Secret Service cannot be used: *Process*True'
    }

    It 'without it leaves nothing behind' {
        $null = Invoke-Each ($connect -replace '-ContextScope CurrentUser'), $connect
        Get-Grant | Should -Be device_code, device_code
    }
}
