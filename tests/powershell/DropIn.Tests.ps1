# MgPresence.DropIn: Microsoft's session commands for scripts that run without Microsoft's modules.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    . "$PSScriptRoot/SignIn.ps1"
    Start-Emulator -With '--approve-sign-ins', 'adele'
    $certificate = New-Certificate
    [IO.File]::WriteAllBytes("$TestDrive/app.pfx", $certificate.Export('Pfx', 'p'))
    # What the environment of a service has, and a home for the store of certificates.
    $inherited = @{
        HOME = "$TestDrive"; IDENTITY_ENDPOINT = $Emulator.identityEndpoint; IDENTITY_HEADER = $Emulator.identityHeader
        AZURE_TENANT_ID = $TenantId; AZURE_CLIENT_ID = $AppId; AZURE_CLIENT_SECRET = 'emulator-client-secret'
    }
    function Invoke-Script([string] $Script) {
        Invoke-WithEnvironment $inherited { Invoke-Fresh @"
            `$ErrorActionPreference = 'Stop'
            `$env:PSModulePath = '$RepositoryRoot/module', "`$PSHOME/Modules" -join [IO.Path]::PathSeparator
            `$env:MGPRESENCE_BASE_URI = '$($Emulator.url)'
            Import-Module MgPresence.DropIn
            `$token = ConvertTo-SecureString '$($Emulator.token)' -AsPlainText -Force
            try { $Script } catch { "failed: `$_" }
"@
        }
    }
}
AfterAll { Stop-Emulator }

Describe 'MgPresence.DropIn' {
    BeforeEach { Reset-Emulator }

    It 'runs a script that connects as Microsoft''s do' {
        $fresh = Invoke-Script @'
            Connect-MgGraph -AccessToken $token -NoWelcome
            Set-MgUserPresence -UserId adele -Availability Busy -Activity InACall
            (Get-MgUserPresence -UserId adele).Activity
            (Get-MgContext).AuthType
            $null = Disconnect-MgGraph
            $null -eq (Get-MgContext)
'@
        $fresh.Error | Should -BeNullOrEmpty
        $fresh.Output -split '\s+' | Should -Be InACall, UserProvidedAccessToken, True
    }

    It 'tells who is connected, in every property that scripts know' {
        $fresh = Invoke-Script @"
            Set-StrictMode -Version Latest
            Connect-MgGraph -AccessToken (ConvertTo-SecureString '$($Emulator.userToken)' -AsPlainText -Force)
            `$context = Get-MgContext
            Set-MgUserPresence -UserId `$context.Account -Availability Busy -Activity InACall
            if (`$context.Scopes -notcontains 'Presence.ReadWrite') { 'would connect again' }
            `$null = `$context.CertificateThumbprint, `$context.CertificateSubjectName, `$context.Certificate, `$context.SendCertificateChain, `$context.AppName, `$context.ManagedIdentityId, `$context.ClientSecret
            `$context.ClientId
"@
        $fresh.Error | Should -BeNullOrEmpty
        $fresh.Output | Should -Be $AppId
        (Get-Sent).path | Should -BeLike '/v1.0/users/AdeleV%40*/presence/setPresence'
    }

    It 'connects nobody again who has left' {
        $fresh = Invoke-Script @'
            Connect-MgGraph -AccessToken $token
            $null = Disconnect-MgPresence
            $null = Set-MgRequestContext -ClientTimeout 5
            $null -eq (Get-MgContext)
            Connect-MgGraph -AccessToken $token
            Connect-MgPresence other -BaseUri $env:MGPRESENCE_BASE_URI
            $null = Set-MgRequestContext -ClientTimeout 5
            $null -eq (Get-MgContext).ClientId
'@
        $fresh.Output -split '\s+' | Should -Be True, True
    }

    It 'repeats as often as Set-MgRequestContext says, before and after connecting' {
        Add-Fault @{ status = 503; headers = @{ 'Retry-After' = '0' } }
        $fresh = Invoke-Script @'
            $null = Set-MgRequestContext -MaxRetry 1
            Connect-MgGraph -AccessToken $token
            Get-MgUserPresence adele -ErrorAction SilentlyContinue
            (Set-MgRequestContext -MaxRetry 2).MaxRetry
            Get-MgUserPresence adele -ErrorAction SilentlyContinue
'@
        $fresh.Output | Should -Be 2
        @(Get-Sent).Count | Should -Be (2 + 3)
    }

    It 'binds -Break as Microsoft''s does, and says what to use instead' {
        (Invoke-Script 'Connect-MgGraph -AccessToken $token -Break').Output | Should -BeLike 'failed: -Break belongs to*-Debug.'
        (Invoke-Script 'Connect-MgGraph -AccessToken $token -Break:$false; (Get-MgContext).AuthType').Output | Should -Be UserProvidedAccessToken
    }

    It 'says in ConstrainedLanguage mode, where MgPresence works, that it has to be signed' {
        $fresh = Invoke-Fresh @"
            `$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
            Import-Module '$ModulePath'
            Connect-MgPresence '$($Emulator.token)' -BaseUri '$($Emulator.url)'
            (Get-MgUserPresence adele).Availability
            try { Import-Module '$RepositoryRoot/module/MgPresence.DropIn/MgPresence.DropIn.psd1' } catch { "`$_" }
"@
        $fresh.Output | Should -BeLike 'Offline*MgPresence.DropIn cannot run in ConstrainedLanguage mode. Sign it*'
    }

    It 'sees the preferences of the script that calls it: <Name>' -ForEach @(
        @{ Name = 'Stop'; Line = '$ErrorActionPreference = "Stop"; try { Disconnect-MgGraph; "went on" } catch { "caught" }'; Says = 'caught' }
        @{ Name = 'Stop, of an environment'; Line = '$ErrorActionPreference = "Stop"; try { Get-MgEnvironment nope; "went on" } catch { "caught" }'; Says = 'caught' }
        @{ Name = 'Ignore'; Line = '$ErrorActionPreference = "Ignore"; Disconnect-MgGraph; "$?"'; Says = 'False' }
        @{ Name = '-ErrorAction first'; Line = '$ErrorActionPreference = "Stop"; Disconnect-MgGraph -ErrorAction Ignore; "$?"'; Says = 'False' }
        @{ Name = 'none'; Line = '$VerbosePreference = $null; $null = Get-MgEnvironment; Disconnect-MgGraph -ErrorAction Ignore; "went on"'; Says = 'went on' }
        @{ Name = '-WhatIf'; Line = '$WhatIfPreference = $true; Set-MgRequestContext -MaxRetry 3; $WhatIfPreference = $false; "$((Get-MgRequestContext).MaxRetry)."'; Says = 'What if:*.' }
    ) {
        # A scope of its own: the module has the global one's.
        (Invoke-Script "& { $Line }").Output | Should -BeLike $Says
    }

    It 'completes the clouds' {
        (Invoke-Script '$line = "Connect-MgGraph -Environment USGovD"; (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText').Output | Should -Be USGovDoD
    }

    It 'signs in as Microsoft''s does, with <Name>' -ForEach @(
        @{ Name = 'a secret'; Line = { "Connect-MgGraph -TenantId $TenantId -ClientSecretCredential ([pscredential]::new('$AppId', (ConvertTo-SecureString emulator-client-secret -AsPlainText -Force))) -NoWelcome -ContextScope Process -ClientTimeout 60" }; Is = 'AppOnly', 'ClientSecret' }
        @{ Name = 'a certificate'; Line = { "Connect-MgGraph certified -TenantId $TenantId -Certificate ([Security.Cryptography.X509Certificates.X509Certificate2]::new('$TestDrive/app.pfx', 'p')) -SendCertificateChain `$true" }; Is = 'AppOnly', 'ClientCertificate' }
        @{ Name = 'the thumbprint of a certificate'; Line = { "$(Get-StoreScript "$TestDrive/app.pfx")Connect-MgGraph -ClientId certified -TenantId $TenantId -CertificateThumbprint $($certificate.Thumbprint)" }; Is = 'AppOnly', 'ClientCertificate' }
        @{ Name = 'a managed identity'; Line = { 'Connect-MgGraph -Identity -NoWelcome' }; Is = 'ManagedIdentity', 'ManagedIdentity' }
        @{ Name = 'the variables of the environment'; Line = { 'Connect-MgGraph -EnvironmentVariable' }; Is = 'EnvironmentVariable', 'EnvironmentVariable' }
        @{ Name = 'a device code'; Line = { "Connect-MgGraph -ClientId $AppId -TenantId $TenantId -Scopes 'Presence.ReadWrite, User.Read' -UseDeviceCode 6>`$null" }; Is = 'Delegated', 'DeviceCode' }
        @{ Name = 'a device code and Microsoft''s own client, as most scripts do'; Line = { "Connect-MgGraph -Scopes 'Presence.ReadWrite' -UseDeviceCode -NoWelcome 6>`$null" }; Is = 'Delegated', 'DeviceCode' }
        @{ Name = 'a device code, by position and alias'; Line = { "Connect-Graph Presence.ReadWrite -AppId $AppId -Tenant $TenantId -DeviceCode 6>`$null" }; Is = 'Delegated', 'DeviceCode' }
    ) {
        Register-Application certified @{ certificates = @($certificate.ExportCertificatePem()) }
        $line = & $Line
        $fresh = Invoke-Script @"
            $line
            if ((Get-MgContext).AuthType -eq 'Delegated') { Set-MgUserPresence -UserId (Get-MgContext).Account -Availability Busy -Activity InACall }
            else { Set-MgUserPresence -UserId adele -SessionId (Get-MgContext).ClientId -Availability Busy -Activity InACall }
            (Get-MgUserPresence -UserId adele).Activity
            (Get-MgContext).AuthType
            (Get-MgContext).TokenCredentialType
"@
        $fresh.Error | Should -BeNullOrEmpty
        $fresh.Output -split '\s+' | Should -Be (@('InACall') + $Is)
    }

    It 'shows nothing of a secret that does not bind: <Name>' -ForEach @(
        @{ Name = 'an object as the token'; Line = 'Connect-MgGraph -AccessToken ([pscustomobject]@{ Token = "hush-" + "hush" })' }
        @{ Name = 'a key as the certificate'; Line = 'Connect-MgGraph -ClientId a -TenantId b -Certificate ("hush-" + "hush")' }
        @{ Name = 'an object as the client secret'; Line = 'Connect-MgGraph -TenantId t -ClientSecretCredential ([pscustomobject]@{ Password = "hush-" + "hush" })' }
    ) {
        $fresh = Invoke-Script $Line
        $fresh.Output | Should -BeLike 'failed: *'
        $fresh.Output | Should -Not -BeLike '*hush-hush*'
    }

    It 'asks for User.Read where a script names no scope, as Microsoft''s does' {
        (Invoke-Script "Connect-MgGraph -ClientId $AppId -TenantId $TenantId -UseDeviceCode 6>`$null; (Get-MgContext).Scopes -contains 'User.Read'").Output | Should -Be True
    }

    It 'fails as Connect-MgPresence does, and is itself the command that failed' {
        $fresh = Invoke-Script "try { Connect-MgGraph -TenantId $TenantId -ClientSecretCredential ([pscredential]::new('$AppId', (ConvertTo-SecureString wrong -AsPlainText -Force))) } catch { `$_.FullyQualifiedErrorId; `$_.InvocationInfo.Line.Contains('Connect-MgGraph') }"
        $fresh.Output -split '\s+' | Should -Be 'AADSTS7000215,Connect-MgGraph', True
    }

    It 'has environments as Microsoft''s does: added, changed, used and removed' {
        $fresh = Invoke-Script @"
            `$base, `$env:MGPRESENCE_BASE_URI = `$env:MGPRESENCE_BASE_URI, `$null
            (Add-MgEnvironment -Name Lab -AzureADEndpoint https://nowhere.example -GraphEndpoint `$base).Type
            (Set-MgEnvironment -Name lab -AzureADEndpoint `$base).GraphEndpoint -eq `$base
            Connect-MgGraph -TenantId $TenantId -ClientSecretCredential ([pscredential]::new('$AppId', (ConvertTo-SecureString emulator-client-secret -AsPlainText -Force))) -Environment Lab
            (Get-MgContext).Environment
            (Get-MgEnvironment).Name -join ','
            Remove-MgEnvironment -Name Lab
            (Get-MgEnvironment).Count
            try { Remove-MgEnvironment -Name Lab } catch { `$_.FullyQualifiedErrorId }
            try { Set-MgEnvironment -Name Global -GraphEndpoint x } catch { `$_.FullyQualifiedErrorId }
"@
        $fresh.Error | Should -BeNullOrEmpty
        $fresh.Output -split '\r?\n' | Should -Be 'User-defined', 'True', 'Lab', 'Global,USGov,USGovDoD,BleuCloud,Lab', '4', 'NoEnvironment,Remove-MgEnvironment', 'BuiltInEnvironment,Set-MgEnvironment'
    }
}
