# Many inputs: in batches, in order, and one by one where the caller wants to look at each.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $ErrorActionPreference = 'Continue' # Stop sends inputs one by one
    Start-Emulator -User (@('adele', 'alex') + (1..60 | ForEach-Object { "user$_" }))

    # No limit of the module's own: the emulator has none.
    function Connect-Unpaced {
        Connect-MgPresence -AccessToken (ConvertTo-SecureString $Emulator.token -AsPlainText -Force) -BaseUri $Emulator.url -RequestsPer30Seconds 0
    }
    Connect-Unpaced

    $away = @{ Availability = 'Away'; Activity = 'Away' }
    $users = 1..60 | ForEach-Object { "user$_" }
    function New-Row($User, $Pair) { [pscustomobject]@{ UserId = $User; Availability = $Pair.Split('/')[0]; Activity = $Pair.Split('/')[1] } }
    function Get-Path { Get-Sent | ForEach-Object path }
}
AfterAll { Stop-Emulator }

Describe 'Many inputs' {
    BeforeEach { Reset-Emulator }

    It 'travel in batches of 20: <Name>' -ForEach @(
        @{ Name = 'an array'; Call = { Set-MgUserPresence $users @away } }
        @{ Name = 'the pipeline'; Call = { $users | Set-MgUserPresence @away } }
        @{ Name = 'rows'; Call = { $users | ForEach-Object { New-Row $_ 'Away/Away' } | Set-MgUserPresence } }
        @{ Name = 'reads'; Call = { $null = $users | Get-MgUserPresence } }
    ) {
        Add-Fault @{ kind = 'delay'; delayMs = 100 } # so that the next ones come while one is under way
        & $Call
        @(Get-Sent).Count | Should -BeLessThan 12
        (Get-SentCall).path -replace '.*/users/(.*?)/.*', '$1' | Sort-Object | Should -Be ($users | Sort-Object)
        @(Get-Sent | Where-Object path -Like '*batch' | Where-Object { $_.body.requests.Count -gt 20 }) | Should -BeNullOrEmpty
    }

    It 'travel alone if there is one: <Name>' -ForEach @(
        @{ Name = 'named'; Call = { Set-MgUserPresence adele @away } }
        @{ Name = 'piped'; Call = { 'adele' | Set-MgUserPresence @away } }
        @{ Name = 'an array of one'; Call = { Set-MgUserPresence @('adele') @away } }
    ) {
        & $Call
        Get-Path | Should -Be '/v1.0/users/adele/presence/setPresence'
    }

    It 'that come one at a time travel alone, and each is answered before the next' {
        $seen = 'adele', 'alex', 'user1' | ForEach-Object { Start-Sleep -Milliseconds 120; $_ } | Get-MgUserPresence | ForEach-Object { @(Get-Path).Count }
        $seen | Should -Be 1, 2, 3
        Get-Path | Should -Not -Contain '/v1.0/$batch'
    }

    It 'give each input one result or one error, in the order of the inputs, with the user and body as the target' {
        $rows = 1..50 | ForEach-Object { $_ % 5 ? (New-Row "user$_" 'Away/Away') : (New-Row "nobody$_" 'Busy/InACall') }
        $given = & { $ErrorActionPreference = 'Continue'; $rows | Set-MgUserPresence -PassThru } 2>&1
        $given.Count | Should -Be 50
        for ($i = 1; $i -le 50; $i++) {
            if ($i % 5) { $given[$i - 1] | Should -BeTrue; continue }
            $given[$i - 1].FullyQualifiedErrorId | Should -Be 'Request_ResourceNotFound,MgPresence.Cmdlets.SetMgUserPresence'
            $given[$i - 1].TargetObject.UserId, $given[$i - 1].TargetObject.body.activity | Should -Be "nobody$i", InACall
        }
    }

    It 'can be sent again from the errors' {
        Add-Fault @{ status = 403; match = @{ user = 'user2' }; nth = 1 }
        $failures = $null
        'user1', 'user2', 'user3' | Set-MgUserPresence @away -AdditionalProperties @{ note = 'own' } -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures | Should -HaveCount 1
        $failures.TargetObject | ForEach-Object { Set-MgUserPresence $_.UserId -AdditionalProperties $_.body }
        (Get-MgUserPresence user2).Activity | Should -Be Away
        @(Get-Sent)[-2].body.note | Should -Be own
    }

    It 'keep the order of the rows of a user: the last one wins' {
        $pairs = 'Busy/InACall', 'Available/Available', 'DoNotDisturb/Presenting', 'Away/Away'
        $rows = foreach ($pair in $pairs) { foreach ($user in $users) { New-Row $user $pair } }
        Add-Fault @{ kind = 'answer'; status = 503; probability = 0.1; headers = @{ 'Retry-After' = '0' } }
        $rows | Set-MgUserPresence
        $null = Invoke-Control DELETE faults
        ($users | Get-MgUserPresence).Activity | Sort-Object -Unique | Should -Be Away
    }

    It 'end in the right state through 429, 503, lost connections and half bodies, each with one result' {
        Add-Fault @{ kind = 'answer'; status = 503; probability = 0.02; headers = @{ 'Retry-After' = '0.1' } }
        Add-Fault @{ kind = 'answer'; status = 429; probability = 0.02; headers = @{ 'Retry-After' = '0.1' } }
        Add-Fault @{ kind = 'close'; probability = 0.05 }
        Add-Fault @{ kind = 'half'; probability = 0.05 }
        $given = 1..4 | ForEach-Object { foreach ($user in $users) { New-Row $user ($_ -eq 4 ? 'Busy/InACall' : 'Away/Away') } } |
            Set-MgUserPresence -PassThru -SummaryVariable summary
        @($given).Count | Should -Be 240
        $summary.Succeeded, $summary.Failed | Should -Be 240, 0
        $summary.Repeats | Should -BeGreaterThan 0
        $null = Invoke-Control DELETE faults
        ($users | Get-MgUserPresence).Activity | Sort-Object -Unique | Should -Be InACall
    }

    It 'of parallel runspaces and two sessions do not mix' {
        $first = Connect-MgPresence -AccessToken (ConvertTo-SecureString $Emulator.token -AsPlainText -Force) -BaseUri $Emulator.url -RequestsPer30Seconds 0 -PassThru
        $second = Connect-MgPresence -AccessToken (ConvertTo-SecureString (New-Token @{ appId = '11111111-f5ab-4529-bffb-cfe50aa89f87' }) -AsPlainText -Force) -BaseUri $Emulator.url -RequestsPer30Seconds 0 -PassThru
        $results = 1..4 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:ModulePath
            $context = $_ % 2 ? $using:first : $using:second
            $mine = $using:users | Select-Object -Skip (10 * $_) -First 10
            ($mine | Get-MgUserPresence -Context $context).User -join ',' -eq ($mine -join ',')
        }
        $results | Should -Be $true, $true, $true, $true
        Connect-Unpaced
    }

    It 'read and are read back with -Verify as if each had come alone' {
        $rows = (New-Row user1 'Busy/InACall'), (New-Row user1 'Available/Available'), (New-Row user2 'Away/Away')
        $rows | Set-MgUserPresence -Verify -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        (Get-SentCall).method | Group-Object | ForEach-Object { "$($_.Name)=$($_.Count)" } | Sort-Object | Should -Be 'GET=3', 'POST=3'
    }
}

Describe 'Inputs go one by one, and none behind a failure is sent,' {
    BeforeEach { Reset-Emulator }

    It 'with <Name>' -ForEach @(
        @{ Name = '-ErrorAction Stop'; Call = { $args | Get-MgUserPresence -ErrorAction Stop } }
        @{ Name = '$ErrorActionPreference'; Call = { $ErrorActionPreference = 'Stop'; $args | Get-MgUserPresence } }
        @{ Name = '-WarningAction Stop'; Call = { $args | Get-MgUserPresence -WarningAction Stop -ErrorVariable all; if ($all) { throw $all[0] } } ; All = $true }
        @{ Name = '-Debug'; Call = { $args | Get-MgUserPresence -Debug 5>$null; throw 'end' }; All = $true }
        @{ Name = '-ResponseHeadersVariable'; Call = { $args | Get-MgUserPresence -ResponseHeadersVariable answer; throw 'end' }; All = $true }
    ) {
        { & { $ErrorActionPreference = 'SilentlyContinue'; & $Call adele nobody alex adele } } | Should -Throw
        $expected = $_['All'] ? @('adele', 'nobody', 'alex', 'adele') : @('adele', 'nobody')
        Get-Path | Should -Be ($expected | ForEach-Object { "/v1.0/users/$_/presence" })
    }

    It 'under -Confirm: a No is about one input' {
        $shell = [powershell]::Create().AddScript("Import-Module '$ModulePath'; `$ConfirmPreference = 'Low'; 'adele', 'alex' | Set-MgUserPresence -Availability Away -Activity Away")
        $shell.Invoke()
        $shell.HadErrors | Should -BeTrue # this host cannot be asked
        $shell.Dispose()
        Get-Sent | Should -BeNullOrEmpty
    }
}

Describe 'A pipeline that ends early' {
    BeforeEach { Reset-Emulator }

    It 'at the first result has sent one request' {
        ($users | Get-MgUserPresence | Select-Object -First 1).User | Should -Be user1
        Get-Path | Should -Be '/v1.0/users/user1/presence'
    }

    It 'at an early result has not sent much more than it needed' {
        $null = 1..2000 | ForEach-Object { 'adele' } | Get-MgUserPresence | Select-Object -First 5
        @(Get-SentCall).Count | Should -BeLessThan 80
    }

    It 'since the producer throws, keeps what was written, and cancels the rest' {
        $given = [Collections.Generic.List[object]]::new()
        { & { 'user1'; 'user2'; throw 'no more' } | Get-MgUserPresence | ForEach-Object { $given.Add($_) } } | Should -Throw 'no more'
        $given[0].User | Should -Be user1
        (Get-MgUserPresence adele).Id | Should -Be $AdeleId
    }

    It 'by Ctrl+C sends nothing more, at once' {
        Add-Fault @{ kind = 'delay'; delayMs = 20000; match = @{ path = '*batch' } }
        $shell = [powershell]::Create().AddScript("Import-Module '$ModulePath'; 1..5000 | ForEach-Object { `"user`$_`" } | Set-MgUserPresence -Availability Away -Activity Away -SummaryVariable global:summary")
        $running = $shell.BeginInvoke()
        $deadline = [datetime]::UtcNow.AddSeconds(10)
        while (@(Get-Sent).Count -lt 2 -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 20 }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $watch.ElapsedMilliseconds | Should -BeLessThan 500
        $running.IsCompleted | Should -BeTrue
        $shell.Dispose()
        $sent = @(Get-Sent).Count
        Start-Sleep -Milliseconds 300
        @(Get-Sent).Count | Should -Be $sent
    }
}

Describe '-RequestsPer30Seconds' {
    # Also after a failure, which must not leave every later test with two requests in 30 s.
    AfterAll { Connect-Unpaced }

    It 'lets the first input of a pipeline go, and holds back the others' {
        Reset-Emulator
        # An application of its own, since the window of the other one has the requests of the tests before.
        $token = New-Token @{ appId = '22222222-f5ab-4529-bffb-cfe50aa89f87'; permissions = @('Presence.ReadWrite.All') }
        $full = Connect-MgPresence $token -BaseUri $Emulator.url -RequestsPer30Seconds 2 -PassThru
        $watch = [Diagnostics.Stopwatch]::StartNew()
        'user1', 'user2' | Set-MgUserPresence @away -Context $full
        Measure-Stop "'user3', 'user4' | Set-MgUserPresence -Availability Away -Activity Away" { @(Get-SentCall).Count -ge 3 } | Should -BeLessThan 5000
        (Get-SentCall).path -replace '.*/(user\d).*', '$1' | Should -Be user1, user2, user3
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 25
    }

    It 'says with -Verbose how many requests it holds back' {
        $said = "$TestDrive/verbose.txt"
        $null = New-Item $said
        $null = Measure-Stop "'user3', 'user4', 'user5' | Set-MgUserPresence -Availability Away -Activity Away -Verbose 4>&1 | ForEach-Object { Add-Content '$said' `$_ }" { (Get-Content $said) -match 'requests wait' }
        (Get-Content $said) -match 'wait' | Should -Be '2 requests wait, since the application may send 2 within 30 s'
    }
}

Describe '-SummaryVariable' {
    BeforeEach { Reset-Emulator; $summary = $null }

    It 'counts what became of the inputs' {
        Add-Fault @{ status = 503; nth = 1; headers = @{ 'Retry-After' = '0' }; match = @{ user = 'user2' } }
        $ErrorActionPreference = 'SilentlyContinue'
        @('user1', 'user2', 'nobody', '') | Set-MgUserPresence @away -SummaryVariable summary
        $summary.Succeeded, $summary.Failed, $summary.Skipped, $summary.Repeats | Should -Be 2, 2, 0, 1
        $summary.Seconds | Should -BeGreaterThan 0
        $summary.Rate | Should -BeGreaterThan 0
        "$summary" | Should -Match '^2 succeeded, 2 failed in \d'
    }

    It 'counts 429 answers' {
        Add-Fault @{ status = 429; nth = 1; headers = @{ 'Retry-After' = '0' }; match = @{ user = 'user2' } }
        'user1', 'user2' | Set-MgUserPresence @away -SummaryVariable summary
        $summary.Throttled, $summary.Succeeded | Should -Be 1, 2
    }

    It 'tells of a pipeline that ended early' {
        $null = $users | Get-MgUserPresence -SummaryVariable summary | Select-Object -First 1
        $summary.Succeeded | Should -Be 1
    }

    It 'stands still when the pipeline has ended early' {
        $null = $users | Get-MgUserPresence -SummaryVariable summary | Select-Object -First 1
        $then = $summary.Seconds
        Start-Sleep -Milliseconds 20
        $summary.Seconds | Should -Be $then
    }

    It 'counts users where one request reads many: <Name>' -ForEach @(
        @{ Name = 'from the pipeline'; Call = { 'x y', $AdeleId, $AdeleId | Get-MgCommunicationPresenceByUserId -SummaryVariable summary -ErrorAction SilentlyContinue }; Expected = 2, 1 }
        @{ Name = 'by -Ids'; Call = { Get-MgCommunicationPresenceByUserId $AdeleId, $AdeleId -SummaryVariable summary }; Expected = 2, 0 }
    ) {
        $null = . $Call
        $summary.Succeeded, $summary.Failed | Should -Be $Expected
    }
}

Describe 'Progress of many inputs' {
    It 'shows done, failed, rate and throttled, and when all inputs were read how much is left' {
        Reset-Emulator
        Add-Fault @{ kind = 'delay'; delayMs = 1500; match = @{ path = '*batch' } }
        $shell = [powershell]::Create().AddScript("Import-Module '$ModulePath'; 1..30 | ForEach-Object { `"user`$_`" } | Get-MgUserPresence")
        $null = $shell.Invoke()
        $shown = @($shell.Streams.Progress | Where-Object Activity -EQ Get-MgUserPresence)
        $shell.Dispose()
        $shown[0].StatusDescription | Should -Match '^\d+ done, 0 failed, \d+ under way, \d+/s, 0 throttled$'
        $shown[0].PercentComplete | Should -BeLessThan 100
        $shown[-1].RecordType | Should -Be Completed
    }
}

Describe '-ResumeFile' {
    BeforeEach {
        Reset-Emulator
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).resume"
        $rows = 1..30 | ForEach-Object { New-Row "user$_" 'Away/Away' }
    }

    It 'skips what was confirmed, and sends what was not' {
        $ErrorActionPreference = 'SilentlyContinue'
        Add-Fault @{ status = 403; match = @{ user = 'user7' }; nth = 1 }
        $rows | Set-MgUserPresence -ResumeFile $file -SummaryVariable first
        $first.Succeeded, $first.Failed | Should -Be 29, 1
        Reset-Emulator
        $rows | Set-MgUserPresence -ResumeFile $file -SummaryVariable second
        $second.Succeeded, $second.Failed, $second.Skipped | Should -Be 1, 0, 29
        (Get-SentCall).path | Should -Be '/v1.0/users/user7/presence/setPresence'
    }

    It 'knows an input by operation, user and body' {
        Set-MgUserPresence user1 @away -ResumeFile $file
        Set-MgUserPresence USER1 @away -ResumeFile $file
        Set-MgUserPresence user1 -BodyParameter @{ availability = 'Away'; activity = 'Away' } -ResumeFile $file -ErrorAction SilentlyContinue
        @(Get-Sent).Count | Should -Be 1
        Set-MgUserPresence user2 @away -ResumeFile $file
        Set-MgUserPresence user1 -Availability Busy -Activity InACall -ResumeFile $file
        Set-MgUserPresenceUserPreferredPresence user1 @away -ResumeFile $file
        Clear-MgUserPresence user1 -ResumeFile $file
        Clear-MgUserPresence user1 -ResumeFile $file
        @(Get-Sent).Count | Should -Be 5
    }

    It 'sends what was confirmed elsewhere: <Name>' -ForEach @(
        @{ Name = 'to another tenant'; With = { @{ AccessToken = New-Token @{ tenant = 'fabrikam.example'; permissions = @('Presence.ReadWrite.All') } } } }
        @{ Name = 'for another user who signed in'; With = { @{ AccessToken = New-Token @{ user = 'adele'; permissions = @('Presence.ReadWrite') } } } }
        @{ Name = 'to another service'; With = { @{ Context = Connect-MgPresence $Emulator.token -BaseUri 'http://127.0.0.1:9' -PassThru -MaxAttempts 1 } } }
    ) {
        Set-MgUserPresence user1 @away -ResumeFile $file
        $null = Invoke-Control POST tenants @{ id = '11111111-0000-cccc-1111-dddd2222eeee'; domain = 'fabrikam.example' }
        $with = & $With
        Set-MgUserPresence user1 @away @with -ResumeFile $file -SummaryVariable elsewhere -ErrorAction SilentlyContinue
        Connect-Emulator
        $elsewhere.Skipped | Should -Be 0
        Set-MgUserPresence user1 @away -ResumeFile $file -SummaryVariable again
        $again.Skipped | Should -Be 1
    }

    It 'sends again what comes behind an input that is sent again, so that the last one wins' {
        $list = (New-Row user1 'Away/Away'), (New-Row user1 'Busy/InACall'), (New-Row user1 'Away/Away')
        Add-Fault @{ status = 403; match = @{ user = 'user1' }; nth = 2 }
        $list | Set-MgUserPresence -ResumeFile $file -ErrorAction SilentlyContinue
        $list | Set-MgUserPresence -ResumeFile $file -SummaryVariable second
        $second.Skipped, $second.Succeeded | Should -Be 1, 2
        (Get-MgUserPresence user1).Activity | Should -Be Away
    }

    It 'sends the last row again that a row before it has undone: <Name>' -ForEach @(
        @{ Name = 'of the same name'; Last = 'adele' }, @{ Name = 'of another name of the user'; Last = $null }
    ) {
        $ErrorActionPreference = 'SilentlyContinue'
        $list = (New-Row adele 'Away/Away'), (New-Row ($Last ?? $AdeleId) 'Busy/InACall')
        Add-Fault @{ status = 403; nth = 1; match = @{ user = 'adele' } }
        $list | Set-MgUserPresence -ResumeFile $file
        Add-Fault @{ status = 403; nth = 2; match = @{ user = 'adele' } }
        $list | Set-MgUserPresence -ResumeFile $file
        (Get-MgUserPresence adele).Activity | Should -Be Away
        $list | Set-MgUserPresence -ResumeFile $file -SummaryVariable third
        $third.Skipped, $third.Succeeded | Should -Be 1, 1
        (Get-MgUserPresence adele).Activity | Should -Be InACall
    }

    It 'skips what comes behind an input that was not sent: <Name>' -ForEach @(
        @{ Name = 'refused by the library'; First = 'Busy/Busy'; With = @{} }
        @{ Name = 'refused one by one'; First = 'Busy/Busy'; With = @{ ResponseHeadersVariable = 'ignored' } }
    ) {
        $list = (New-Row user1 $First), (New-Row user1 'Busy/InACall'), (New-Row $AdeleId 'Away/Away')
        $list | Set-MgUserPresence -ResumeFile $file -ErrorAction SilentlyContinue @With
        $list | Set-MgUserPresence -ResumeFile $file -ErrorAction SilentlyContinue -SummaryVariable second @With
        $second.Skipped, $second.Failed | Should -Be 2, 1
    }

    It 'reads a file whose last line was torn off: <Name>' -ForEach @(
        @{ Name = 'within the line'; Cut = 20; Sent = 1 }
        @{ Name = 'of its line break alone'; Cut = 1; Sent = 0 }
    ) {
        'user1', 'user2' | Set-MgUserPresence @away -ResumeFile $file
        $bytes = [IO.File]::ReadAllBytes($file)
        [IO.File]::WriteAllBytes($file, $bytes[0..($bytes.Length - 1 - $Cut)])
        Reset-Emulator
        'user1', 'user2', 'user3' | Set-MgUserPresence @away -ResumeFile $file
        @(Get-SentCall).Count | Should -Be ($Sent + 1)
        'user1', 'user2', 'user3' | Set-MgUserPresence @away -ResumeFile $file -SummaryVariable summary
        $summary.Skipped | Should -Be 3
    }

    It 'has each confirmed input when the process is killed' {
        Add-Fault @{ kind = 'delay'; delayMs = 60000; match = @{ path = '*batch' }; every = 2 }
        $start = [Diagnostics.ProcessStartInfo]::new($env:MGP_PWSH)
        foreach ($argument in '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$ModulePath'; Connect-MgPresence '$($Emulator.token)' -BaseUri $($Emulator.url) -RequestsPer30Seconds 0; 1..60 | % { `"user`$_`" } | Set-MgUserPresence -Availability Away -Activity Away -ResumeFile '$file'") { $start.ArgumentList.Add($argument) }
        $process = [Diagnostics.Process]::Start($start)
        $deadline = [datetime]::UtcNow.AddSeconds(30)
        while (-not ((Test-Path $file) -and (Get-Item $file).Length -gt 1500) -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 20 }
        $process.Kill()
        $process.WaitForExit()
        $confirmed = @(Get-Content $file).Count - 1
        $confirmed | Should -BeGreaterThan 5
        $null = Invoke-Control DELETE faults
        $users | Set-MgUserPresence @away -ResumeFile $file -SummaryVariable summary
        $summary.Skipped, $summary.Succeeded | Should -Be $confirmed, (60 - $confirmed)
        ($users | Get-MgUserPresence).Activity | Sort-Object -Unique | Should -Be Away
    }

    It 'refuses <Name>, and sends nothing' -ForEach @(
        @{ Name = 'a file of something else'; Content = 'UserId,Availability' }
        @{ Name = 'a folder'; Content = $null }
    ) {
        if ($Content) { Set-Content $file $Content } else { $null = New-Item -ItemType Directory $file }
        { Set-MgUserPresence adele @away -ResumeFile $file } | Should -Throw -ErrorId 'ResumeFile,*'
        if ($Content) { Get-Content $file | Should -Be $Content }
        Get-Sent | Should -BeNullOrEmpty
    }

    # Reading them would never end, and nothing could stop it.
    It 'refuses <Path> at once, also with -WhatIf' -Skip:(-not $IsLinux) -ForEach @(
        @{ Path = 'a pipe' }, @{ Path = '/dev/full' }, @{ Path = '/dev/tty' }
    ) {
        if ($Path -eq 'a pipe') { & mkfifo ($Path = "$TestDrive/pipe-$([guid]::NewGuid())") }
        $fresh = Start-ThreadJob {
            Import-Module $using:ModulePath
            'user1' | Set-MgUserPresence -Availability Away -Activity Away -ResumeFile $using:Path -WhatIf 6>$null
            try { 'user1' | Set-MgUserPresence -Availability Away -Activity Away -ResumeFile $using:Path } catch { $_.FullyQualifiedErrorId }
        }
        $null = $fresh | Wait-Job -Timeout 5
        $fresh.State | Should -Be Completed
        Receive-Job $fresh | Should -BeLike 'ResumeFile,*'
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'reads no more of a file of something else than its beginning' {
        $large = [IO.File]::Create($file)
        $large.SetLength(8GB) # without a block on the disk
        $large.Dispose()
        $before = [GC]::GetTotalAllocatedBytes()
        { Set-MgUserPresence user1 @away -ResumeFile $file } | Should -Throw '*is not a resume file*' -ErrorId 'ResumeFile,*'
        [GC]::GetTotalAllocatedBytes() - $before | Should -BeLessThan 20MB
    }

    It 'goes on when the file can no longer be written, and says so once' -Skip:(-not $IsLinux) {
        # A file of at most 1 KiB, the unit of ulimit: seven lines.
        $script = @"
            Import-Module '$ModulePath'
            Connect-MgPresence '$($Emulator.token)' -BaseUri $($Emulator.url)
            1..30 | ForEach-Object { "user`$_" } | Set-MgUserPresence -Availability Away -Activity Away -ResumeFile '$file' -SummaryVariable summary -ErrorVariable failures -ErrorAction SilentlyContinue
            "`$(`$summary.Succeeded) `$(`$failures.Count) `$(`$failures[0].FullyQualifiedErrorId) `$(`$failures[0].Exception.Message)"
"@
        $before = $env:MGP_PWSH
        Set-Content "$TestDrive/few" "#!/bin/bash`ntrap '' XFSZ`nulimit -f 1`nexport DOTNET_EnableWriteXorExecute=0 # which is a large file`nexec '$before' `"`$@`""
        & chmod +x "$TestDrive/few"
        try { $env:MGP_PWSH = "$TestDrive/few"; $fresh = Invoke-Fresh $script } finally { $env:MGP_PWSH = $before }
        $fresh.Output | Should -BeLike "30 1 ResumeFile,* $file can no longer be written: *"
    }

    It 'refuses a path that is no file: <Path>' -ForEach @{ Path = 'Env:resume' }, @{ Path = 'Variable:resume' } {
        Push-Location $TestDrive
        try { { Set-MgUserPresence user1 @away -ResumeFile $Path } | Should -Throw -ErrorId 'ResumeFile,*' }
        finally { Pop-Location }
        Test-Path "$TestDrive/resume" | Should -BeFalse
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'of another run that has not ended is refused' {
        $other = [IO.FileStream]::new($file, 'OpenOrCreate', 'ReadWrite', 'None')
        try { { Set-MgUserPresence adele @away -ResumeFile $file } | Should -Throw -ErrorId 'ResumeFile,*' -ExpectedMessage '*a resume file of its own*' }
        finally { $other.Dispose() }
    }

    It 'is read by -WhatIf as a run would read it, with a row at its top that is refused' {
        $list = (New-Row user1 'Busy/Busy'), (New-Row user1 'Busy/InACall'), (New-Row $AdeleId 'Away/Away')
        $list | Set-MgUserPresence -ResumeFile $file -ErrorAction SilentlyContinue
        $list | Set-MgUserPresence -ResumeFile $file -WhatIf -SummaryVariable summary
        $summary.Skipped | Should -Be 2
    }

    It 'is not made by -WhatIf, which skips what the file has' {
        Set-MgUserPresence user1 @away -ResumeFile $file -WhatIf
        Test-Path $file | Should -BeFalse
        Set-MgUserPresence user1 @away -ResumeFile $file
        $before = Get-Content $file -Raw
        'user1', 'user2' | Set-MgUserPresence @away -ResumeFile $file -WhatIf -SummaryVariable summary
        $summary.Skipped | Should -Be 1
        Get-Content $file -Raw | Should -Be $before
    }
}
