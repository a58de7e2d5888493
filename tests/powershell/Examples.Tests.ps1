# The examples run as they stand, each in a fresh PowerShell.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator
    $examples = "$RepositoryRoot/examples/powershell"

    # The way of a person who has the module installed and is connected.
    function Invoke-Example([string] $Script) {
        Invoke-Fresh @"
            `$env:PSModulePath = '$RepositoryRoot/module'
            `$ErrorActionPreference = 'Stop'
            Connect-MgPresence '$($Emulator.token)' -BaseUri $($Emulator.url)
            $Script
"@
    }
}
AfterAll { Stop-Emulator }

Describe 'The example' {
    BeforeEach { Reset-Emulator }

    It 'of Microsoft''s help page works with its one changed line' {
        $fresh = Invoke-Example "`$userId = '$AdeleId'; . '$examples/Set-MgUserPresence.ps1'"
        $fresh.Error | Should -BeNullOrEmpty
        $fresh.Output | Should -BeNullOrEmpty
        $sent = Get-Sent
        $sent.path | Should -Be "/v1.0/users/$AdeleId/presence/setPresence"
        $sent.body.sessionId, $sent.body.availability, $sent.body.activity, $sent.body.expirationDuration |
            Should -Be '22553876-f5ab-4529-bffb-cfe50aa89f87', 'Available', 'Available', 'PT1H'
        (Get-MgUserPresence $AdeleId).Availability | Should -Be Available
    }

    It 'of the four parameter sets shows four presences' {
        $fresh = Invoke-Example "& '$examples/Set-PresenceFourWays.ps1' adele | ForEach-Object Activity"
        $fresh.Error | Should -BeNullOrEmpty
        $fresh.Output -split '\s+' | Should -Be Available, InACall, Presenting, Away
    }

    It 'of a service holds the presences of a file until it is stopped' {
        $fresh = Invoke-Example "& '$examples/Hold-Presence.ps1' '$examples/people.csv' | Select-Object -First 2; (Get-MgUserPresence adele).Activity"
        $fresh.Output | Should -BeLike '*adele: Busy/InACall, Held*Offline'
        $fresh.Error | Should -BeLike '*Busy/Busy is not a pair*'
        @(Get-SentCall).path | Should -Contain '/v1.0/users/adele/presence/clearPresence'
    }

    It 'of a service clears after SIGINT, the signal that its unit is to use' -Skip:$IsWindows {
        $start = [Diagnostics.ProcessStartInfo]::new($env:MGP_PWSH)
        $start.RedirectStandardOutput = $start.RedirectStandardError = $start.RedirectStandardInput = $true
        $script = "`$env:PSModulePath = '$RepositoryRoot/module'; Connect-MgPresence '$($Emulator.token)' -BaseUri $($Emulator.url); & '$examples/Hold-Presence.ps1' '$examples/people.csv'"
        foreach ($argument in '-NoProfile', '-NonInteractive', '-Command', $script) { $start.ArgumentList.Add($argument) }
        $process = [Diagnostics.Process]::Start($start)
        while ($process.StandardOutput.ReadLine() -notlike '*adele: Busy/InACall, Held*') { $process.HasExited | Should -BeFalse }
        & kill -s INT $process.Id
        $process.WaitForExit(20000) | Should -BeTrue
        @(Get-SentCall).path | Should -Contain '/v1.0/users/adele/presence/clearPresence'
    }

    It 'of several tenants signs in to each and writes in each' {
        . "$PSScriptRoot/SignIn.ps1"
        $certificate = New-Certificate
        [IO.File]::WriteAllBytes("$TestDrive/app.pfx", $certificate.Export('Pfx', 'p'))
        $null = Invoke-Control POST tenants @{ id = 'bbbbcccc-0000-dddd-1111-eeee2222ffff'; domain = 'fabrikam.example' }
        Register-Application $AppId @{ certificates = @($certificate.ExportCertificatePem()) }
        $fresh = Invoke-Example @"
            `$PSDefaultParameterValues['Connect-MgPresence:Environment'] = @{ Name = 'Lab'; GraphEndpoint = '$($Emulator.url)'; AzureADEndpoint = '$($Emulator.url)' }
            `$certificate = [Security.Cryptography.X509Certificates.X509Certificate2]::new('$TestDrive/app.pfx', 'p')
            & '$examples/Set-PresenceInTenants.ps1' -TenantId contoso.example, fabrikam.example -ClientId $AppId -Certificate `$certificate -UserId adele | ForEach-Object { "`$(`$_.Tenant) `$(`$_.Seen)" }
"@
        $fresh.Error | Should -BeNullOrEmpty
        $fresh.Output -split '\r?\n' | Should -Be "$TenantId Away", 'bbbbcccc-0000-dddd-1111-eeee2222ffff Away'
    }

    It 'of many users sets those it can and names those it cannot' {
        Copy-Item "$examples/people.csv" $TestDrive
        $fresh = Invoke-Example "& '$examples/Import-Presence.ps1' '$TestDrive/people.csv'"
        $fresh.Output | Should -BeLike '2 users set in * s, 0 were set by an earlier run, 1 failed*megan: Busy/Busy is not a pair*'
        $again = Invoke-Example "& '$examples/Import-Presence.ps1' '$TestDrive/people.csv'"
        $again.Output | Should -BeLike '0 users set in * s, 2 were set by an earlier run, 1 failed*'
        (Get-MgUserPresence adele, alex).Activity | Should -Be InACall, Presenting
    }

    It 'of many users begins anew after an import without a failure, and keeps what an interrupted one has confirmed: <Name>' -ForEach @(
        @{ Name = 'all rows were set'; Rows = 'adele,Away,Away'; IsKept = $false }
        @{ Name = 'no such file'; Rows = $null; IsKept = $true }
        @{ Name = 'a file without a row'; Rows = ''; IsKept = $true }
    ) {
        $csv, $resume = "$TestDrive/rows.csv", "$TestDrive/rows.resume"
        Remove-Item $csv -ErrorAction Ignore
        if ($null -ne $Rows) { Set-Content $csv "UserId,Availability,Activity`n$Rows" }
        Set-MgUserPresence adele -Availability Busy -Activity InACall -ResumeFile $resume
        $null = Invoke-Example "`$ErrorActionPreference = 'Continue'; & '$examples/Import-Presence.ps1' '$csv' -ResumeFile '$resume'"
        Test-Path $resume | Should -Be $IsKept
    }

    It 'of many users says why a resume file cannot be used' {
        Copy-Item "$examples/people.csv" $TestDrive
        Set-Content "$TestDrive/other.txt" 'something else'
        $fresh = Invoke-Example "try { & '$examples/Import-Presence.ps1' '$TestDrive/people.csv' -ResumeFile '$TestDrive/other.txt' } catch { `$_.Exception.Message }"
        $fresh.Output | Should -BeLike '*other.txt is not a resume file*'
        Get-Content "$TestDrive/other.txt" | Should -Be 'something else'
    }
}
