# No secret leaves a sign-in: not by any stream, error, transcript, context or process argument, whether it succeeds or fails.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    . "$PSScriptRoot/SignIn.ps1"
    Start-Emulator -User adele -NoConnect -With '--approve-sign-ins', 'adele'
    $certificate = New-Certificate
    $trust = @{ issuer = 'https://ci.example'; subject = 'job'; audience = 'api://AzureADTokenExchange' }
    Register-Application certified @{ certificates = @($certificate.ExportCertificatePem()) }
    Register-Application workload @{ federatedCredentials = @($trust) }
    [IO.File]::WriteAllBytes("$TestDrive/app.pfx", $certificate.Export('Pfx', 'pfx-password-4711'))
    $assertion = (Invoke-Control POST assertions $trust).assertion
    Set-Content "$TestDrive/assertion" $assertion -NoNewline

    # Runs the script with everything on that talks, and gives all that it said: its streams, its errors to the last property, the
    # transcript, the contexts, and the arguments of its process.
    function Get-EverythingSaid([string] $Script) {
        $transcript = "$TestDrive/$([guid]::NewGuid()).txt"
        $fresh = Invoke-Fresh @"
            Import-Module '$ModulePath'
            `$DebugPreference = `$VerbosePreference = `$InformationPreference = 'Continue'
            `$lab = @{ Name = 'Lab'; GraphEndpoint = '$($Emulator.url)'; AzureADEndpoint = '$($Emulator.url)' }
            `$signIn = @{ Environment = `$lab; TenantId = '$TenantId' }
            function Secure(`$text) { `$secret = [securestring]::new(); `$text.ToCharArray().ForEach{ `$secret.AppendChar(`$_) }; `$secret }
            `$null = Start-Transcript '$transcript' -IncludeInvocationHeader
            & {
                try { $Script } catch { `$_ }
                Get-MgUserPresence adele
                Get-MgPresenceContext | Format-List *
                Get-MgPresenceContext | ConvertTo-Json -Depth 5 -WarningAction SilentlyContinue
                Disconnect-MgPresence | Export-Clixml '$transcript.xml'
                Get-MgUserPresence adele
            } *>&1 | Out-String -Width 5000
            `$null = Stop-Transcript
            foreach (`$record in `$Error) {
                `$record | Format-List * -Force | Out-String -Width 5000
                for (`$failure = `$record.Exception; `$failure; `$failure = `$failure.InnerException) { "`$failure"; `$failure | Format-List * -Force | Out-String -Width 5000; `$failure.Data | Out-String }
                `$record.TargetObject | Out-String
            }
            if (`$IsLinux) { [IO.File]::ReadAllText("/proc/`$PID/cmdline") -replace '(?s).*' }
"@
        $fresh.Output
        $fresh.Error
        Get-Content "$transcript*" -Raw
    }
}
AfterAll { Stop-Emulator }

Describe 'A sign-in' {
    It 'says nothing of its secrets: <Name>' -ForEach @(
        @{ Name = 'a client secret'; Script = { "Connect-MgPresence @signIn -ClientSecretCredential ([pscredential]::new('$AppId', (Secure ('emulator-' + 'client-secret'))))" }; Works = $true }
        @{ Name = 'a wrong client secret'; Script = { "Connect-MgPresence @signIn -ClientSecretCredential ([pscredential]::new('$AppId', (Secure ('wrong-' + 'secret-0815'))))" }; Works = $false }
        @{ Name = 'a certificate''s password'; Script = { "Connect-MgPresence @signIn -ClientId certified -CertificatePath '$TestDrive/app.pfx' -CertificatePassword (Secure ('pfx-' + 'password-4711'))" }; Works = $true }
        @{ Name = 'a wrong password'; Script = { "Connect-MgPresence @signIn -ClientId certified -CertificatePath '$TestDrive/app.pfx' -CertificatePassword (Secure ('wrong-' + 'secret-0815'))" }; Works = $false }
        @{ Name = 'a federated token'; Script = { "Connect-MgPresence @signIn -ClientId workload -FederatedToken (Secure (Get-Content '$TestDrive/assertion' -Raw))" }; Works = $true }
        @{ Name = 'a script block''s token'; Script = { "Connect-MgPresence @signIn -ClientId workload -FederatedToken { Get-Content '$TestDrive/assertion' -Raw }" }; Works = $true }
        @{ Name = 'a federated token of nobody'; Script = { "Connect-MgPresence @signIn -ClientId certified -FederatedToken (Secure (Get-Content '$TestDrive/assertion' -Raw))" }; Works = $false }
        @{ Name = 'a device code'; Script = { "Connect-MgPresence @signIn -ClientId '$AppId' -UseDeviceCode -Scopes Presence.Read" }; Works = $true }
        @{ Name = 'a managed identity'; Script = { "`$env:IDENTITY_ENDPOINT = '$($Emulator.identityEndpoint)'; `$env:IDENTITY_HEADER = '$($Emulator.identityHeader)'.Substring(0); Connect-MgPresence -Identity -Environment `$lab" }; Works = $true }
    ) {
        $said = (Get-EverythingSaid (& $Script)) -join "`n"
        foreach ($secret in 'emulator-client-secret', 'wrong-secret-0815', 'pfx-password-4711', $assertion, $assertion.Split('.')[2], 'eyJ') {
            $said.Contains($secret) | Should -BeFalse -Because "it says $($secret.Substring(0, 3))...: $([regex]::Match($said, ".{0,200}$([regex]::Escape($secret)).{0,40}").Value)"
        }
        # The same text shows that the sign-in ran at all.
        $said | Should -Match ($Works ? 'Availability' : 'AADSTS|certificate')
    }
}
