# -Verify and Test-MgUserPresence: whether what was set is what is seen. The sentences are the library's.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator -User adele, alex
    $away = @{ Availability = 'Away'; Activity = 'Away' }
    function Add-TeamsClient([string] $User, [string] $Availability, [string] $Activity) {
        $null = Invoke-Control POST "users/$User/clients" @{ name = 'desktop'; availability = $Availability; activity = $Activity }
    }
}
AfterAll { Stop-Emulator }

Describe '-Verify' {
    BeforeEach { Reset-Emulator }

    It 'is silent when what was set shows' {
        Set-MgUserPresence adele @away -Verify 3>&1 | Should -BeNullOrEmpty
        (Get-Sent).method | Should -Be POST, GET
    }

    It 'leaves -ResponseHeadersVariable to the answer of the set' {
        Add-Fault @{ status = 200; headers = @{ 'X-Set' = 'yes' }; body = ''; match = @{ method = 'POST' } }
        Set-MgUserPresence adele @away -Verify -RHV answer -WarningAction SilentlyContinue
        $global:answer['X-Set'] | Should -Be yes
    }

    It 'warns when another session outranks it' {
        Add-TeamsClient adele Busy InACall
        Set-MgUserPresence adele @away -Verify -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeLike 'adele: Away/Away *Busy/InACall*another session outranks it*'
    }

    It 'warns when the preferred presence outranks it' {
        Set-MgUserPresence adele -Availability Available -Activity Available
        Set-MgUserPresenceUserPreferredPresence adele -Availability Offline -Activity OffWork
        Set-MgUserPresence adele -Availability Busy -Activity InACall -Verify -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeLike 'adele: *Offline/OffWork*preferred presence outranks every session*'
    }

    It 'names a preferred presence that looks like a lower session' {
        Set-MgUserPresence adele -Availability Available -Activity Available
        Set-MgUserPresenceUserPreferredPresence adele -Availability Available -Activity Available
        Set-MgUserPresence adele -Availability Busy -Activity InACall -Verify -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeLike 'adele: *Available/Available*a preferred presence may outrank it*'
    }

    It 'warns when a preferred presence has no session to show with' {
        Set-MgUserPresenceUserPreferredPresence adele -Availability Busy -Activity Busy -Verify -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeLike '*only while there is a session*'
    }

    It 'looks for each of many users, and keeps order and -PassThru' {
        Add-TeamsClient alex DoNotDisturb Presenting
        $given = 'adele', 'alex', 'nobody' | Set-MgUserPresence @away -Verify -PassThru -WarningVariable warnings -WarningAction SilentlyContinue -ErrorVariable failures -ErrorAction SilentlyContinue
        $given | Should -Be $true, $true
        $warnings | Should -BeLike 'alex:*'
        $failures.Count | Should -Be 1
    }

    It 'looks at what a body set' {
        Add-TeamsClient adele Busy InACall
        Set-MgUserPresence -UserId adele -BodyParameter @{ sessionId = $AppId; availability = 'Away'; activity = 'Away' } -Verify -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -Not -BeNullOrEmpty
    }

    It 'warns when what was set cannot be read back, since it was set' {
        Add-Fault @{ status = 403; code = 'Forbidden'; message = ''; match = @{ method = 'GET' } }
        Set-MgUserPresence adele @away -Verify -PassThru -WarningVariable warnings -WarningAction SilentlyContinue -ErrorAction Stop | Should -BeTrue
        $warnings | Should -BeLike 'adele: the presence was set but could not be read back. *403*'
    }

    It 'counts and traces it as what it is then: a success, and a read that failed' {
        Connect-MgPresence $Emulator.token -BaseUri $Emulator.url -MaxAttempts 1
        Add-Fault @{ status = 503; match = @{ method = 'GET' } }
        $debug = Set-MgUserPresence adele @away -Verify -SummaryVariable summary -WarningVariable warnings -WarningAction SilentlyContinue -Debug 5>&1 | Out-String
        $summary.Succeeded, $summary.Failed | Should -Be 1, 0
        $debug | Should -BeLike '*GET *503*'
        $warnings | Should -BeLike '*-MaxAttempts of Connect-MgPresence*'
    }
}

Describe 'Test-MgUserPresence' {
    BeforeEach { Reset-Emulator }

    It 'tells that no session is live' {
        $report = Test-MgUserPresence adele
        $report.User, $report.Effective, $report.HasSession | Should -Be adele, Offline/Offline, $false
        $report.Notes | Should -Not -BeNullOrEmpty
        $report.Shows | Should -BeNullOrEmpty
    }

    It 'tells that a preferred presence is set' {
        Set-MgUserPresence adele @away
        Set-MgUserPresenceUserPreferredPresence adele -Availability Offline -Activity OffWork
        (Test-MgUserPresence adele).HasPreferredPresence | Should -BeTrue
    }

    It 'is $true or $false for a pair: whether the user is seen as that now' {
        Test-MgUserPresence adele @away | Should -BeExactly $false
        Set-MgUserPresence adele @away
        Test-MgUserPresence adele @away | Should -BeExactly $true
        Test-MgUserPresence adele -Availability away -Activity AWAY | Should -BeExactly $true
        Add-TeamsClient adele Busy InAMeeting
        Test-MgUserPresence adele @away | Should -BeExactly $false
        Test-MgUserPresence adele -Availability Busy -Activity InAMeeting | Should -BeExactly $true # no pair to set, and one to be seen as
    }

    It 'decides an if' {
        $seen = if (Test-MgUserPresence adele @away) { 'seen' } else { 'not seen' }
        $seen | Should -Be 'not seen'
    }

    It 'gives neither where it cannot look: <Name>' -ForEach @(
        @{ Name = 'a token that has ended'; For = @{ expiresInSeconds = -60 }; Id = 'InvalidAuthenticationToken,*' }
        @{ Name = 'a token without the permission'; For = @{ permissions = @('User.Read.All') }; Id = 'Forbidden,*' }
    ) {
        $token = New-Token $For
        { if (Test-MgUserPresence adele @away -AccessToken $token) { } } | Should -Throw -ErrorId $Id
        Test-MgUserPresence adele @away -AccessToken $token -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Test-MgUserPresence adele -AccessToken $token -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
    }

    It 'names the permission that is missing' {
        $failure = { Test-MgUserPresence adele -AccessToken (New-Token @{ permissions = @('User.Read.All') }) } | Should -Throw -PassThru
        $failure.ErrorDetails.Message | Should -BeLike '*Presence.Read.All*'
    }

    It 'refuses half a pair, for whom a report would be true: <_>' -ForEach 'Availability', 'Activity' {
        $half = @{ $_ = 'Away' }
        { Test-MgUserPresence adele @half } | Should -Throw -ExpectedMessage '*both, or neither*' -ErrorId 'HalfPair,*'
        $half[$_] = ''
        { Test-MgUserPresence adele @half } | Should -Throw -ErrorId 'HalfPair,*'
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'takes the pair of a row: <Name>' -ForEach @(
        @{ Name = 'objects'; Of = { [pscustomobject] $_ } }, @{ Name = 'hashtables'; Of = { $_ } }
    ) {
        Set-MgUserPresence adele @away
        $rows = @{ UserId = 'adele'; Availability = 'Away'; Activity = 'Away' }, @{ UserId = 'alex'; Availability = 'Busy'; Activity = 'InACall' },
            @{ UserId = 'adele'; Availability = 'Busy'; Activity = 'InACall' } | ForEach-Object $Of
        $rows | Test-MgUserPresence | Should -BeExactly $true, $false, $false
        ($rows | Test-MgUserPresence -Detailed).Shows | Should -Be $true, $false, $false
        ($rows[0] | Test-MgUserPresence @away) | Should -BeExactly $true
        Test-MgUserPresence $rows | Should -BeExactly $true, $false, $false
        , $rows | Test-MgUserPresence | Should -BeExactly $true, $false, $false
    }

    It 'takes the pair of one row for each of its users: <Name>' -ForEach @(
        @{ Name = 'objects'; Of = { [pscustomobject] $_ } }, @{ Name = 'hashtables'; Of = { $_ } }
    ) {
        Set-MgUserPresence adele @away
        @{ UserId = 'adele', 'alex'; Availability = 'Away'; Activity = 'Away' } | ForEach-Object $Of | Test-MgUserPresence | Should -BeExactly $true, $false
    }

    It 'explains a row without a pair, and refuses one with half a pair' {
        $rows = @{ UserId = 'adele'; Availability = ''; Activity = '' }, @{ UserId = 'adele'; Availability = 'Away' }
        $given = $rows | ForEach-Object { [pscustomobject] $_ } | Test-MgUserPresence -ErrorVariable failures -ErrorAction SilentlyContinue
        $given | Should -HaveCount 1
        $given.User | Should -Be adele
        $failures | Should -HaveCount 1
        "$failures" | Should -BeLike '*both, or neither*'
    }

    It 'explains a pair with -Detailed: whether it shows, and if not, why' {
        Set-MgUserPresence adele @away
        (Test-MgUserPresence adele @away -Detailed).Shows | Should -BeTrue
        Add-TeamsClient adele Busy InACall
        $report = Test-MgUserPresence adele @away -Detailed
        $report.Shows | Should -BeFalse
        $report.Notes[-1] | Should -BeLike '*outranks it*'
    }

    It 'tells before a set whether it would show' {
        (Test-MgUserPresence adele @away -Detailed).WouldShow | Should -BeTrue
        Add-TeamsClient adele Busy InACall
        $report = Test-MgUserPresence adele @away -Detailed
        $report.Shows, $report.WouldShow | Should -Be $false, $false
        $report.Notes[-1] | Should -BeLike 'Away/Away would be accepted but may not show*'
        (Test-MgUserPresence adele -Availability DoNotDisturb -Activity Presenting -Detailed).WouldShow | Should -BeTrue
    }

    It 'tells that a pair is none' {
        $report = Test-MgUserPresence adele -Availability Busy -Activity Busy -Detailed
        $report.WouldShow | Should -BeFalse
        $report.Notes[-1] | Should -BeLike 'Busy/Busy is not a pair that setPresence accepts*'
    }

    It 'is an error for a user who is not there' {
        { Test-MgUserPresence nobody -ErrorAction Stop } | Should -Throw -ErrorId 'Request_ResourceNotFound,*'
    }

    It 'explains many users from the pipeline' {
        ('adele', 'alex' | Test-MgUserPresence).User | Should -Be adele, alex
    }
}
