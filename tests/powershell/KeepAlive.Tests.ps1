# Start-, Get- and Stop-MgPresenceKeepAlive: presences that stay.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $ErrorActionPreference = 'Continue'
    Start-Emulator -User (@('adele', 'alex') + (1..50 | ForEach-Object { "user$_" }))
    $users = 1..50 | ForEach-Object { "user$_" }

    # Waits until a condition holds.
    function Wait-For([scriptblock] $Condition) {
        $deadline = [datetime]::UtcNow.AddSeconds(15)
        while (-not (& $Condition)) {
            if ([datetime]::UtcNow -gt $deadline) { throw "Not so in time: $Condition" }
            Start-Sleep -Milliseconds 20
        }
    }
    function Wait-Held { Wait-For { -not (Get-MgPresenceKeepAlive -State Pending) } }
    function Get-State($User) { (Get-MgPresenceKeepAlive $User).State }
}
AfterAll { Stop-Emulator }

Describe 'A presence that is kept alive' {
    BeforeEach { Reset-Emulator; Connect-Emulator }
    AfterEach { if (Get-MgPresenceKeepAlive) { Stop-MgPresenceKeepAlive -All } }

    It 'is set at once and again at its interval' {
        Start-MgPresenceKeepAlive adele -Availability Busy -Activity InACall -Interval 00:00:01
        Wait-For { @(Get-Sent).Count -ge 3 }
        (Get-Sent).path | Sort-Object -Unique | Should -Be '/v1.0/users/adele/presence/setPresence'
        (Get-Sent)[0].body.sessionId, (Get-Sent)[0].body.activity | Should -Be $AppId, InACall
        $kept = Get-MgPresenceKeepAlive adele
        $kept.State | Should -BeIn Held, Renewed
        $kept.NextRenewal | Should -BeGreaterThan $kept.LastRenewal.AddSeconds(-1)
        $kept.Expires | Should -BeGreaterThan $kept.LastRenewal
        "$kept" | Should -BeLike 'adele: Busy/InACall, *'
    }

    It 'is given as <Name>' -ForEach @(
        @{ Name = 'ids'; Call = { 'user1', 'user2' | Start-MgPresenceKeepAlive -Availability Away -Activity Away } }
        @{ Name = 'an array'; Call = { Start-MgPresenceKeepAlive user1, user2 Away Away } }
        @{ Name = 'rows'; Call = { 'user1', 'user2' | ForEach-Object { [pscustomobject]@{ UserId = $_; Availability = 'Away'; Activity = 'Away'; ExpirationDuration = '' } } | Start-MgPresenceKeepAlive } }
        @{ Name = 'hashtables'; Call = { @{ UserId = 'user1'; Availability = 'Away'; Activity = 'Away' }, @{ UserId = 'user2'; Availability = 'Away'; Activity = 'Away' } | Start-MgPresenceKeepAlive } }
        @{ Name = 'what Get- returned'; Call = { Start-MgPresenceKeepAlive user1, user2 Away Away; Wait-Held; $kept = Get-MgPresenceKeepAlive; Stop-MgPresenceKeepAlive -All; $kept | Start-MgPresenceKeepAlive } }
    ) {
        & $Call
        Wait-Held
        (Get-MgPresenceKeepAlive).UserId | Sort-Object | Should -Be user1, user2
        (Get-MgUserPresence user1, user2).Activity | Should -Be Away, Away
    }

    It 'may be one of many, in batches' {
        $users | Start-MgPresenceKeepAlive -Availability Available -Activity Available
        Wait-Held
        $summary = Get-MgPresenceKeepAlive -Summary
        $summary.Held, $summary.Failing, $summary.Renewals | Should -Be 50, 0, 50
        @(Get-SentCall).Count | Should -Be 50
        @(Get-Sent).Count | Should -BeLessThan 40
    }

    It 'of the signed-in user goes to /me' {
        Connect-Emulator $Emulator.userToken
        Start-MgPresenceKeepAlive -Me -Availability Busy -Activity InACall
        Wait-Held
        (Get-Sent)[0].path | Should -Be '/v1.0/me/presence/setPresence'
        Stop-MgPresenceKeepAlive -Me
        Get-MgPresenceKeepAlive | Should -BeNullOrEmpty
    }

    It 'of the signed-in user starts again from a list of what was kept' {
        Connect-Emulator $Emulator.userToken
        Start-MgPresenceKeepAlive -Me Busy InACall
        Start-MgPresenceKeepAlive -Me Away Away -Preferred -ExpirationDuration PT1H
        $kept = Get-MgPresenceKeepAlive
        Stop-MgPresenceKeepAlive -All
        Start-MgPresenceKeepAlive $kept
        (Get-MgPresenceKeepAlive | Sort-Object Preferred).Activity | Should -Be InACall, Away
    }

    It 'is refused for a row that cannot be read, and goes on' {
        $broken = [pscustomobject]@{ UserId = 'user1'; Activity = 'Away' } | Add-Member -PassThru ScriptProperty Availability { throw 'no' }
        $row = [pscustomobject]@{ UserId = 'user2'; Availability = @('Away'); Activity = 'Away' }
        Start-MgPresenceKeepAlive @($broken, $row) -ErrorVariable failures -ErrorAction SilentlyContinue
        "$failures" | Should -BeLike '*no*'
        (Get-MgPresenceKeepAlive).UserId | Should -Be user2
    }

    It 'may be the preferred one' {
        Start-MgPresenceKeepAlive adele Busy Busy -Preferred -ExpirationDuration PT1H
        Wait-Held
        (Get-Sent).path | Should -BeLike '*/setUserPreferredPresence'
        (Get-Sent).body.expirationDuration | Should -Be PT1H
    }

    It 'is the preferred one where the row says so: <Name>' -ForEach @(
        @{ Name = 'objects'; Rows = { [pscustomobject]@{ UserId = 'adele'; Preferred = $true }, [pscustomobject]@{ UserId = 'alex'; Preferred = $false } } }
        @{ Name = 'hashtables'; Rows = { @{ UserId = 'adele'; Preferred = $true }, @{ UserId = 'alex' } } }
        @{ Name = 'a CSV file'; Rows = { "UserId,Preferred`nadele,True`nalex,`n" | ConvertFrom-Csv } }
        @{ Name = 'what Get- returned, as CSV'; Rows = {
                Start-MgPresenceKeepAlive adele Away Away -Preferred
                Start-MgPresenceKeepAlive alex Away Away
                $rows = Get-MgPresenceKeepAlive | ConvertTo-Csv | ConvertFrom-Csv
                Stop-MgPresenceKeepAlive -All
                $rows
            }
        }
    ) {
        & $Rows | Start-MgPresenceKeepAlive -Availability Away -Activity Away
        (Get-MgPresenceKeepAlive adele).Preferred, (Get-MgPresenceKeepAlive alex).Preferred | Should -Be $true, $false
    }

    It 'holds -Preferred:$false of the command line against a row: <Name>' -ForEach @(
        @{ Name = 'a hashtable'; Call = { @{ UserId = 'adele'; Preferred = 'True' } | Start-MgPresenceKeepAlive -Availability Away -Activity Away -Preferred:$false } }
        @{ Name = 'an object'; Call = { [pscustomobject]@{ UserId = 'adele'; Preferred = 'True' } | Start-MgPresenceKeepAlive -Availability Away -Activity Away -Preferred:$false } }
        @{ Name = 'an argument'; Call = { Start-MgPresenceKeepAlive @{ UserId = 'adele'; Preferred = 'True' } Away Away -Preferred:$false } }
    ) {
        & $Call
        (Get-MgPresenceKeepAlive).Preferred | Should -BeFalse
    }

    It 'has the columns of a row that is given as an argument: <Name>' -ForEach @(
        @{ Name = 'a hashtable'; Rows = { @{ UserId = 'adele'; ExpirationDuration = 'PT1H'; Preferred = $true } } }
        @{ Name = 'an object'; Rows = { [pscustomobject]@{ UserId = 'adele'; ExpirationDuration = 'PT1H'; Preferred = $true } } }
        @{ Name = 'a list of one'; Rows = { , @([pscustomobject]@{ UserId = 'adele'; ExpirationDuration = 'PT1H'; Preferred = $true }) } }
        @{ Name = 'the rows of a table'; Rows = {
                $table = [System.Data.DataTable]::new()
                'UserId', 'ExpirationDuration', 'Preferred' | ForEach-Object { $null = $table.Columns.Add($_) }
                $null = $table.Rows.Add('adele', 'PT1H', 'True')
                $table.Rows
            }
        }
        @{ Name = 'what Get- returned'; Rows = {
                Start-MgPresenceKeepAlive adele Away Away -ExpirationDuration PT1H -Preferred
                Get-MgPresenceKeepAlive
                Stop-MgPresenceKeepAlive -All
            }
        }
    ) {
        Start-MgPresenceKeepAlive (& $Rows) Busy Busy
        $kept = Get-MgPresenceKeepAlive
        $kept.UserId, $kept.Availability, $kept.ExpirationDuration, $kept.Preferred | Should -Be 'adele', 'Busy', 'PT1H', $true
    }

    It 'is started anew by the name that it has, without the row that gave it' {
        Start-MgPresenceKeepAlive @{ UserId = 'adele'; Availability = 'Busy'; Activity = 'Busy'; ExpirationDuration = 'PT4H'; Preferred = $true }
        $kept = Get-MgPresenceKeepAlive
        Stop-MgPresenceKeepAlive -All
        Start-MgPresenceKeepAlive $kept.UserId -Availability Away -Activity Away
        (Get-MgPresenceKeepAlive).Preferred, (Get-MgPresenceKeepAlive).ExpirationDuration | Should -Be $false, $null
    }

    It 'is refused where a row does not say whether: <Name>' -ForEach @(
        @{ Name = 'an object'; Row = [pscustomobject]@{ UserId = 'adele'; Preferred = 'perhaps' } }
        @{ Name = 'a hashtable'; Row = @{ UserId = 'adele'; Preferred = 'perhaps' } }
    ) {
        $Row | Start-MgPresenceKeepAlive -Availability Away -Activity Away -ErrorVariable failure -ErrorAction SilentlyContinue
        $failure | Should -Match '"perhaps" is neither True nor False'
        Get-MgPresenceKeepAlive | Should -BeNullOrEmpty
    }

    It 'changes when it is started again' {
        Start-MgPresenceKeepAlive adele Busy InACall
        Wait-Held
        Start-MgPresenceKeepAlive adele Away Away
        Wait-For { (Get-MgUserPresence adele).Activity -eq 'Away' }
        (Get-MgPresenceKeepAlive adele).Activity | Should -Be Away
    }

    It 'is refused before anything is sent: <Name>' -ForEach @(
        @{ Name = 'a pair that Graph does not accept'; Call = { Start-MgPresenceKeepAlive adele Busy Busy -ErrorAction Stop }; Id = 'InvalidPair' }
        @{ Name = 'an interval that is not shorter than the presence lasts'; Call = { Start-MgPresenceKeepAlive adele Busy InACall -Interval 01:00:00 -ErrorAction Stop }; Id = 'Option' }
        @{ Name = 'no id'; Call = { '' | Start-MgPresenceKeepAlive -Availability Away -Activity Away -ErrorAction Stop }; Id = 'InvalidId' }
        @{ Name = 'an interval without a length'; Call = { Start-MgPresenceKeepAlive adele Busy InACall -Interval 00:00:00 -ErrorAction Stop }; Id = 'InvalidDuration' }
        @{ Name = 'a negative interval'; Call = { Start-MgPresenceKeepAlive adele Busy InACall -Interval -00:00:10 -ErrorAction Stop }; Id = 'InvalidDuration' }
        @{ Name = '-Me:$false'; Call = { Start-MgPresenceKeepAlive -Me:$false -Availability Busy -Activity InACall }; Id = 'NotMe' }
    ) {
        $Call | Should -Throw -ErrorId "$Id,*"
        Get-MgPresenceKeepAlive | Should -BeNullOrEmpty
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'needs a session' {
        $null = Disconnect-MgPresence
        { Start-MgPresenceKeepAlive adele Away Away } | Should -Throw -ErrorId 'NoCredential,*'
    }

    It 'is not held twice in different ways' {
        Start-MgPresenceKeepAlive adele Away Away
        { Start-MgPresenceKeepAlive adele Away Away -ClearOnStop -ErrorAction Stop } | Should -Throw '*Stop-MgPresenceKeepAlive first*' -ErrorId 'AlreadyKeptAlive,*'
    }

    It 'refuses -<_> $null' -ForEach 'Interval', 'ExpirationDuration', 'SessionId' {
        $none = @{ $_ = $null }
        { Start-MgPresenceKeepAlive adele Away Away @none } | Should -Throw "-$_ has no value*" -ErrorId 'NoValue,*'
    }

    It 'refuses a pair without a value beside a piped presence' {
        { Get-MgUserPresence adele | Start-MgPresenceKeepAlive -Availability $null -Activity $null } | Should -Throw '-Availability has no value*' -ErrorId 'NoValue,*'
    }

    It 'takes what Get- returned of the signed-in user' {
        Connect-Emulator $Emulator.userToken
        Start-MgPresenceKeepAlive -Me -Availability Away -Activity Away
        $kept = Get-MgPresenceKeepAlive
        $kept | Stop-MgPresenceKeepAlive
        $kept | Start-MgPresenceKeepAlive
        (Get-MgPresenceKeepAlive).UserId, (Get-MgPresenceKeepAlive).Activity | Should -Be $null, Away
    }

    It 'refuses the interval <Given>' -ForEach @(
        @{ Given = 'pt2x'; Says = 'The interval "pt2x" is not an ISO 8601 duration. *' }
        @{ Given = 'P1Y'; Says = 'The interval "P1Y" is longer than any presence lasts. *' }
        @{ Given = 'P3000000Y'; Says = 'The interval "P3000000Y" is longer than any presence lasts. *' }
        @{ Given = 'PT0S'; Says = 'The interval "PT0S" has no length. *' }
        @{ Given = 'PT5M'; Says = 'Option ``interval`` is 300 s, *' }
        @{ Given = 'x' * 70000; Says = 'The interval "xxx*…" is not an ISO 8601 duration. *' }
    ) {
        $failure = { Start-MgPresenceKeepAlive adele Available Available -Interval $Given -ErrorAction Stop } | Should -Throw -PassThru
        $failure.Exception.Message | Should -BeLike $Says
        $failure.Exception.Message.Length | Should -BeLessThan 300
        $failure.FullyQualifiedErrorId | Should -BeIn 'InvalidDuration,MgPresence.Cmdlets.StartMgPresenceKeepAlive', 'Option,MgPresence.Cmdlets.StartMgPresenceKeepAlive'
        Get-MgPresenceKeepAlive | Should -BeNullOrEmpty
    }

    It 'refuses an id that is not Unicode as every cmdlet does' {
        $half = "a$([char] 0xD800)"
        foreach ($call in { Start-MgPresenceKeepAlive $half Away Away -ErrorAction Stop }, { Get-MgUserPresence $half -ErrorAction Stop }) {
            $call | Should -Throw -ExpectedMessage 'Text with half of a surrogate pair (U+D800) *' -ErrorId 'InvalidText,*'
        }
    }

    It 'is not held by two sessions of one application: <Name>' -ForEach @(
        @{ Name = 'a session'; With = @{} }, @{ Name = 'a preferred presence'; With = @{ Preferred = $true } }
    ) {
        Start-MgPresenceKeepAlive adele Busy Busy -Preferred
        Start-MgPresenceKeepAlive adele Busy InACall
        Connect-Emulator
        { Start-MgPresenceKeepAlive adele Away Away @With -ErrorAction Stop } | Should -Throw '*another session*Stop-MgPresenceKeepAlive first*' -ErrorId 'AlreadyKeptAlive,*'
        Stop-MgPresenceKeepAlive adele
        Start-MgPresenceKeepAlive adele Away Away @With
        (Get-MgPresenceKeepAlive).Activity | Should -Be Away
    }

    It 'is held beside another application''s session, and beside another tenant''s' {
        $null = Invoke-Control POST tenants @{ id = '11111111-0000-cccc-1111-dddd2222eeee'; domain = 'fabrikam.example' }
        Start-MgPresenceKeepAlive adele Busy InACall
        Connect-Emulator (New-Token @{ appId = '11111111-2222-3333-4444-555555555555'; permissions = @('Presence.ReadWrite.All') })
        Start-MgPresenceKeepAlive adele Away Away
        Connect-Emulator (New-Token @{ tenant = 'fabrikam.example'; permissions = @('Presence.ReadWrite.All') })
        Start-MgPresenceKeepAlive adele Away Away
        Get-MgPresenceKeepAlive | Should -HaveCount 3
    }

    It 'of the signed-in user is not started again for the user of another session: <Name>' -ForEach @(
        @{ Name = 'named'; Kept = @{ user = 'adele' }; Account = '*another session, AdeleV@contoso.example. Name*' }
        @{ Name = 'unknown'; Kept = @{ user = '11111111-9999-9999-9999-999999999999' }; Account = '*another session. Name*' }
    ) {
        Connect-Emulator (New-Token $Kept)
        Start-MgPresenceKeepAlive -Me Busy InACall
        $presence = Get-MgPresenceKeepAlive
        Stop-MgPresenceKeepAlive -All
        Connect-Emulator (New-Token @{ user = 'alex' })
        { $presence | Start-MgPresenceKeepAlive -ErrorAction Stop } | Should -Throw $Account -ErrorId 'InvalidId,*'
        Get-MgPresenceKeepAlive | Should -BeNullOrEmpty
    }

    It 'is held anew at once when the session that held it was disconnected' {
        Start-MgPresenceKeepAlive adele Busy InACall
        $null = Disconnect-MgPresence
        Connect-Emulator
        Start-MgPresenceKeepAlive adele Away Away -ErrorAction Stop
        Wait-For { (Get-MgPresenceKeepAlive adele).Activity -eq 'Away' }
    }

    It 'asks first' {
        Start-MgPresenceKeepAlive adele Away Away -WhatIf
        Get-MgPresenceKeepAlive | Should -BeNullOrEmpty
        Start-MgPresenceKeepAlive adele Away Away
        Stop-MgPresenceKeepAlive adele -WhatIf
        (Get-MgPresenceKeepAlive).UserId | Should -Be adele
    }
}

Describe 'Get-MgPresenceKeepAlive' {
    BeforeEach { Reset-Emulator; Connect-Emulator }
    AfterEach { if (Get-MgPresenceKeepAlive) { Stop-MgPresenceKeepAlive -All } }

    It 'shows what fails and why, and that it has recovered' {
        Add-Fault @{ status = 503; match = @{ user = 'adele' } }
        Start-MgPresenceKeepAlive adele, alex Away Away
        Wait-For { (Get-State adele) -eq 'Failing' -and (Get-State alex) -eq 'Held' }
        (Get-MgPresenceKeepAlive -State Failing).Error | Should -BeLike '*503*'
        $null = Invoke-Control DELETE faults
        Wait-For { (Get-State adele) -in 'Held', 'Recovered' }
        (Get-MgPresenceKeepAlive adele).Error | Should -BeNullOrEmpty
        (Get-MgPresenceKeepAlive -Summary).Failures | Should -BeGreaterThan 0
    }

    It 'still shows what fails after it was started again: <Name>' -ForEach @(
        @{ Name = 'the same'; Again = 'InACall' }
        @{ Name = 'another'; Again = 'InAConferenceCall' }
    ) {
        Start-MgPresenceKeepAlive adele Busy InACall -Interval 00:00:01
        Wait-Held
        Add-Fault @{ status = 503; match = @{ user = 'adele' } }
        Wait-For { (Get-State adele) -eq 'Failing' }
        $before = Get-MgPresenceKeepAlive adele
        Start-MgPresenceKeepAlive adele Busy $Again -Interval 00:00:01
        $after = Get-MgPresenceKeepAlive adele
        $after.State, $after.Activity | Should -Be Failing, $Again
        $after.Error | Should -BeLike '*503*'
        $after.LastRenewal, $after.Expires | Should -Be $before.LastRenewal, $before.Expires
    }

    It 'shows what is held as held after it was started again' {
        Start-MgPresenceKeepAlive adele Busy InACall
        Wait-Held
        Start-MgPresenceKeepAlive adele busy InACall
        Get-State adele | Should -Be Held
    }

    It 'shows when a presence was last set, although another that takes its place is refused' {
        Start-MgPresenceKeepAlive adele Busy InACall
        Wait-Held
        $before = Get-MgPresenceKeepAlive adele
        Add-Fault @{ status = 403; code = 'Forbidden'; message = 'No rights.' }
        Start-MgPresenceKeepAlive adele Away Away
        Wait-For { (Get-State adele) -eq 'Failing' }
        (Get-MgPresenceKeepAlive adele).LastRenewal | Should -Be $before.LastRenewal
    }

    It 'shows what Graph refuses' {
        Start-MgPresenceKeepAlive nobody Away Away
        Wait-For { (Get-State nobody) -eq 'Refused' }
        (Get-MgPresenceKeepAlive nobody).Error | Should -BeLike '*404*'
    }

    It 'refuses an input without an id, and shows the others alone: <Name>' -ForEach @(
        @{ Name = 'an empty text'; Call = { Get-MgPresenceKeepAlive '' } }
        @{ Name = 'a hashtable'; Call = { Get-MgPresenceKeepAlive @{ a = 1 } } }
        @{ Name = 'from the pipeline'; Call = { @{ a = 1 }, 'nobody' | Get-MgPresenceKeepAlive } }
    ) {
        Start-MgPresenceKeepAlive adele Away Away
        $shown = & $Call 2>&1
        $shown | Should -HaveCount 1
        $shown[0].FullyQualifiedErrorId | Should -Be 'InvalidId,MgPresence.Cmdlets.GetMgPresenceKeepAlive'
    }

    It 'shows nothing where the pipeline gives no user: <Name>' -ForEach @(
        @{ Name = 'all states'; Call = { @() | Get-MgPresenceKeepAlive } }
        @{ Name = '-Wait'; Call = { @() | Get-MgPresenceKeepAlive -Wait } }
        @{ Name = 'rows of a file'; Call = { 'UserId' | ConvertFrom-Csv | Get-MgPresenceKeepAlive } }
    ) {
        Start-MgPresenceKeepAlive adele Away Away
        & $Call | Should -BeNullOrEmpty
        Get-MgPresenceKeepAlive | Should -HaveCount 1
    }

    It '-Wait returns each presence as things happen to it, and ends when nothing is kept alive' {
        Start-MgPresenceKeepAlive adele Away Away -Interval 00:00:01
        $states = Get-MgPresenceKeepAlive -Wait | ForEach-Object {
            $_.State
            if ($_.State -eq 'Renewed') { Stop-MgPresenceKeepAlive -All }
        }
        $states | Should -Contain Renewed
    }

    It '-Wait ends when Graph has refused what is left, whatever states it shows' {
        Add-Fault @{ status = 403; code = 'Forbidden'; message = 'No rights.' }
        Start-MgPresenceKeepAlive adele Away Away
        $shell = [powershell]::Create().AddScript("Import-Module '$ModulePath'; Get-MgPresenceKeepAlive -Wait -State Held; 'the end'")
        $running = $shell.BeginInvoke()
        $running.AsyncWaitHandle.WaitOne(10000) | Should -BeTrue
        $shell.EndInvoke($running) | Should -Be 'the end'
        $shell.Dispose()
        (Get-MgPresenceKeepAlive -Wait).State | Select-Object -Last 1 | Should -Be Refused
        Stop-MgPresenceKeepAlive adele
    }

    It '-Wait ends with Ctrl+C' {
        Start-MgPresenceKeepAlive adele Away Away
        $shell = [powershell]::Create().AddScript("Import-Module '$ModulePath'; Get-MgPresenceKeepAlive -Wait")
        $running = $shell.BeginInvoke()
        Start-Sleep -Milliseconds 500
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $watch.ElapsedMilliseconds | Should -BeLessThan 500
        $running.IsCompleted | Should -BeTrue
        $shell.Dispose()
    }

    It 'completes the users that are kept alive, as Stop- does: <_>' -ForEach 'Get', 'Stop' {
        Start-MgPresenceKeepAlive adele, alex Away Away
        $line = "$_-MgPresenceKeepAlive ad"
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be adele
    }

    It 'is a table that fits 120 columns' {
        Start-MgPresenceKeepAlive adele Away Away
        Wait-Held
        $text = Get-MgPresenceKeepAlive | Out-String -Width 120
        $text | Should -Match 'State\s+UserId\s+Presence\s+LastRenewal\s+NextRenewal\s+Error'
        $text | Should -Match 'Held\s+adele\s+Away/Away'
    }

    It 'is a table that shows the date of another day' {
        Start-MgPresenceKeepAlive adele Away Away -Preferred -ExpirationDuration P7D
        Wait-Held
        $next = (Get-MgPresenceKeepAlive).NextRenewal.ToLocalTime()
        Get-MgPresenceKeepAlive | Out-String -Width 120 | Should -BeLike "*$($next.ToString('MM-dd HH:mm')) *"
    }
}

Describe 'Stop-MgPresenceKeepAlive' {
    BeforeEach { Reset-Emulator; Connect-Emulator }
    AfterEach { Stop-MgPresenceKeepAlive -All -ErrorAction SilentlyContinue } # also tells what a test has left untold

    It 'ends the renewals of <Name>' -ForEach @(
        @{ Name = 'one'; Call = { Stop-MgPresenceKeepAlive USER1 }; Left = 'user2', 'user3' }
        @{ Name = 'some'; Call = { Get-MgPresenceKeepAlive user1, user3 | Stop-MgPresenceKeepAlive }; Left = @('user2') }
        @{ Name = 'all'; Call = { Stop-MgPresenceKeepAlive -All }; Left = @() }
    ) {
        'user1', 'user2', 'user3' | Start-MgPresenceKeepAlive -Availability Away -Activity Away
        Wait-Held
        & $Call
        @(Get-MgPresenceKeepAlive | ForEach-Object UserId | Sort-Object) | Should -Be $Left
        (Get-MgUserPresence user1).Activity | Should -Be Away # it is left to expire
    }

    It 'clears nothing with <Name>' -ForEach @(
        @{ Name = '-Clear:$null'; How = @{}; Stop = @{ Clear = $null } }
        @{ Name = '-ClearOnStop:$null'; How = @{ ClearOnStop = $null }; Stop = @{} }
    ) {
        Start-MgPresenceKeepAlive adele Away Away @How
        Wait-For { (Get-MgPresenceKeepAlive adele).State -eq 'Held' }
        Stop-MgPresenceKeepAlive adele @Stop
        (Get-MgUserPresence adele).Activity | Should -Be Away
    }

    It 'clears what was started with -ClearOnStop, and has done so when it returns' {
        Start-MgPresenceKeepAlive adele Away Away -ClearOnStop
        Wait-Held
        Stop-MgPresenceKeepAlive adele -PassThru | ForEach-Object UserId | Should -Be adele
        (Get-MgUserPresence adele).Activity | Should -Be Offline
    }

    It 'says what could not be cleared: <Name>' -ForEach @(
        @{ Name = 'with -ClearOnStop'; How = @{ ClearOnStop = $true }; Stop = @{} }
        @{ Name = 'with -Clear'; How = @{}; Stop = @{ Clear = $true } }
    ) {
        Start-MgPresenceKeepAlive adele, alex Away Away @How
        Wait-Held
        Add-Fault @{ status = 403; match = @{ path = '*/clearPresence'; user = 'alex' } }
        Stop-MgPresenceKeepAlive -All @Stop -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures | Should -HaveCount 1
        $failures[0].TargetObject.UserId | Should -Be alex
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'Forbidden,*'
        (Get-MgUserPresence adele, alex).Activity | Should -Be Offline, Away
    }

    It '-Clear clears the others before an error ends it: <Name>' -ForEach @(
        @{ Name = 'one that Graph does not clear'; Call = { $many | Stop-MgPresenceKeepAlive -Clear -ErrorAction Stop } }
        @{ Name = 'one that is not kept'; Call = { 'nobody', $many | Write-Output | Stop-MgPresenceKeepAlive -Clear -ErrorAction Stop } }
        @{ Name = 'no id'; Call = { $many, '' | Write-Output | Stop-MgPresenceKeepAlive -Clear -ErrorAction Stop } }
    ) {
        $many = 1..300 | ForEach-Object { "many$_" }
        $null = Invoke-Control POST users $many
        $many | Start-MgPresenceKeepAlive -Availability Away -Activity Away
        Wait-Held
        Add-Fault @{ status = 403; match = @{ path = '*/clearPresence'; user = 'many1' } }
        $Call | Should -Throw
        Get-MgPresenceKeepAlive | Should -BeNullOrEmpty
        ($many | Get-MgUserPresence | Where-Object Activity -NE Offline).User | Should -Be many1
    }

    It '-Clear waits as long as Graph asks, and for the end of an outage: <Name>' -ForEach @(
        @{ Name = 'one who is asked to wait'; Fault = @{ count = 1; headers = @{ 'Retry-After' = '2' } } }
        @{ Name = 'an outage'; Fault = @{ count = 3 } }
    ) {
        Start-MgPresenceKeepAlive adele Away Away
        Wait-Held
        Add-Fault ($Fault + @{ status = 503; match = @{ path = '*/clearPresence' } })
        Stop-MgPresenceKeepAlive adele -Clear -ErrorAction Stop
        (Get-MgUserPresence adele).Activity | Should -Be Offline
    }

    It '-Clear has nothing to say of a presence that had not been set yet' {
        foreach ($user in $users) { # in most rounds the set has not left
            Start-MgPresenceKeepAlive $user Away Away
            Stop-MgPresenceKeepAlive $user -Clear -ErrorAction Stop
        }
        (Get-MgUserPresence $users).Activity | Sort-Object -Unique | Should -Be Offline
    }

    It '-Clear has nothing to say of a user who is not there' {
        Start-MgPresenceKeepAlive adele Away Away -ClearOnStop
        Start-MgPresenceKeepAlive ghost Away Away
        Wait-Held
        Stop-MgPresenceKeepAlive -All -Clear -ErrorVariable failures
        $failures | Should -BeNullOrEmpty
        (Get-MgUserPresence adele).Activity | Should -Be Offline
    }

    It '-Clear clears a presence that was set although the answer was lost, and then refused' {
        Add-Fault @{ kind = 'reset'; applied = $true; count = 1; match = @{ path = '*/setPresence' } }
        Add-Fault @{ status = 403; code = 'Forbidden'; message = 'Not now.'; match = @{ path = '*/setPresence' } }
        Start-MgPresenceKeepAlive adele Away Away
        Wait-For { (Get-State adele) -eq 'Refused' }
        (Get-MgUserPresence adele).Activity | Should -Be Away
        Stop-MgPresenceKeepAlive adele -Clear -ErrorAction Stop
        (Get-MgUserPresence adele).Activity | Should -Be Offline
    }

    It '-Clear clears what was stopped before the pipeline ended early' {
        $three = $users | Select-Object -First 3
        $three | Start-MgPresenceKeepAlive -Availability Away -Activity Away
        Wait-Held
        { $three | ForEach-Object { if ($_ -eq $three[2]) { throw 'This one is another matter.' }; $_ } | Stop-MgPresenceKeepAlive -Clear } | Should -Throw
        Wait-For { @(Get-MgPresenceKeepAlive).Count -eq 1 }
        (Get-MgUserPresence $three).Activity | Should -Be Offline, Offline, Away
    }

    It 'says what could not be cleared after the pipeline of an earlier Stop- ended early: <Name>' -ForEach @(
        @{ Name = 'by name'; Call = { Stop-MgPresenceKeepAlive adele -ErrorVariable failures -ErrorAction SilentlyContinue; $failures } }
        @{ Name = '-All'; Call = { Stop-MgPresenceKeepAlive -All -Clear -ErrorVariable failures -ErrorAction SilentlyContinue; $failures } }
    ) {
        Start-MgPresenceKeepAlive adele Away Away
        Wait-Held
        Add-Fault @{ status = 403; match = @{ path = '*/clearPresence' } }
        { 'adele', 'stop' | ForEach-Object { if ($_ -eq 'stop') { throw 'This one is another matter.' }; $_ } | Stop-MgPresenceKeepAlive -Clear } | Should -Throw
        Wait-For { -not (Get-MgPresenceKeepAlive) }
        (& $Call).FullyQualifiedErrorId | Should -BeLike 'Forbidden,*'
        Stop-MgPresenceKeepAlive -All -ErrorAction Stop # it is told once
        Start-MgPresenceKeepAlive adele Away Away
    }

    It 'says later what an error that ended an earlier Stop- left unsaid' {
        Start-MgPresenceKeepAlive adele, alex, megan Away Away
        Wait-Held
        Add-Fault @{ status = 403; match = @{ path = '*/clearPresence' } }
        { Stop-MgPresenceKeepAlive -All -Clear -ErrorAction Stop } | Should -Throw
        $again = { Stop-MgPresenceKeepAlive -All -ErrorAction Stop }
        $again | Should -Throw
        $again | Should -Throw
        $again | Should -Not -Throw
    }

    It '-Clear goes on after Ctrl+C, and can be waited for again' {
        Start-MgPresenceKeepAlive adele Away Away
        Wait-Held
        Add-Fault @{ kind = 'delay'; delayMs = 1000; match = @{ path = '*/clearPresence' } }
        $other = [powershell]::Create().AddScript("Import-Module '$ModulePath'; Stop-MgPresenceKeepAlive -All -Clear")
        $null = $other.BeginInvoke()
        Wait-For { (Get-Sent)[-1].path -like '*/clearPresence' }
        $other.Stop()
        (Get-MgPresenceKeepAlive).UserId | Should -Be adele
        Stop-MgPresenceKeepAlive -All -Clear -ErrorAction Stop
        (Get-MgUserPresence adele).Activity | Should -Be Offline
    }

    It 'shows the last time that .NET knows for a presence that ends later' {
        Start-MgPresenceKeepAlive adele Away Away -Preferred -ExpirationDuration P10000000D
        Wait-Held
        (Get-MgPresenceKeepAlive adele).Expires.Year | Should -Be 9999
        { Stop-MgPresenceKeepAlive adele -ErrorAction Stop } | Should -Not -Throw
    }

    It '-Clear clears the others too, <Count> of them' -ForEach @{ Count = 1 }, @{ Count = 50 } {
        $some = $users | Select-Object -First $Count
        $some | Start-MgPresenceKeepAlive -Availability Away -Activity Away
        Wait-Held
        Stop-MgPresenceKeepAlive -All -Clear
        (Get-MgUserPresence $some).Activity | Sort-Object -Unique | Should -Be Offline
    }

    It 'takes what Get- returned for what it is: <Name>' -ForEach @(
        @{ Name = 'of one session'; Call = { Get-MgPresenceKeepAlive adele -Context $one | Stop-MgPresenceKeepAlive }; Left = 'me', 'adele in fabrikam' }
        @{ Name = 'of the signed-in user'; Call = { Get-MgPresenceKeepAlive | Where-Object UserId -EQ $null | Stop-MgPresenceKeepAlive }; Left = 'adele', 'adele in fabrikam' }
        @{ Name = 'all'; Call = { Get-MgPresenceKeepAlive | Stop-MgPresenceKeepAlive }; Left = @() }
    ) {
        $null = Invoke-Control POST tenants @{ id = '11111111-0000-cccc-1111-dddd2222eeee'; domain = 'fabrikam.example' }
        $one = Connect-MgPresence $Emulator.token -BaseUri $Emulator.url -PassThru
        Start-MgPresenceKeepAlive adele Away Away
        Connect-Emulator (New-Token @{ tenant = 'fabrikam.example'; permissions = @('Presence.ReadWrite.All') })
        Start-MgPresenceKeepAlive adele Away Away
        Connect-Emulator $Emulator.userToken
        Start-MgPresenceKeepAlive -Me -Availability Busy -Activity InACall
        Get-MgPresenceKeepAlive | Where-Object UserId -EQ $null | Get-MgPresenceKeepAlive | Should -HaveCount 1
        & $Call
        @(Get-MgPresenceKeepAlive | ForEach-Object { "$($_.UserId ?? 'me')$($_.Context.TenantId -ne $one.TenantId ? ' in fabrikam' : '')" } | Sort-Object) | Should -Be @($Left | Sort-Object)
    }

    It 'ends nothing with <Name>' -ForEach @(
        @{ Name = '-Me:$false'; Call = { Stop-MgPresenceKeepAlive -Me:$false }; Id = 'NotMe' }
        @{ Name = '-All:$false'; Call = { Stop-MgPresenceKeepAlive -All:$false }; Id = 'NotAll' }
        @{ Name = '-Me:$null'; Call = { Stop-MgPresenceKeepAlive -Me:$null }; Id = 'NotMe' }
        @{ Name = '-All:$null'; Call = { Stop-MgPresenceKeepAlive -All:$null -Clear }; Id = 'NotAll' }
    ) {
        Start-MgPresenceKeepAlive adele Away Away
        $Call | Should -Throw -ErrorId "$Id,*"
        (Get-MgPresenceKeepAlive).UserId | Should -Be adele
    }

    It '-Clear clears more than a client takes at a time' {
        $null = Invoke-Control PUT throttle @{ limit = 0; windowSeconds = 30 }
        Connect-MgPresence $Emulator.token -BaseUri $Emulator.url -RequestsPer30Seconds 0
        $many = 1..4100 | ForEach-Object { "many$_" }
        $null = Invoke-Control POST users $many
        $many | Start-MgPresenceKeepAlive -Availability Away -Activity Away
        Wait-Held
        Add-Fault @{ kind = 'delay'; delayMs = 300; match = @{ path = '*/$batch' } }
        Stop-MgPresenceKeepAlive -All -Clear -ErrorVariable failures
        $null = Invoke-Control DELETE faults
        $failures | Should -BeNullOrEmpty
        ($many | Get-MgUserPresence).Activity | Sort-Object -Unique | Should -Be Offline
    }

    # Without a copy of everything for each input, which would be 16,000,000 here and take a minute.
    It 'takes what Get- returned, 4,000 of them' {
        1..4000 | ForEach-Object { "nobody$_" } | Start-MgPresenceKeepAlive -Availability Away -Activity Away
        $before = [GC]::GetAllocatedBytesForCurrentThread()
        Get-MgPresenceKeepAlive | Stop-MgPresenceKeepAlive
        [GC]::GetAllocatedBytesForCurrentThread() - $before | Should -BeLessThan 200MB
        Get-MgPresenceKeepAlive | Should -BeNullOrEmpty
    }

    # .NET and the library disagree about the lower case of other letters than those of ASCII.
    It 'tells <One> from <Other>' -ForEach @{ One = 'ΣΑΣ'; Other = 'σας' }, @{ One = 'İlker'; Other = "i$([char] 0x307)lker" } {
        Start-MgPresenceKeepAlive $One, $Other, adele Away Away
        Stop-MgPresenceKeepAlive $Other
        (Get-MgPresenceKeepAlive).UserId | Sort-Object | Should -Be (@('adele', $One) | Sort-Object)
        Stop-MgPresenceKeepAlive -All
        Get-MgPresenceKeepAlive | Should -BeNullOrEmpty
    }

    It 'does not wait for what another runspace has started meanwhile' {
        Start-MgPresenceKeepAlive adele Away Away -ClearOnStop
        Wait-Held
        Add-Fault @{ kind = 'delay'; delayMs = 1000; match = @{ path = '*/clearPresence' } }
        $stopping = [powershell]::Create().AddScript("Import-Module '$ModulePath'; Stop-MgPresenceKeepAlive adele 3>&1")
        $running = $stopping.BeginInvoke()
        Wait-For { (Get-Sent).path -like '*/clearPresence' }
        Start-MgPresenceKeepAlive adele Away Away -ClearOnStop
        Wait-For { $running.IsCompleted }
        $stopping.EndInvoke($running) | Should -BeNullOrEmpty
        $stopping.Dispose()
        (Get-MgPresenceKeepAlive).UserId | Should -Be adele
    }

    It 'takes each presence of a user alone from the pipeline: <Name>' -ForEach @(
        @{ Name = 'both'; Call = { Get-MgPresenceKeepAlive | Stop-MgPresenceKeepAlive -PassThru -ErrorAction Stop }; Stopped = 2; Left = @() }
        @{ Name = 'the preferred one'; Call = { Get-MgPresenceKeepAlive | Where-Object Preferred | Stop-MgPresenceKeepAlive -PassThru -ErrorAction Stop }; Stopped = 1; Left = @($false) }
    ) {
        Start-MgPresenceKeepAlive adele Away Away
        Start-MgPresenceKeepAlive adele Busy Busy -Preferred
        & $Call | Should -HaveCount $Stopped
        @(Get-MgPresenceKeepAlive | ForEach-Object Preferred) | Should -Be $Left
    }

    It 'takes both presences of a user whom one of them named: <Name>' -ForEach @(
        @{ Name = 'the name in a presence that was read'; Call = { ($preferred | Get-MgUserPresence).User | Stop-MgPresenceKeepAlive } }
        @{ Name = '-All, after that one was started again'; Call = { $preferred | Start-MgPresenceKeepAlive; Stop-MgPresenceKeepAlive -All } }
    ) {
        Start-MgPresenceKeepAlive adele Busy Busy -Preferred
        Start-MgPresenceKeepAlive adele Busy InACall
        $preferred = Get-MgPresenceKeepAlive | Where-Object Preferred
        & $Call
        Get-MgPresenceKeepAlive | Should -BeNullOrEmpty
    }

    It 'takes a user who comes twice once: <Name>' -ForEach @{ Name = 'left to expire'; How = @{} }, @{ Name = 'cleared'; How = @{ ClearOnStop = $true } } {
        Start-MgPresenceKeepAlive adele Away Away @How
        Wait-Held
        'adele', 'ADELE' | Stop-MgPresenceKeepAlive -PassThru -ErrorAction Stop | Should -HaveCount 1
    }

    It 'says that a user is not kept alive' {
        { Stop-MgPresenceKeepAlive adele -ErrorAction Stop } | Should -Throw '*adele*Get-MgPresenceKeepAlive*' -ErrorId 'NotKeptAlive,*'
    }
}

Describe 'What is kept alive ends' {
    BeforeEach { Reset-Emulator; Connect-Emulator }
    AfterEach { if (Get-MgPresenceKeepAlive) { Stop-MgPresenceKeepAlive -All } }

    It 'with its session, and of two sessions only that' {
        $one = Connect-MgPresence -AccessToken (ConvertTo-SecureString $Emulator.token -AsPlainText -Force) -BaseUri $Emulator.url -PassThru
        $two = Connect-MgPresence -AccessToken (ConvertTo-SecureString $Emulator.token -AsPlainText -Force) -BaseUri $Emulator.url -PassThru
        Start-MgPresenceKeepAlive user1 Away Away -Context $one
        Start-MgPresenceKeepAlive user2 Away Away -Context $two
        Wait-Held
        (Get-MgPresenceKeepAlive -Context $one).UserId | Should -Be user1
        $null = Disconnect-MgPresence $one
        Wait-For { (Get-MgPresenceKeepAlive).UserId -eq 'user2' }
        { Start-MgPresenceKeepAlive user1 Away Away -Context $one } | Should -Throw -ErrorId 'NoCredential,*'
    }

    It 'with the script block of ForEach-Object -Parallel that started it' {
        'user1', 'user2' | ForEach-Object -Parallel { Import-Module $using:ModulePath; Start-MgPresenceKeepAlive $_ Away Away }
        Wait-For { -not (Get-MgPresenceKeepAlive) }
    }

    It 'with the runspace that started it last' {
        Start-MgPresenceKeepAlive user1 Busy InACall
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$ModulePath'; Start-MgPresenceKeepAlive user1 Away Away").Invoke()
        $shell.Dispose()
        Wait-For { -not (Get-MgPresenceKeepAlive) }
    }

    It 'with its session, also while it is being stopped' {
        Start-MgPresenceKeepAlive adele, alex Away Away
        & { 'adele'; $null = Disconnect-MgPresence } | Stop-MgPresenceKeepAlive
        Get-MgPresenceContext | Should -BeNullOrEmpty
        Get-MgPresenceKeepAlive | Should -BeNullOrEmpty
    }

    It 'with a failed clear that is forgotten once another session keeps the same presence' {
        Start-MgPresenceKeepAlive adele Away Away -ClearOnStop
        Wait-Held
        Add-Fault @{ status = 403; count = 1; match = @{ path = '*/clearPresence' } }
        $null = Disconnect-MgPresence
        Connect-Emulator $Emulator.token
        Start-MgPresenceKeepAlive adele Busy InACall -ClearOnStop
        Wait-Held
        Stop-MgPresenceKeepAlive adele -ErrorAction Stop
        (Get-MgUserPresence adele).Activity | Should -Be Offline
    }

    It 'before another session keeps the same presence' {
        Start-MgPresenceKeepAlive adele Away Away -ClearOnStop
        Wait-Held
        Add-Fault @{ kind = 'delay'; delayMs = 700; match = @{ path = '*/clearPresence' } }
        $null = Disconnect-MgPresence
        Connect-Emulator $Emulator.token
        Start-MgPresenceKeepAlive adele Busy InACall -ErrorAction Stop
        Wait-Held
        @(Get-Sent | ForEach-Object { $_.path.Split('/')[-1] }) | Should -Be setPresence, clearPresence, setPresence
        (Get-MgUserPresence adele).Activity | Should -Be InACall
    }

    It 'with the runspace that started it, which leaves the user''s other presence' {
        Start-MgPresenceKeepAlive user1 Busy InACall
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$ModulePath'; Start-MgPresenceKeepAlive user1 Away Away -Preferred").Invoke()
        Get-MgPresenceKeepAlive user1 | Should -HaveCount 2
        $shell.Dispose()
        Wait-For { @(Get-MgPresenceKeepAlive).Count -lt 2 }
        (Get-MgPresenceKeepAlive).Activity | Should -Be InACall
    }

    It 'with <Name>' -ForEach @(
        @{ Name = 'the runspace that started it'; End = { $shell.Runspace.Close() } }
        @{ Name = 'the module of that runspace'; End = { $null = $shell.AddScript('Remove-Module MgPresence').Invoke() } }
    ) {
        Start-MgPresenceKeepAlive user2 Away Away
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$ModulePath'; Start-MgPresenceKeepAlive user1 Away Away").Invoke()
        $shell.Commands.Clear()
        (Get-MgPresenceKeepAlive).UserId | Sort-Object | Should -Be user1, user2
        & $End
        Wait-For { (Get-MgPresenceKeepAlive).UserId -eq 'user2' }
        $shell.Dispose()
    }

    # The process would end in the midst of the clearing: which users it reached would be left to chance.
    It 'with the process, which clears nothing: <Name>' -ForEach @(
        @{ Name = 'at the end of the script'; End = '' }, @{ Name = 'exit'; End = 'exit' }, @{ Name = 'an error'; End = 'throw 1' }
    ) {
        $null = Invoke-Fresh "Import-Module '$ModulePath'; Connect-MgPresence '$($Emulator.token)' -BaseUri $($Emulator.url); Start-MgPresenceKeepAlive user1, user2 Away Away -ClearOnStop; while (Get-MgPresenceKeepAlive -State Pending) { Start-Sleep -Milliseconds 20 }; $End"
        (Get-SentCall).path | Should -Not -BeLike '*/clearPresence'
        (Get-MgUserPresence user1, user2).Activity | Should -Be Away, Away
    }

    It 'with the process, which ends at once' {
        $fresh = Invoke-Fresh "Import-Module '$ModulePath'; Connect-MgPresence '$($Emulator.token)' -BaseUri $($Emulator.url); Start-MgPresenceKeepAlive user1 Away Away; Start-Sleep 1; (Get-MgPresenceKeepAlive).State"
        $fresh.Output, $fresh.Error, $fresh.ExitCode | Should -Be 'Held', '', 0
    }
}
