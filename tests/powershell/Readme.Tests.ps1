# The PowerShell lines that a newcomer copies, taken from README.md and docs/powershell.md and run in a fresh PowerShell.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    function Get-Block([string] $Path) {
        [regex]::Matches((Get-Content "$RepositoryRoot/$Path" -Raw), '(?s)```powershell\r?\n(.*?)```') | ForEach-Object { $_.Groups[1].Value }
    }

    # In the checkout, as the texts say, line by line as at a prompt. Errors come out as "failed: …", each in a line.
    function Invoke-Block([string] $Block, [string] $Before = '') {
        $show = '2>&1 | ForEach-Object { $_ -is [Management.Automation.ErrorRecord] ? "failed: $($_.Exception.Message)" : $_ } | Out-String -Stream -Width 120'
        $lines = foreach ($statement in [Management.Automation.Language.Parser]::ParseInput($Block, [ref] $null, [ref] $null).EndBlock.Statements) {
            $statement -is [Management.Automation.Language.AssignmentStatementAst] ? "$statement" : "$statement $show"
        }
        Invoke-Fresh "Set-Location '$RepositoryRoot'; $Before`n$($lines -join "`n")"
    }

    # The module folder of a person who has run make install-module.
    $null = & "$RepositoryRoot/module/install" "$TestDrive/Modules"
    $installed = "`$env:PSModulePath = '$TestDrive/Modules', ""`$PSHOME/Modules"" -join [IO.Path]::PathSeparator; Remove-Item Env:MGP_EMULATOR -ErrorAction Ignore"
}

Describe 'README.md' -Skip:$IsWindows {
    It 'installs the module by a command that exists' {
        Get-Content "$RepositoryRoot/README.md" -Raw | Should -Match '(?m)^make install-module\b'
        & make --no-print-directory -n -C $RepositoryRoot install-module | Select-Object -Last 1 | Should -Be 'module/install'
    }

    It 'connects and sets a presence with its first lines, as they stand' {
        $fresh = Invoke-Block (Get-Block README.md)[0] $installed
        $fresh.Error | Should -BeNullOrEmpty
        $fresh.Output | Should -Not -BeLike '*failed:*'
        $fresh.Output | Should -Match 'Busy\s+adele\s+InACall'
    }

    It 'runs Microsoft''s example after them' {
        $fresh = Invoke-Block ((Get-Block README.md) -join "`n") "$installed; `$userId = '$AdeleId'"
        $fresh.Error | Should -BeNullOrEmpty
        $fresh.Output | Should -Not -BeLike '*failed:*'
    }
}

Describe 'docs/powershell.md' -Skip:$IsWindows {
    BeforeAll {
        . "$PSScriptRoot/SignIn.ps1"
        Start-Emulator -NoConnect
        $certificate = New-Certificate
        [IO.File]::WriteAllBytes("$TestDrive/app.pfx", $certificate.Export('Pfx', 'p'))
        Register-Application $AppId @{ secrets = @('emulator-client-secret'); certificates = @($certificate.ExportCertificatePem()) }
        $given = "$(Get-StoreScript "$TestDrive/app.pfx"); `$clientId, `$tenantId, `$thumbprint = '$AppId', '$TenantId', '$($certificate.Thumbprint)'
            `$credential = [pscredential]::new(`$clientId, (ConvertTo-SecureString emulator-client-secret -AsPlainText -Force)); `$contosoId = `$fabrikamId = `$tenantId
            `$PSDefaultParameterValues['Connect-MgPresence:BaseUri'] = '$($Emulator.url)'"
    }
    AfterAll { Stop-Emulator }

    It 'shows lines that run, where a certificate and the address of an emulator are given' {
        $fresh = Invoke-WithEnvironment @{ HOME = "$TestDrive" } { Invoke-Block (Get-Block docs/powershell.md)[0] "$installed; $given" }
        $fresh.Error | Should -BeNullOrEmpty
        $fresh.Output | Should -Not -BeLike '*failed:*'
        $fresh.Output | Should -Match 'Busy\s+AdeleV@contoso.example\s+InACall'
    }

    It 'shows lines that run in a checkout without installing; the error that it announces comes, and no other' {
        $fresh = Invoke-Block (Get-Block docs/powershell.md)[1] 'Remove-Item Env:MGP_EMULATOR'
        $fresh.Error | Should -BeNullOrEmpty
        @($fresh.Output -split '\r?\n' -like 'failed:*') | Should -BeLike 'failed: Busy/Busy is not a pair*'
    }

    It 'shows no other lines but those that run once connected, beside people.csv' {
        $connected = "Import-Module MgPresence; Connect-MgPresence '$($Emulator.token)' -BaseUri $($Emulator.url); Set-Location '$TestDrive'; $given"
        'people', 'contoso', 'fabrikam' | ForEach-Object { Copy-Item "$RepositoryRoot/examples/powershell/people.csv" "$TestDrive/$_.csv" }
        foreach ($block in Get-Block docs/powershell.md | Select-Object -Skip 2) {
            $fresh = Invoke-WithEnvironment @{ HOME = "$TestDrive" } { Invoke-Block $block "$installed; $connected" }
            $fresh.Error | Should -BeNullOrEmpty
            @($fresh.Output -split '\r?\n' -like 'failed:*' -notlike 'failed: Busy/Busy is not a pair*') | Should -BeNullOrEmpty
        }
    }
}

Describe 'module/install' -Skip:$IsWindows {
    It 'copies both modules whole, and again over what is there' {
        Set-Content "$TestDrive/Modules/MgPresence/0.1.0/left-over" x
        & "$RepositoryRoot/module/install" "$TestDrive/Modules" | Should -BeLike '*is in *'
        Test-Path "$TestDrive/Modules/MgPresence/0.1.0/left-over" | Should -BeFalse
        $fresh = Invoke-Fresh "`$env:PSModulePath = '$TestDrive/Modules', ""`$PSHOME/Modules"" -join [IO.Path]::PathSeparator; (Import-Module MgPresence.DropIn -PassThru).Version.ToString(); (Get-Module MgPresence).ModuleBase"
        $fresh.Output -split '\r?\n' | Should -Be '0.1.0', "$TestDrive/Modules/MgPresence/0.1.0"
    }

    It 'puts them where this PowerShell looks first, by default' {
        $folder = "$TestDrive/home/powershell"
        $said = & env "HOME=$TestDrive/home" "XDG_DATA_HOME=$TestDrive/home" "PSModulePath=" "PWSH=$env:MGP_PWSH" "$RepositoryRoot/module/install"
        $said | Should -BeLike "*is in $folder/Modules/MgPresence*"
    }
}
