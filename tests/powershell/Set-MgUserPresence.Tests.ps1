# Set-MgUserPresence: its four parameter sets, what it sends, what it gives back.

BeforeDiscovery {
    $body = @{ sessionId = '22553876-f5ab-4529-bffb-cfe50aa89f87'; availability = 'Busy'; activity = 'InACall' }
    $expanded = @{ SessionId = $body.sessionId; Availability = 'Busy'; Activity = 'InACall' }
    $sets = @(
        @{ Set = 'SetExpanded'; Arguments = @{ UserId = 'adele' } + $expanded }
        @{ Set = 'Set'; Arguments = @{ UserId = 'adele'; BodyParameter = $body } }
        @{ Set = 'SetViaIdentityExpanded'; Arguments = @{ InputObject = @{ UserId = 'adele' } } + $expanded }
        @{ Set = 'SetViaIdentity'; Arguments = @{ InputObject = @{ UserId = 'adele' }; BodyParameter = $body } }
    )
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator -User adele, alex
}
AfterAll { Stop-Emulator }

Describe 'Set-MgUserPresence' {
    BeforeEach { Reset-Emulator }

    It 'sets a presence by its set <Set>' -ForEach $sets {
        Set-MgUserPresence @Arguments | Should -BeNullOrEmpty
        $sent = Get-Sent
        $sent.method, $sent.path -join ' ' | Should -Be 'POST /v1.0/users/adele/presence/setPresence'
        $sent.body.sessionId, $sent.body.availability, $sent.body.activity | Should -Be $AppId, 'Busy', 'InACall'
        $sent.body.PSObject.Properties.Name.Count | Should -Be 3
        (Get-MgUserPresence adele).Activity | Should -Be InACall
    }

    It 'is named <Set> in what -WhatIf says' -ForEach $sets {
        $fresh = Invoke-Fresh "Import-Module '$ModulePath'; `$arguments = '$($Arguments | ConvertTo-Json -Compress)' | ConvertFrom-Json -AsHashtable; Set-MgUserPresence @arguments -WhatIf"
        $fresh.Output | Should -Be "What if: Performing the operation ""Set-MgUserPresence_$Set"" on target ""Call remote 'POST /users/adele/presence/microsoft.graph.setPresence' operation (adele: Busy/InACall)""."
    }

    It 'says under -WhatIf who gets what: <Says>' -ForEach @(
        @{ Call = 'Set-MgUserPresence adele -Availability Busy -Activity InACall -ExpirationDuration 01:00:00'; Says = 'adele: Busy/InACall for PT1H' }
        @{ Call = 'Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = "Back at two" } }'; Says = 'adele: "Back at two"' }
        @{ Call = 'Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = "" } }'; Says = 'adele: no status message' }
        @{ Call = 'Set-MgUserPresenceManualLocation -Me -WorkLocationType office -PlaceId p1'; Says = 'me: office at p1' }
        @{ Call = 'Update-MgUserPresence adele -Availability Away -Activity Away -OutOfOfficeSettings @{ isOutOfOffice = $true }'; Says = 'adele: Away/Away, outOfOfficeSettings' }
        @{ Call = 'New-MgCommunicationPresence -Id a1 -Availability Away -Activity Away'; Says = 'a1: Away/Away' }
        @{ Call = 'Get-MgCommunicationPresenceByUserId a1, b2'; Says = '2 users' }
    ) {
        (Invoke-Fresh "Import-Module '$ModulePath'; $Call -WhatIf").Output | Should -BeLike "What if: Performing the operation ""*"" on target ""Call remote '*' operation ($Says)""."
    }

    It 'sets <_>' -ForEach 'Available/Available', 'Busy/InACall', 'Busy/InAConferenceCall', 'Away/Away', 'DoNotDisturb/Presenting' {
        $availability, $activity = $_ -split '/'
        Set-MgUserPresence adele -SessionId $AppId -Availability $availability -Activity $activity
        (Get-MgUserPresence adele).Activity | Should -Be $activity
    }

    It 'sets the presence of the one who signed in by -Me' {
        Connect-Emulator $Emulator.userToken
        try {
            Set-MgUserPresence -Me -Availability Away -Activity Away
            (Get-Sent).path | Should -Be '/v1.0/me/presence/setPresence'
            @{ availability = 'Busy'; activity = 'InACall'; sessionId = $AppId } | Set-MgUserPresence -Me
            (Get-MgUserPresence -Me).Activity | Should -Be InACall
        }
        finally { Connect-Emulator }
    }

    It 'does not take -Me:<Value> for -Me' -ForEach @{ Value = '$false'; Me = $false }, @{ Value = '$null'; Me = $null } {
        $call = { Set-MgUserPresence -Me:$Me -Availability Away -Activity Away -AccessToken $Emulator.userToken }
        $call | Should -Throw -ExpectedMessage '*-Me:$false*-UserId*' -ErrorId 'NotMe,MgPresence.Cmdlets.SetMgUserPresence'
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'refuses Busy/Busy, sends nothing and names the way out' {
        $call = { Set-MgUserPresence adele -SessionId $AppId -Availability Busy -Activity Busy -ErrorAction Stop }
        $failure = $call | Should -Throw -PassThru -ErrorId 'InvalidPair,MgPresence.Cmdlets.SetMgUserPresence'
        $failure.Exception.Message | Should -BeLike '*InACall*setUserPreferredPresence*'
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'refuses the id <_>, and sends nothing' -ForEach @(
        '../../x', '..', 'a/b?c#d', '.', 'a b', ("a`r`nHost: b"), ('a' * 65536)
    ) {
        $call = { Set-MgUserPresence -UserId $_ -Availability Away -Activity Away -SkipValidation -ErrorAction Stop }
        $call | Should -Throw -ErrorId 'InvalidId,MgPresence.Cmdlets.SetMgUserPresence'
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'says of a GUID in braces how to write it' {
        $failure = { "{$AdeleId}" | Set-MgUserPresence -Availability Away -Activity Away -ErrorAction Stop } | Should -Throw -PassThru -ErrorId 'InvalidId,*'
        $failure.Exception.Message | Should -BeLike "*braces*Write $AdeleId."
    }

    It 'refuses a token that was disposed of, as an error of the input' {
        $token = ConvertTo-SecureString x -AsPlainText -Force
        $token.Dispose()
        Set-MgUserPresence adele -Availability Away -Activity Away -AccessToken $token -ErrorVariable failures -ErrorAction SilentlyContinue
        "$failures" | Should -BeLike 'A SecureString was disposed of*'
        $failures[0].FullyQualifiedErrorId | Should -Be 'InvalidText,MgPresence.Cmdlets.SetMgUserPresence'
        Set-MgUserPresence adele -Availability Away -Activity Away -AccessToken $token -ResumeFile "$TestDrive/disposed" -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures | Should -HaveCount 1
        { Connect-MgPresence -AccessToken $token } | Should -Throw 'A SecureString was disposed of*' -ErrorId 'Option,*'
    }

    It 'refuses an id with a NUL character, which a C string would cut short' {
        $call = { Set-MgUserPresence -UserId "adele`0x" -Availability Away -Activity Away -ErrorAction Stop }
        $call | Should -Throw -ExpectedMessage '*NUL*' -ErrorId 'InvalidText,MgPresence.Cmdlets.SetMgUserPresence'
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'sends what it would refuse with -SkipValidation, and shows what Graph said' {
        $call = { Set-MgUserPresence adele -Availability Busy -Activity Busy -SkipValidation -ErrorAction Stop }
        $call | Should -Throw -ErrorId 'InvalidArgument,MgPresence.Cmdlets.SetMgUserPresence'
        (Get-Sent).body.activity | Should -Be Busy
    }

    Context 'the session id' {
        It 'is the application of the token when it is left out' {
            Set-MgUserPresence adele -Availability Away -Activity Away
            (Get-Sent).body.sessionId | Should -Be $AppId
        }

        It 'is never added to a -BodyParameter' {
            $body = @{ availability = 'Away'; activity = 'Away' }
            { Set-MgUserPresence adele -BodyParameter $body -ErrorAction Stop } |
                Should -Throw "*Give the application's client id as sessionId*"
            Set-MgUserPresence adele -BodyParameter $body -SkipValidation -ErrorAction SilentlyContinue
            (Get-Sent).body.PSObject.Properties.Name | Should -Not -Contain sessionId
        }

        It 'is never the SessionId of an identity, which is a key of call records' {
            $identity = [pscustomobject]@{ UserId = 'adele'; SessionId = 'call-record'; CallId = 'c' }
            $identity | Set-MgUserPresence -Availability Away -Activity Away
            Set-MgUserPresence -InputObject $identity -Availability Away -Activity Away
            @{ UserId = 'adele'; SessionId = 'call-record' } | Set-MgUserPresence -Availability Away -Activity Away
            (Get-Sent).body.sessionId | Should -Be $AppId, $AppId, $AppId
        }
    }

    Context '-PassThru' {
        It 'gives $true for each user for whom it succeeded' {
            $given = Set-MgUserPresence adele, nobody, alex -Availability Away -Activity Away -PassThru -ErrorAction SilentlyContinue
            $given | Should -Be $true, $true
        }

        It 'gives nothing as -PassThru:$false' {
            Set-MgUserPresence adele -Availability Away -Activity Away -PassThru:$false | Should -BeNullOrEmpty
        }

        It 'gives nothing for an answer that is a page of HTML' {
            Add-Fault @{ status = 200; headers = @{ 'Content-Type' = 'text/html' }; body = '<html>a proxy says hello</html>' }
            $call = { Set-MgUserPresence adele -Availability Away -Activity Away -PassThru -ErrorAction Stop }
            $failure = $call | Should -Throw -PassThru -ErrorId 'Response,MgPresence.Cmdlets.SetMgUserPresence'
            $failure.ErrorDetails.Message | Should -BeLike '*Status: 200*'
        }
    }

    Context '-InputObject' {
        It 'takes UserId in any case from a <Name>' -ForEach @(
            @{ Name = 'hashtable'; Identity = @{ userid = 'adele' } }
            @{ Name = 'PSCustomObject'; Identity = [pscustomobject]@{ USERID = 'adele' } }
            @{ Name = 'dictionary'; Identity = & { $typed = [Collections.Generic.Dictionary[string, object]]::new(); $typed['UserID'] = 'adele'; , $typed } }
        ) {
            Set-MgUserPresence -InputObject $Identity -Availability Away -Activity Away
            (Get-Sent).path | Should -BeLike '*/users/adele/*'
        }

        It 'without UserId ends the pipeline, as it always did' {
            $after = 'not reached'
            try { Set-MgUserPresence -InputObject @{ PresenceId = 'adele' } -Availability Away -Activity Away -ErrorAction SilentlyContinue; $after = 'reached' }
            catch { $_.Exception.Message | Should -Be 'InputObject has null value for InputObject.UserId'; $_.CategoryInfo.Category | Should -Be InvalidArgument }
            $after | Should -Be 'not reached'
            Get-Sent | Should -BeNullOrEmpty
        }
    }

    Context 'many users' {
        It 'gives each input one result or one error, in the order of the inputs' {
            Add-Fault @{ kind = 'delay'; delayMs = 200; match = @{ user = 'adele' } }
            $records = Get-MgUserPresence adele, nobody, alex, adele -ErrorVariable failures -ErrorAction SilentlyContinue
            $records.Id | Should -Be $AdeleId, '66825e03-7ef5-42da-9069-724602c31f6b', $AdeleId
            $failures.Count | Should -Be 1
        }

        It 'has many requests on their way at once' {
            Add-Fault @{ kind = 'delay'; delayMs = 200 }
            $taken = Measure-Command { Get-MgUserPresence (@('adele', 'alex') * 16) -ErrorAction Continue }
            @(Get-SentCall).Count | Should -Be 32
            $taken.TotalMilliseconds | Should -BeLessThan (32 * 200 / 2) # one after the other: 6400
        }

        It 'sends what is for one user one after the other, in any case of the id: the last row counts' {
            Add-Fault @{ kind = 'delay'; delayMs = 300; nth = 1 }
            [pscustomobject]@{ UserId = 'adele'; Availability = 'Busy'; Activity = 'InACall' },
            [pscustomobject]@{ UserId = 'alex'; Availability = 'Available'; Activity = 'Available' },
            [pscustomobject]@{ UserId = 'ADELE'; Availability = 'Away'; Activity = 'Away' } | Set-MgUserPresence
            (Get-MgUserPresence adele).Activity | Should -Be Away
        }

        It 'sends one after the other what may be for one user: an object id and a principal name' {
            Add-Fault @{ kind = 'delay'; delayMs = 300; nth = 1 }
            [pscustomobject]@{ UserId = 'adele'; Availability = 'Busy'; Activity = 'InACall' },
            [pscustomobject]@{ UserId = $AdeleId; Availability = 'Away'; Activity = 'Away' } | Set-MgUserPresence -ErrorAction Continue
            (Get-MgUserPresence adele).Activity | Should -Be Away
        }

        It 'sends at once what is for others: <Name>' -ForEach @(
            @{ Name = 'principal names'; Users = 1..6 | ForEach-Object { "user$_@contoso.example" } }
            @{ Name = 'object ids'; Users = 1..6 | ForEach-Object { [guid]::NewGuid() } }
        ) {
            Add-Fault @{ kind = 'delay'; delayMs = 600 }
            $taken = Measure-Command { Set-MgUserPresence $Users -Availability Away -Activity Away -ErrorAction SilentlyContinue }
            @(Get-SentCall).Count | Should -Be 6
            $taken.TotalMilliseconds | Should -BeLessThan (6 * 600 * 2 / 3)
        }

        It 'gives refusals of its own their place among the others' {
            Add-Fault @{ kind = 'delay'; delayMs = 300; match = @{ user = 'adele' } }
            $given = & {
                $ErrorActionPreference = 'Continue'
                'adele', '', $null, @{ Name = 'x' }, "a`0b", 'alex', @{ UserId = '' }, 'adele' |
                    Set-MgUserPresence -Availability Away -Activity Away -PassThru
                [pscustomobject]@{ UserId = 'adele' }, [pscustomobject]@{ UserId = 'alex'; Availability = 'Busy'; Activity = 'Busy' } | Set-MgUserPresence -PassThru
            } 2>&1
            ($given | ForEach-Object { $_ -is [bool] ? 'True' : ($_.FullyQualifiedErrorId -replace ',.*') }) -join ' ' |
                Should -Be 'True InvalidId InvalidId InvalidId InvalidText True InvalidId True InvalidPair InvalidPair'
        }

        It 'answers an input before the next one comes, where they come one at a time' {
            Add-Fault @{ kind = 'delay'; delayMs = 100; nth = 1 }
            $order = & { 'nobody'; Start-Sleep -Milliseconds 300; 'asked for adele'; 'adele' } |
                ForEach-Object { if ($_ -like 'asked*') { $script:before = $failures.Count } else { $_ } } |
                Get-MgUserPresence -ErrorAction SilentlyContinue -ErrorVariable failures
            $order.Id | Should -Be $AdeleId
            $before | Should -Be 1
        }

        It 'stays in order far beyond its window' {
            $ids = 1..100 | ForEach-Object { $_ % 2 ? 'adele' : 'alex' }
            ($ids | Get-MgUserPresence).Count | Should -Be 100
        }
    }

    It 'sends to beta as Set-MgBetaUserPresence' {
        Set-MgBetaUserPresence adele -Availability Away -Activity Away -PassThru | Should -BeTrue
        (Get-Sent).path | Should -Be '/beta/users/adele/presence/setPresence'
    }

    It 'sends to /communications/presences as Set-MgCommunicationPresence' {
        Set-MgCommunicationPresence -PresenceId $AdeleId -Availability Away -Activity Away -PassThru | Should -BeTrue
        (Get-Sent).path | Should -Be "/v1.0/communications/presences/$AdeleId/setPresence"
    }
}
