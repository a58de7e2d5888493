# Get- and Set-MgPresenceRequestContext: the limits of requests, for the process and for one session.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator -User adele -NoConnect
    function Connect-Again([hashtable] $With = @{}) { Connect-MgPresence $Emulator.token -BaseUri $Emulator.url -PassThru @With }
    function Get-AttemptCount { Get-MgUserPresence adele -ErrorAction SilentlyContinue @args; @(Get-Sent).Count; $null = Invoke-Control DELETE requests }
}
AfterAll { Stop-Emulator }

Describe 'The limits of requests' {
    BeforeEach {
        Reset-Emulator
        Add-Fault @{ status = 503; headers = @{ 'Retry-After' = '0.1' } }
    }
    AfterEach { $null = [MgPresence.PresenceRequestContext].GetProperty('OfProcess', [Reflection.BindingFlags] 'NonPublic, Static').SetValue($null, [Activator]::CreateInstance([MgPresence.PresenceRequestContext])) }

    It 'are the library''s as long as nobody sets others' {
        $limits = Get-MgPresenceRequestContext
        $limits.ClientTimeout, $limits.MaxRetry, $limits.RetryDelay, $limits.RetriesTimeLimit | Should -Be $null, $null, $null, $null
    }

    It 'change for the session that is there and for later ones' {
        $null = Connect-Again
        (Set-MgPresenceRequestContext -MaxRetry 1).MaxRetry | Should -Be 1
        Get-AttemptCount | Should -Be 2
        $null = Connect-Again
        Get-AttemptCount | Should -Be 2
        (Get-MgPresenceRequestContext).MaxRetry | Should -Be 1
    }

    It 'change for one session with -Context, and for no other' {
        $one = Connect-Again
        $other = Connect-Again
        $null = Set-MgPresenceRequestContext -MaxRetry 0 -Context $one
        Get-AttemptCount -Context $one | Should -Be 1
        Get-AttemptCount -Context $other | Should -BeGreaterThan 2
        (Get-MgPresenceRequestContext -Context $one).MaxRetry | Should -Be 0
        (Get-MgPresenceRequestContext).MaxRetry | Should -BeNullOrEmpty
    }

    It 'of a session that was disconnected cannot be changed' {
        $one = Connect-Again
        $null = Disconnect-MgPresence
        { Set-MgPresenceRequestContext -MaxRetry 0 -Context $one } | Should -Throw 'The session of -Context was disconnected.*' -ErrorId 'NoCredential,*'
    }

    It 'are those of Connect-MgPresence where it names some' {
        $null = Set-MgPresenceRequestContext -MaxRetry 1
        $null = Connect-Again @{ MaxAttempts = 1 }
        Get-AttemptCount | Should -Be 1
    }

    It 'of the session are the output' {
        $null = Connect-Again @{ TimeoutSec = 5; MaxAttempts = 1 }
        $limits = Set-MgPresenceRequestContext -RetryDelay 1
        $limits.ClientTimeout, $limits.MaxRetry, $limits.RetryDelay | Should -Be 5, 0, 1
    }

    It 'that change leave no connection behind' {
        $null = Connect-Again
        $null = Invoke-Control DELETE faults
        1..20 | ForEach-Object { $null = Set-MgPresenceRequestContext -ClientTimeout (10 + $_); $null = Get-MgUserPresence adele }
        $port = ([uri] $Emulator.url).Port
        $deadline = [datetime]::UtcNow.AddSeconds(10)
        do {
            $open = [Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties().GetActiveTcpConnections().Where{ $_.RemoteEndPoint.Port -eq $port -and $_.State -eq 'Established' }
            if ($open.Count -lt 10) { break }
            Start-Sleep -Milliseconds 20
        } until ([datetime]::UtcNow -gt $deadline)
        $open.Count | Should -BeLessThan 10
    }

    It 'keep the session: nobody signs in again' {
        $context = Connect-Again
        $null = Set-MgPresenceRequestContext -MaxRetry 0
        (Get-MgPresenceContext).ConnectedAt | Should -Be $context.ConnectedAt
    }

    It 'bound the time of a call' {
        $null = Invoke-Control DELETE faults
        Add-Fault @{ kind = 'delay'; delayMs = 2000 }
        $null = Connect-Again
        $null = Set-MgPresenceRequestContext -ClientTimeout 0.1
        { Get-MgUserPresence adele -ErrorAction Stop } | Should -Throw -ErrorId 'Timeout,*'
    }

    It 'bound the waits between attempts' {
        $null = Invoke-Control DELETE faults
        Add-Fault @{ status = 503; headers = @{ 'Retry-After' = '30' } }
        $null = Connect-Again
        $null = Set-MgPresenceRequestContext -RetriesTimeLimit 1
        Get-AttemptCount | Should -Be 1
    }

    It 'set the wait before the first retry, where Graph asks for none' {
        $null = Invoke-Control DELETE faults
        Add-Fault @{ status = 503 }
        $null = Connect-Again
        $null = Set-MgPresenceRequestContext -MaxRetry 1 -RetryDelay 60 -ClientTimeout 10
        Get-AttemptCount | Should -Be 1 # the wait does not fit into the time
        $null = Set-MgPresenceRequestContext -RetryDelay 0.01
        Get-AttemptCount | Should -Be 2
    }

    It 'stay as they are under -WhatIf' {
        Set-MgPresenceRequestContext -MaxRetry 0 -WhatIf | Should -BeNullOrEmpty
        (Get-MgPresenceRequestContext).MaxRetry | Should -BeNullOrEmpty
    }
}
