# MgPresence.DropIn: Microsoft's session commands for scripts that run without Microsoft's modules.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator
    function Invoke-Script([string] $Script) {
        Invoke-Fresh @"
            `$ErrorActionPreference = 'Stop'
            `$env:PSModulePath = '$RepositoryRoot/module', "`$PSHOME/Modules" -join [IO.Path]::PathSeparator
            `$env:MGPRESENCE_BASE_URI = '$($Emulator.url)'
            Import-Module MgPresence.DropIn
            `$token = ConvertTo-SecureString '$($Emulator.token)' -AsPlainText -Force
            try { $Script } catch { "failed: `$_" }
"@
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

    It 'completes the clouds' {
        (Invoke-Script '$line = "Connect-MgGraph -Environment USGovD"; (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText').Output | Should -Be USGovDoD
    }

    It 'refuses the sign-in <_> with a sentence' -ForEach '-Scopes Presence.ReadWrite', '-ClientId c -TenantId t -CertificateThumbprint x', '-Identity', '-UseDeviceCode', '' {
        (Invoke-Script "Connect-MgGraph $_").Output | Should -BeLike 'failed: MgPresence.DropIn signs in with -AccessToken only*'
    }
}
