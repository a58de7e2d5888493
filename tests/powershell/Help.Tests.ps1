# Help worth reading: complete, without placeholders, generated from its source, and with examples that run.

BeforeDiscovery {
    Import-Module "$PSScriptRoot/../../module/MgPresence/MgPresence.psd1"
    $commands = (Get-Command -Module MgPresence).Name
    $examples = foreach ($name in $commands) {
        foreach ($example in (Get-Help $name).examples.example) { @{ Name = $name; Title = $example.title; Code = $example.code } }
    }
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $common = @([Management.Automation.Cmdlet]::CommonParameters) + [Management.Automation.Cmdlet]::OptionalCommonParameters
    $placeholder = '\{\{|TODO|TBD|lorem|^\.?$'
    Start-Emulator -With '--approve-sign-ins', 'adele'
    Push-Location $TestDrive
    Copy-Item "$RepositoryRoot/examples/powershell/people.csv" .
    (Get-Content people.csv) -replace 'Busy,Busy', 'Away,Away' | Set-Content people.csv
    $env:GRAPH_TOKEN = $Emulator.token
    # What the examples of signing in name. The store of certificates is in the home of the user.
    . "$PSScriptRoot/SignIn.ps1"
    $before, $env:HOME = $env:HOME, "$TestDrive"
    $certificate = New-Certificate
    [IO.File]::WriteAllBytes("$TestDrive/app.pfx", $certificate.Export('Pfx', 'p'))
    Invoke-Expression (Get-StoreScript "$TestDrive/app.pfx")
    $tenantId, $otherTenantId, $clientId, $workloadId, $thumbprint = $TenantId, 'fabrikam.example', $AppId, 'workload', $certificate.Thumbprint
    $credential, $tokenFile = (New-ClientSecretCredential), "$TestDrive/token"
    $env:IDENTITY_ENDPOINT, $env:IDENTITY_HEADER = $Emulator.identityEndpoint, $Emulator.identityHeader
    $trust = @{ issuer = 'https://ci.example'; subject = 'job'; audience = 'api://AzureADTokenExchange' }
    Set-Content $tokenFile (Invoke-Control POST assertions $trust).assertion -NoNewline
}
AfterAll {
    Pop-Location
    Remove-Item Env:GRAPH_TOKEN, Env:IDENTITY_ENDPOINT, Env:IDENTITY_HEADER
    $env:HOME = $before
    Stop-MgPresenceEmulator
    Stop-Emulator
}

Describe 'The help of <_>' -ForEach $commands {
    BeforeAll { $help = Get-Help $_ -Full; $command = Get-Command $_ }

    It 'has a synopsis, a description, links, and two examples with remarks' {
        $help.Synopsis | Should -Not -Match $placeholder
        $help.Synopsis | Should -Not -BeLike "*$($command.Name) *-*" # what PowerShell makes up where there is no help
        ($help.description.Text -join ' ').Length | Should -BeGreaterThan 40
        $help.relatedLinks.navigationLink | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
        foreach ($example in $help.examples.example) {
            $example.code | Should -BeLike "*$($command.Name)*"
            ($example.remarks.Text -join '').Trim() | Should -Not -Match $placeholder
        }
    }

    It 'describes each of its parameters, and no other' {
        $visible = $command.Parameters.Values | Where-Object { $_.Name -notin $common -and -not ($_.Attributes | Where-Object { $_ -is [Parameter] -and $_.DontShow }) }
        $described = @($help.parameters | ForEach-Object { $_ } | Where-Object { $_.PSObject.Properties['parameter'] } | ForEach-Object { $_.parameter } | Where-Object Name -NotIn WhatIf, Confirm)
        $described | ForEach-Object Name | Sort-Object | Should -Be ($visible | ForEach-Object Name | Sort-Object)
        foreach ($parameter in $described) {
            ($parameter.description.Text -join ' ').Trim() | Should -Not -Match $placeholder -Because "-$($parameter.Name) needs a description"
            ($parameter.description.Text -join ' ').Length | Should -BeGreaterThan 15 -Because "-$($parameter.Name) needs a description"
        }
    }
}

Describe 'The help of a request' {
    It 'says which permission <_> needs' -ForEach ($commands -notmatch '-MgPresence') {
        (Get-Help $_).description.Text -join ' ' | Should -Match 'Permissions\. (Delegated: .+ Application: |None)'
    }
}

Describe 'The example' {
    BeforeEach {
        Reset-Emulator
        Register-Application $AppId @{ isPublic = $true; secrets = @('emulator-client-secret'); certificates = @($certificate.ExportCertificatePem()) }
        Register-Application workload @{ federatedCredentials = @($trust) }
        $null = Invoke-Control POST tenants @{ id = 'bbbbcccc-0000-dddd-1111-eeee2222ffff'; domain = 'fabrikam.example' }
        Connect-Emulator
    }

    AfterEach { 'Environment', 'UseDeviceCode', 'ClientId' | ForEach-Object { $PSDefaultParameterValues.Remove("Connect-MgPresence:$_") } }

    It '<Title> of <Name> runs' -ForEach $examples {
        if ($Code -match '-Me\b' -or $Name -like '*Location') { Connect-Emulator $Emulator.userToken }
        elseif ($Name -like 'Connect-*') { $null = Disconnect-MgPresence }
        if ($Name -like 'Connect-*') {
            $PSDefaultParameterValues['Connect-MgPresence:Environment'] = Get-Lab
            if ($Title -like '*as yourself') { # a code, where there is no browser
                $PSDefaultParameterValues['Connect-MgPresence:UseDeviceCode'] = $true
                $PSDefaultParameterValues['Connect-MgPresence:ClientId'] = $AppId
            }
        }
        $failures = @(& { $ErrorActionPreference = 'Continue'; Invoke-Expression $Code 2>&1 } | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
        # The session that the help's Clear-MgUserPresence ends was set in the lines before.
        $failures | Should -BeNullOrEmpty
    }
}

Describe 'The help file' {
    It 'is what its sources say: run module/tools/Build-Help.ps1' {
        $null = Invoke-Fresh "& '$RepositoryRoot/module/tools/Build-Help.ps1' -OutputPath '$TestDrive/help.xml'"
        Get-Content "$TestDrive/help.xml" -Raw | Should -BeExactly (Get-Content "$RepositoryRoot/module/MgPresence/en-US/MgPresence.dll-Help.xml" -Raw)
    }
}

Describe 'The topic' {
    It '<_> is found by Get-Help' -ForEach 'about_MgPresence', 'about_MgPresence_Pairs' {
        $fresh = Invoke-Fresh "`$env:PSModulePath = '$RepositoryRoot/module'; Import-Module MgPresence; Get-Help $_"
        $fresh.Output | Should -BeLike "*$_*DESCRIPTION*"
    }

    It 'about_MgPresence_Pairs lists the pairs of <Name>' -ForEach @(
        @{ Name = 'Set-MgUserPresence'; Operation = 'SetPresence' }
        @{ Name = 'Set-MgUserPresenceUserPreferredPresence'; Operation = 'SetUserPreferredPresence' }
    ) {
        $text = Get-Content "$RepositoryRoot/module/MgPresence/en-US/about_MgPresence_Pairs.help.txt" -Raw
        $table = [regex]::Match($text, "(?s)    $Name\r?\n\s+Availability\s+Activity\r?\n(.*?)\r?\n\r?\n").Groups[1].Value.Trim() -split '\r?\n' | ForEach-Object { ($_.Trim() -split '\s+') -join '/' }
        $pairs = [MgPresence.Interop.Operations]::Pairs($Operation) | ConvertFrom-Json | ForEach-Object { $_ -join '/' }
        $table | Sort-Object | Should -Be ($pairs | Sort-Object)
    }
}
