# Tokens that live for seconds: each way to sign in renews them, in the middle of the work.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    . "$PSScriptRoot/SignIn.ps1"
    Start-Emulator -User adele -NoConnect -With '--token-lifetime', '2', '--approve-sign-ins', 'adele'
    $signIn = @{ Environment = Get-Lab; TenantId = $TenantId }

    # Works until a new token was fetched.
    function Wait-Renewal([scriptblock] $Work = { Get-MgUserPresence adele -ErrorAction Stop }) {
        $before = @(Get-SignIn | Measure-Object issued -Sum).Sum
        $deadline = [datetime]::UtcNow.AddSeconds(10)
        while (@(Get-SignIn | Measure-Object issued -Sum).Sum -le $before) {
            if ([datetime]::UtcNow -gt $deadline) { throw 'no token was renewed in 10 s' }
            $null = & $Work
            Start-Sleep -Milliseconds 100
        }
    }
    $trust = @{ issuer = 'https://ci.example'; subject = 'job'; audience = 'api://AzureADTokenExchange' }
    function New-Assertion { (Invoke-Control POST assertions $trust).assertion }
}
AfterAll { Stop-Emulator }

Describe 'A token that ends' {
    BeforeEach { Reset-Emulator; Register-Application workload @{ federatedCredentials = @($trust) } }

    It 'is renewed with <Name>' -ForEach @(
        @{ Name = 'the client secret'; Grant = 'client_credentials'; With = { @{ ClientSecretCredential = New-ClientSecretCredential } } }
        @{ Name = 'the refresh token of a user'; Grant = 'refresh_token'; With = { @{ UseDeviceCode = $true; ClientId = $AppId; Scopes = 'Presence.Read' } } }
    ) {
        $with = & $With
        Connect-MgPresence @signIn @with 6>$null
        $first = (Get-MgPresenceContext).ExpiresOn
        Wait-Renewal
        @(Get-SignIn).grantType | Should -Contain $Grant
        Get-MgUserPresence adele | Should -Not -BeNullOrEmpty
        (Get-MgPresenceContext).ExpiresOn | Should -BeGreaterThan $first
    }

    It 'is renewed with a certificate that the script has disposed of' {
        $certificate = New-Certificate
        Register-Application certified @{ certificates = @($certificate.ExportCertificatePem()) }
        Connect-MgPresence @signIn -ClientId certified -Certificate $certificate
        $certificate.Dispose()
        Wait-Renewal
    }

    It 'is renewed by the script block of -FederatedToken, on the thread of the pipeline that waits' {
        $calls = [Collections.Generic.List[int]]::new()
        $thread = [Environment]::CurrentManagedThreadId
        Connect-MgPresence @signIn -ClientId workload -FederatedToken { $calls.Add([Environment]::CurrentManagedThreadId); New-Assertion }
        Wait-Renewal
        $calls.Count | Should -BeGreaterThan 1
        $calls | Sort-Object -Unique | Should -Be $thread
    }

    It 'is renewed by the script block for a keep-alive while -Wait of Get-MgPresenceKeepAlive runs' {
        Connect-MgPresence @signIn -ClientId workload -FederatedToken { New-Assertion }
        Start-MgPresenceKeepAlive adele Away Away -Interval PT1S -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeLike '*script block*Get-MgPresenceKeepAlive -Wait*'
        $before = (Get-SignIn | Measure-Object issued -Sum).Sum
        $deadline = [datetime]::UtcNow.AddSeconds(10)
        $states = Get-MgPresenceKeepAlive -Wait | ForEach-Object {
            $_.State
            if ([datetime]::UtcNow -gt $deadline -or ((Get-SignIn | Measure-Object issued -Sum).Sum -gt $before + 1 -and $_.State -eq 'Renewed')) { Stop-MgPresenceKeepAlive -All }
        }
        [datetime]::UtcNow | Should -BeLessThan $deadline
        $states | Should -Not -Contain Failing
    }

    It 'is renewed by the script block while Stop-MgPresenceKeepAlive clears: <Name>' -ForEach @(
        @{ Name = 'what was started with -ClearOnStop'; Start = @{ ClearOnStop = $true }; Stop = @{} }
        @{ Name = 'with -Clear'; Start = @{}; Stop = @{ Clear = $true } }
    ) {
        Connect-MgPresence @signIn -ClientId workload -FederatedToken { New-Assertion }
        Start-MgPresenceKeepAlive adele Away Away @Start -WarningAction SilentlyContinue
        while (Get-MgPresenceKeepAlive -State Pending) { Start-Sleep -Milliseconds 20 }
        Start-Sleep -Seconds 2 # the token expires
        $taken = Measure-Command { Stop-MgPresenceKeepAlive -All @Stop -ErrorAction Stop }
        $taken.TotalSeconds | Should -BeLessThan 10
        (Get-MgUserPresence adele).Activity | Should -Be Offline
    }

    It 'is not waited for by the script block that is to renew it' {
        $context = $null
        $context = Connect-MgPresence @signIn -ClientId workload -PassThru -FederatedToken {
            if ($context) { Get-MgUserPresence adele -Context $context -ErrorAction SilentlyContinue -ErrorVariable inner; throw $inner[0].Exception.Message.Substring(0, 100) }
            New-Assertion
        }
        $taken = Measure-Command { { Wait-Renewal { Get-MgUserPresence adele -Context $context -ErrorAction Stop } } | Should -Throw '*script block of -FederatedToken needs a token of its own session*' }
        $taken.TotalSeconds | Should -BeLessThan 10
    }

    It 'is renewed after a script block that ended with <_>' -ForEach 'break', 'continue' {
        $state = @{ IsLoose = $false; Leave = [scriptblock]::Create($_) }
        Connect-MgPresence @signIn -ClientId workload -TimeoutSec 3 -FederatedToken { if ($state.IsLoose) { . $state.Leave }; New-Assertion }
        $state.IsLoose = $true
        $after = foreach ($try in 1) {
            { Wait-Renewal } | Should -Throw '*-FederatedToken ended with break or continue*'
            'still in the loop'
        }
        $after | Should -Be 'still in the loop'
        $state.IsLoose = $false
        Wait-Renewal
    }

    It 'is renewed after a script block that ended with exit, which ends its script' {
        Set-Content "$TestDrive/leave.ps1" "Get-MgUserPresence adele; 'not reached'"
        $state = @{ IsLoose = $false }
        Connect-MgPresence @signIn -ClientId workload -TimeoutSec 3 -FederatedToken { if ($state.IsLoose) { exit 7 }; New-Assertion }
        $state.IsLoose = $true
        $null = Invoke-Control POST clock @{ advance = 'PT10M' }
        & "$TestDrive/leave.ps1" | Should -BeNullOrEmpty
        $state.IsLoose = $false
        Wait-Renewal
    }

    It 'is renewed by the script block in another runspace' {
        $control = $Emulator.control
        $script = [scriptblock]::Create("(Invoke-RestMethod '$control/assertions' -Method Post -ContentType application/json -Body '$(ConvertTo-Json $trust -Compress)').assertion")
        $context = Connect-MgPresence @signIn -ClientId workload -FederatedToken $script -PassThru
        $ids = 1..30 | ForEach-Object -ThrottleLimit 2 -Parallel {
            Import-Module $using:ModulePath
            Start-Sleep -Milliseconds 200
            (Get-MgUserPresence adele -Context $using:context -ErrorAction Stop).Id
        }
        $ids | Should -Be (@($AdeleId) * 30)
        (Get-SignIn | Measure-Object issued -Sum).Sum | Should -BeGreaterThan 1
    }
}
