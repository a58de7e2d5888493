# A user signs in: with a code on any device, or in the browser of this machine.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    . "$PSScriptRoot/SignIn.ps1"
    Start-Emulator -User adele, alex -NoConnect
    $lab = Get-Lab
    $user = @{ Environment = $lab; TenantId = $TenantId; ClientId = $AppId; Scopes = 'Presence.ReadWrite' }

    # Approves each code as it is shown, as the user does on another device.
    function Connect-Approving([hashtable] $With, [string] $As = 'adele') {
        $answer = Start-Answer @{ user = $As }
        try { Connect-MgPresence @With } finally { $answer.Dispose() }
    }
}
AfterAll { Stop-Emulator }

Describe 'A device code' {
    BeforeEach { Reset-Emulator; $null = Invoke-Control DELETE signIns }

    It 'signs a user in, who sets their own presence' {
        $said = Connect-Approving ($user + @{ UseDeviceCode = $true; PassThru = $true }) 6>&1
        $context = $said | Where-Object { $_ -is [MgPresence.PresenceContext] }
        $context.Account | Should -BeLike 'adele*'
        $context.AuthType, $context.TokenCredentialType, $context.ContextScope | Should -Be Delegated, DeviceCode, Process
        $context.Scopes | Should -Contain Presence.ReadWrite
        Set-MgUserPresence -Me -Availability Away -Activity Away -PassThru | Should -BeTrue
    }

    It 'asks for what the help says where -Scopes is not given' {
        $with = $user.Clone()
        $with.Remove('Scopes')
        $null = Connect-Approving ($with + @{ UseDeviceCode = $true }) 6>$null
        $asked = (Get-MgPresenceContext).Scopes | Where-Object { $_ -like '*.*' }
        (Get-Help Connect-MgPresence -Parameter Scopes).description.Text | Should -BeLike "*The default is $asked."
    }

    It 'is shown on the host and is not output' {
        Connect-Approving ($user + @{ UseDeviceCode = $true }) 6>$null | Should -BeNullOrEmpty
        $shown = Connect-Approving ($user + @{ UseDeviceCode = $true }) 6>&1
        $shown | Should -HaveCount 1
        $shown[0] | Should -BeOfType Management.Automation.InformationRecord
        $shown[0].Tags | Should -Contain PSHOST
        "$($shown[0])" | Should -BeLike '*/signIns/*'
    }

    It 'that the user declines ends with Entra''s words' {
        $answer = Start-Answer @{ decline = $true }
        { Connect-MgPresence @user -UseDeviceCode 6>$null } | Should -Throw '*declined*'
        $answer.Dispose()
    }

    It 'ends at once with Ctrl+C' {
        $script = "Connect-MgPresence -UseDeviceCode -TenantId $TenantId -ClientId $AppId -Environment @{ Name = 'Lab'; GraphEndpoint = '$($Emulator.url)'; AzureADEndpoint = '$($Emulator.url)' }"
        Measure-Stop $script -Until { @(Invoke-Control GET signIns | ForEach-Object { $_ }).Count -gt 0 } | Should -BeLessThan 200
    }
}

Describe 'The browser' -Skip:$IsWindows {
    BeforeAll {
        # What opens a page on this machine: a stand-in that follows it, as the emulator signs in at once.
        $bin = New-Item "$TestDrive/bin" -ItemType Directory
        Set-Content "$bin/xdg-open" "#!/bin/sh`ncurl -sSfL -o /dev/null `"`$1`" &"
        Copy-Item "$bin/xdg-open" "$bin/open"
        & chmod +x "$bin/xdg-open" "$bin/open"
        function Invoke-WithBrowser([string] $Script) {
            Invoke-WithEnvironment @{ PATH = "$bin$([IO.Path]::PathSeparator)$env:PATH" } {
                Invoke-Fresh @"
                    `$ErrorActionPreference = 'Stop'
                    Import-Module '$ModulePath'
                    `$user = @{ TenantId = '$TenantId'; ClientId = '$AppId'; Scopes = 'Presence.ReadWrite'; Environment = @{ Name = 'Lab'; GraphEndpoint = '$($Emulator.url)'; AzureADEndpoint = '$($Emulator.url)' } }
                    try { $Script } catch { "failed: `$_" }
"@
            }
        }
    }
    BeforeEach { Reset-Emulator }

    It 'signs the user in by default' {
        $fresh = Invoke-WithBrowser 'Connect-MgPresence @user 6>$null; Set-MgUserPresence -Me -Availability Away -Activity Away -PassThru; (Get-MgPresenceContext).TokenCredentialType; (Get-MgPresenceContext).Account'
        $fresh.Error | Should -BeNullOrEmpty
        $fresh.Output -split '\s+' | Select-Object -First 2 | Should -Be True, InteractiveBrowser
        $fresh.Output | Should -BeLike '*adele*'
    }

    It 'signs in the user of -LoginHint' {
        (Invoke-WithBrowser 'Connect-MgPresence @user -LoginHint AlexW@contoso.example 6>$null; (Get-MgPresenceContext).Account').Output | Should -BeLike 'alex*'
    }

    It 'is announced on the host' {
        (Invoke-WithBrowser 'Connect-MgPresence @user').Output | Should -BeLike '*browser*'
    }
}
