<#
    Beside Microsoft's modules: their commands are functions, and functions beat cmdlets. Stand-ins have their names and answer with theirs.
    Each case runs in a fresh PowerShell.
#>
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator

    $standIns = "$TestDrive/Modules"
    function Add-StandIn([string] $Name, [string] $Script, [string[]] $Functions) {
        $null = New-Item "$standIns/$Name" -ItemType Directory
        Set-Content "$standIns/$Name/$Name.psm1" $Script
        New-ModuleManifest "$standIns/$Name/$Name.psd1" -RootModule "$Name.psm1" -FunctionsToExport $Functions -CmdletsToExport @() -AliasesToExport @()
    }

    Add-StandIn Microsoft.Graph.Users.Actions 'function Set-MgUserPresence { [CmdletBinding()] param($UserId, $BodyParameter) "Microsoft" }' Set-MgUserPresence
    Add-StandIn Microsoft.Graph.Authentication @"
        `$script:context = `$null
        function Connect-MgGraph { param(`$Token = '$($Emulator.token)') `$script:token = `$Token; `$script:context = [pscustomobject]@{ AuthType = 'AppOnly'; TenantId = 't'; ClientId = 'c'; Account = `$null; Environment = 'Loopback' } }
        function Disconnect-MgGraph { `$script:context = `$null }
        function Get-MgContext { `$script:context }
        function Set-MgRequestContext { 'Microsoft' }
        function Get-MgEnvironment { [pscustomobject]@{ Name = 'Loopback'; Type = 'User-defined'; GraphEndpoint = '$($Emulator.url)' } }
        function Invoke-MgGraphRequest { [CmdletBinding()] param(`$Method, `$Uri, `$OutputType, [switch] `$SkipHttpErrorCheck)
            if (-not `$script:context) { throw 'Authentication needed. Please call Connect-MgGraph.' }
            if (`$script:token -eq 'none') { Write-Error 'The token cache is locked.'; return }
            if (`$global:fails-- -gt 0) { Write-Error 'The token cache is locked.'; return }
            `$global:asked++
            `$request = [Net.Http.HttpRequestMessage]::new(`$Method, 'http://127.0.0.1/')
            `$request.Headers.Authorization = [Net.Http.Headers.AuthenticationHeaderValue]::new('Bearer', `$script:token)
            `$answer = [Net.Http.HttpResponseMessage]::new()
            `$answer.RequestMessage = `$request
            `$answer }
"@ Connect-MgGraph, Disconnect-MgGraph, Get-MgContext, Set-MgRequestContext, Get-MgEnvironment, Invoke-MgGraphRequest

    $paths = "'$standIns', '$RepositoryRoot/module', `"`$PSHOME/Modules`" -join [IO.Path]::PathSeparator"
    function Invoke-Beside([string] $Script) {
        $fresh = Invoke-Fresh "`$ErrorActionPreference = 'Stop'; `$env:PSModulePath = $paths; try { $Script } catch { `"failed: `$_`" }"
        $fresh.Error | Should -BeNullOrEmpty
        $fresh.Output -split '\r?\n'
    }
    $set = "Set-MgUserPresence -UserId adele -BodyParameter @{ sessionId = '$AppId'; availability = 'Away'; activity = 'Away' }"
    $connect = "Connect-MgPresence '$($Emulator.token)' -BaseUri $($Emulator.url)"
}
AfterAll { Stop-Emulator }

Describe 'Beside Microsoft''s modules' {
    BeforeEach { Reset-Emulator }

    It 'Microsoft''s function has the name when it is imported <Name>' -ForEach @(
        @{ Name = 'first'; Order = 'Microsoft.Graph.Users.Actions', 'MgPresence' }
        @{ Name = 'last'; Order = 'MgPresence', 'Microsoft.Graph.Users.Actions' }
    ) {
        $said = Invoke-Beside "Import-Module $($Order[0]); Import-Module $($Order[1]); $connect; $set; MgPresence\$set -PassThru; (Get-MgPresenceContext).CommandSource"
        $said | Should -Be 'Microsoft', 'True', 'Microsoft.Graph.Users.Actions'
        @(Get-Sent).Count | Should -Be 1
    }

    It 'a token that comes at the second look is used, and what it sent is in the resume file' {
        $said = Invoke-Beside "Import-Module MgPresence, Microsoft.Graph.Authentication; Connect-MgGraph; `$global:fails = 1
            'adele', 'alex' | Set-MgUserPresence -Availability Away -Activity Away -ResumeFile '$TestDrive/second' -SummaryVariable summary -ErrorAction SilentlyContinue; `$summary.Succeeded
            'adele', 'alex' | Set-MgUserPresence -Availability Away -Activity Away -ResumeFile '$TestDrive/second' -SummaryVariable summary; `$summary.Skipped"
        $said | Should -Be 2, 2
    }

    It 'the name is ours where only MgPresence is loaded, although Microsoft''s could be' {
        Invoke-Beside "Import-Module MgPresence; $connect; $set -PassThru; (Get-MgPresenceContext).CommandSource" | Should -Be 'True', 'MgPresence'
    }

    It 'autoload gives the name to the module that comes first on PSModulePath' {
        Invoke-Beside $set | Should -Be 'Microsoft'
    }

    It 'a #Requires line or an Import-Module for MgPresence decides it' {
        Set-Content "$TestDrive/script.ps1" "#Requires -Modules MgPresence`n$connect`n$set -PassThru"
        Invoke-Beside "& '$TestDrive/script.ps1'" | Should -Be 'True'
    }

    It '-Prefix gives our commands names of their own' {
        Invoke-Beside "Import-Module Microsoft.Graph.Users.Actions; Import-Module MgPresence -Prefix P; Connect-PMgPresence '$($Emulator.token)' -BaseUri $($Emulator.url); Set-PMgUserPresence adele -Availability Away -Activity Away -PassThru; $set" |
            Should -Be 'True', 'Microsoft'
    }

    It 'the names of Microsoft''s session are never ours' {
        Invoke-Beside "Import-Module MgPresence; (Get-Module MgPresence).ExportedCommands.Keys -match '^(Connect-MgGraph|Disconnect-MgGraph|Get-MgContext|Set-MgRequestContext)$'" | Should -BeNullOrEmpty
    }
}

Describe 'A session of Connect-MgGraph' {
    BeforeEach { Reset-Emulator }

    It 'is used when MgPresence has none' {
        $said = Invoke-Beside "Import-Module Microsoft.Graph.Authentication, MgPresence; Connect-MgGraph; $set; (Get-MgUserPresence adele).Activity; (Get-MgPresenceContext).AuthType"
        $said | Should -Be 'Away', 'Connect-MgGraph'
        @(Get-Sent).Count | Should -Be 2
    }

    It 'gives way to a session of our own' {
        Invoke-Beside "Import-Module Microsoft.Graph.Authentication, MgPresence; Connect-MgGraph; $connect; (Get-MgPresenceContext).AuthType" | Should -Be 'UserProvidedAccessToken'
    }

    It 'is not there when nobody connected it' {
        Invoke-Beside "Import-Module Microsoft.Graph.Authentication, MgPresence; Get-MgPresenceContext; $set" | Should -Be 'failed: Authentication needed. Please call Connect-MgPresence.'
    }

    It 'ends with Disconnect-MgGraph' {
        Invoke-Beside "Import-Module Microsoft.Graph.Authentication, MgPresence; Connect-MgGraph; $set; Disconnect-MgGraph; $set" | Should -Be 'failed: Authentication needed. Please call Connect-MgPresence.'
    }

    It 'is taken anew when it was made anew, although it looks the same' {
        $weak = New-Token @{ permissions = @('Presence.Read.All') }
        Invoke-Beside "Import-Module Microsoft.Graph.Authentication, MgPresence; Connect-MgGraph '$weak'; try { $set } catch { }; Connect-MgGraph; $set -PassThru" | Should -Be 'True'
        (Get-Sent).status | Should -Be 403, 200
    }

    It 'is asked again for a token that Graph has refused' {
        Add-Fault @{ status = 401; code = 'InvalidAuthenticationToken'; count = 1 }
        Invoke-Beside "Import-Module Microsoft.Graph.Authentication, MgPresence; Connect-MgGraph; try { $set } catch { `$_.FullyQualifiedErrorId }; $set -PassThru; `$asked" |
            Should -Be 'InvalidAuthenticationToken,MgPresence.Cmdlets.SetMgUserPresence', 'True', '2'
    }

    It 'is asked again before its token ends, in the middle of a pipeline' {
        $soon = New-Token @{ expiresInSeconds = 50 }
        Invoke-Beside "Import-Module Microsoft.Graph.Authentication, MgPresence; Connect-MgGraph '$soon'; ('adele', 'adele', 'adele' | Get-MgUserPresence).Count; `$asked" | Should -Be '3', '3'
        Invoke-Beside "Import-Module Microsoft.Graph.Authentication, MgPresence; Connect-MgGraph; ('adele', 'adele', 'adele' | Get-MgUserPresence).Count; `$asked" | Should -Be '3', '1'
    }

    It 'has the address for a call with a token of its own, and is not asked for its token' {
        Invoke-Beside "Import-Module Microsoft.Graph.Authentication, MgPresence; Connect-MgGraph none; $set -AccessToken '$($Emulator.token)' -PassThru" | Should -Be 'True'
    }

    It 'keeps no presence alive, and says why' {
        Invoke-Beside "Import-Module Microsoft.Graph.Authentication, MgPresence; Connect-MgGraph; Start-MgPresenceKeepAlive adele -Availability Busy -Activity InACall" |
            Should -Be 'failed: Authentication needed. Please call Connect-MgPresence. A keep-alive does not use the session of Connect-MgGraph.'
    }

    It 'has the limits of Set-MgPresenceRequestContext, and so has a call with a token of its own' {
        Add-Fault @{ status = 503; headers = @{ 'Retry-After' = '0.01' } }
        $counted = "try { $set } catch { }; try { $set -AccessToken '$($Emulator.token)' } catch { }"
        $limit = 'Set-MgPresenceRequestContext -ClientTimeout 30 -MaxRetry'
        $null = Invoke-Beside "Import-Module Microsoft.Graph.Authentication, MgPresence; Connect-MgGraph; `$null = $limit 1; $counted; `$null = $limit 0; $counted"
        @(Get-Sent).Count | Should -Be (2 * (2 + 1))
    }

    It 'is what a resume file knows an input by: another tenant''s inputs are sent' {
        $null = Invoke-Control POST tenants @{ id = '11111111-0000-cccc-1111-dddd2222eeee'; domain = 'fabrikam.example' }
        $other = New-Token @{ tenant = 'fabrikam.example'; permissions = @('Presence.ReadWrite.All') }
        $resumed = "$set -ResumeFile '$TestDrive/sessions.resume' -SummaryVariable summary -ErrorAction SilentlyContinue; `$summary.Skipped"
        Invoke-Beside "Import-Module Microsoft.Graph.Authentication, MgPresence; Connect-MgGraph; $resumed; Connect-MgGraph '$other'; $resumed; $connect; $resumed" |
            Should -Be '0', '0', '1'
    }

    It 'that <Name> does not keep -WhatIf from showing what a resume file does not have' -ForEach @(
        @{ Name = 'is missing'; Before = '' }
        @{ Name = 'gives no token'; Before = 'Connect-MgGraph none;' }
        @{ Name = 'is not asked, beside -AccessToken,'; Before = 'Connect-MgGraph none; $PSDefaultParameterValues["Set-MgUserPresence:AccessToken"] = "opaque";' }
    ) {
        Invoke-Beside "Import-Module Microsoft.Graph.Authentication, MgPresence; $Before $set -ResumeFile '$TestDrive/none.resume' -WhatIf" | Should -BeLike 'What if: *'
    }

    It 'that gives no token says why' {
        Invoke-Beside "Import-Module Microsoft.Graph.Authentication, MgPresence; Connect-MgGraph none; $set" |
            Should -Be 'failed: Authentication needed. Please call Connect-MgPresence. (Connect-MgGraph did not return a token: The token cache is locked.)'
    }

    It 'is not looked for by loading Microsoft''s module' {
        Invoke-Beside "Import-Module MgPresence; Get-MgUserPresence adele -ErrorAction SilentlyContinue; (Get-Module Microsoft.Graph.*).Name" | Should -BeNullOrEmpty
    }
}
