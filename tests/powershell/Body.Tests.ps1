# Bodies: what a script writes and what goes over the wire, compared as JSON.

BeforeDiscovery {
    $wire = @{ sessionId = 'S'; availability = 'Away'; activity = 'Away'; expirationDuration = 'PT1H' }
    $typed = [Collections.Generic.Dictionary[string, object]]::new()
    $wire.GetEnumerator() | ForEach-Object { $typed[$_.Key] = $_.Value }
    $forms = @(
        @{ Name = 'a hashtable'; Body = $wire }
        @{ Name = 'keys in any case'; Body = @{ SESSIONID = 'S'; Availability = 'Away'; aCTIVITY = 'Away'; ExpirationDuration = 'PT1H' } }
        @{ Name = '[ordered]'; Body = [ordered]@{ SessionId = 'S'; Availability = 'Away'; Activity = 'Away'; ExpirationDuration = 'PT1H' } }
        @{ Name = 'a dictionary'; Body = $typed }
        @{ Name = 'a PSCustomObject'; Body = [pscustomobject]@{ SessionId = 'S'; Availability = 'Away'; Activity = 'Away'; ExpirationDuration = 'PT1H' } }
        @{ Name = 'JSON text'; Body = '{"sessionId":"S","availability":"Away","activity":"Away","expirationDuration":"PT1H"}' }
        @{ Name = 'JSON text with keys in any case'; Body = '{"SessionId":"S","AVAILABILITY":"Away","activity":"Away","ExpirationDuration":"PT1H"}' }
        @{ Name = 'ConvertFrom-Json'; Body = '{"SessionId":"S","availability":"Away","activity":"Away","expirationDuration":"PT1H"}' | ConvertFrom-Json }
        @{ Name = 'ConvertFrom-Json -AsHashtable'; Body = '{"sessionId":"S","availability":"Away","activity":"Away","expirationDuration":"PT1H"}' | ConvertFrom-Json -AsHashtable }
    )
    $durations = @(
        @{ Given = [timespan]::FromHours(1); Sent = 'PT1H' }
        @{ Given = [timespan]::FromMinutes(90); Sent = 'PT1H30M' }
        @{ Given = '01:00:00'; Sent = 'PT1H' }
        @{ Given = 'PT1H'; Sent = 'PT1H' }
        @{ Given = 'PT60M'; Sent = 'PT1H' }
        @{ Given = 'PT3600S'; Sent = 'PT1H' }
    )
    $refused = @(
        @{ Given = '1h'; Says = '*"1h" is not an ISO 8601 duration*PT1H*' }
        @{ Given = 60; Says = '*"60"*has no unit*PT60M*' }
        @{ Given = '60'; Says = '*"60"*has no unit*PT60M*' }
        @{ Given = 1.5; Says = '*1.5*' }
        @{ Given = 'PT4M'; Says = '*PT4M is outside PT5M to PT4H*' }
        @{ Given = 'PT5H'; Says = '*PT5H is outside PT5M to PT4H*' }
        @{ Given = 'P1Y'; Says = '*P1Y counts years*' }
        @{ Given = '-PT5M'; Says = '*-PT5M is negative*' }
        @{ Given = [timespan]::Zero; Says = '*outside PT5M to PT4H*' }
        @{ Given = [timespan]::FromHours(-1); Says = '*negative*' }
        @{ Given = 'banana'; Says = '*"banana" is not an ISO 8601 duration*' }
    )
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator -With --any-session-id
    $away = @{ UserId = 'adele'; SessionId = 'S'; Availability = 'Away'; Activity = 'Away' }
    function Get-SentBody { (Get-Sent).body | ConvertTo-Json -Compress -Depth 9 }
}
AfterAll { Stop-Emulator }

Describe 'A body' {
    BeforeEach { Reset-Emulator }

    It 'is sent alike as <Name>' -ForEach $forms {
        Set-MgUserPresence -UserId adele -BodyParameter $Body
        $sent = (Get-Sent).body
        $sent.PSObject.Properties.Name | Sort-Object | Should -BeExactly activity, availability, expirationDuration, sessionId
        $sent.sessionId, $sent.availability, $sent.activity, $sent.expirationDuration | Should -Be S, Away, Away, PT1H
    }

    It 'keeps keys that Graph does not know here, nested ones too, as they are written' {
        Set-MgUserPresence -UserId adele -BodyParameter @{ sessionId = 'S'; availability = 'Away'; activity = 'Away'; NewThing = @{ Inner_Key = 1, 'two' } }
        Get-SentBody | Should -BeLike '*"NewThing":{"Inner_Key":?1,"two"?}*'
    }

    It 'as JSON text keeps its numbers as they are written' {
        $numbers = '"a":1.0,"b":123456789012345678901234567890,"c":1e400,"d":-0,"e":[0.10,7]'
        $trace = Set-MgUserPresence -UserId adele -BodyParameter "{""sessionId"":""S"",""availability"":""Away"",""activity"":""Away"",$numbers}" -ErrorAction SilentlyContinue -Debug 5>&1 | Out-String
        $trace.Contains($numbers) | Should -BeTrue
    }

    It 'drops an unknown key without a value' {
        Set-MgUserPresence -UserId adele -BodyParameter @{ sessionId = 'S'; availability = 'Away'; activity = 'Away'; newThing = $null }
        (Get-Sent).body.PSObject.Properties.Name | Should -Not -Contain newThing
    }

    It 'sends a known text without a value as ""' {
        Set-MgUserPresence -UserId adele -SkipValidation -BodyParameter @{ sessionId = $null; availability = 'Away'; activity = '' } -ErrorAction SilentlyContinue
        $sent = (Get-Sent).body
        $sent.sessionId, $sent.activity | Should -BeExactly '', ''
    }

    It 'makes texts of other values where Graph has a text' {
        Set-MgUserPresence -UserId adele -SkipValidation -BodyParameter @{ sessionId = 5; availability = $true; activity = 'Away' } -ErrorAction SilentlyContinue
        $sent = (Get-Sent).body
        $sent.sessionId, $sent.availability | Should -BeExactly '5', 'True'
    }

    It 'is refused as <Name>, and nothing is sent' -ForEach @(
        @{ Name = 'a list'; Body = @(1, 2) }, @{ Name = 'a number'; Body = 5 }, @{ Name = 'text that is no JSON'; Body = 'banana' },
        @{ Name = 'a JSON list'; Body = '[{}]' }, @{ Name = 'half an object'; Body = '{"availability":' }, @{ Name = 'null as JSON'; Body = 'null' }
    ) {
        $call = { Set-MgUserPresence -UserId adele -BodyParameter $Body -ErrorAction Stop }
        $call | Should -Throw -ErrorId 'InvalidBody,MgPresence.Cmdlets.SetMgUserPresence'
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'that contains itself is refused' {
        $loop = @{ availability = 'Away' }
        $loop.again = $loop
        $call = { Set-MgUserPresence -UserId adele -BodyParameter $loop -ErrorAction Stop }
        $call | Should -Throw -ErrorId 'InvalidBody,MgPresence.Cmdlets.SetMgUserPresence'
        Get-Sent | Should -BeNullOrEmpty
    }
}

Describe 'A status message' {
    BeforeEach { Reset-Emulator }

    It 'may be another user''s: what Graph gave goes back, and nothing is made up' {
        Set-MgUserPresenceStatusMessage alex -StatusMessage @{ message = @{ content = 'Back at two'; contentType = 'text' } }
        $copy = (Get-MgUserPresence alex).StatusMessage
        Set-MgUserPresenceStatusMessage adele -StatusMessage $copy
        $sent = (Get-Sent)[-1].body.statusMessage
        $sent.message.content, $sent.message.contentType | Should -Be 'Back at two', 'text'
        $sent.PSObject.Properties.Name | Should -Not -Contain expiryDateTime
    }

    It 'leaves out a date without a value' {
        Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = 'c' }; publishedDateTime = $null }
        (Get-Sent).body.statusMessage.PSObject.Properties.Name | Should -Be message
    }

    It 'may be JSON text, in whole or in part: <Name>' -ForEach @(
        @{ Name = 'the parameter'; Given = '{"Message":{"content":"c","contentType":"text"}}' }
        @{ Name = 'a member'; Given = @{ message = '{"content":"c","contentType":"text"}' } }
    ) {
        Set-MgUserPresenceStatusMessage adele -StatusMessage $Given
        $message = (Get-Sent).body.statusMessage.message
        $message.content, $message.contentType | Should -Be c, text
    }
}

Describe '-ExpirationDuration' {
    BeforeEach { Reset-Emulator }

    It 'sends <Given> as <Sent>' -ForEach $durations {
        Set-MgUserPresence @away -ExpirationDuration $Given
        (Get-Sent).body.expirationDuration | Should -BeExactly $Sent
    }

    It 'sends <Given> in a body as <Sent>' -ForEach $durations {
        Set-MgUserPresence -UserId adele -BodyParameter @{ sessionId = 'S'; availability = 'Away'; activity = 'Away'; expirationDuration = $Given }
        (Get-Sent).body.expirationDuration | Should -BeExactly $Sent
    }

    It 'refuses <Given>, and sends nothing' -ForEach $refused {
        $call = { Set-MgUserPresence @away -ExpirationDuration $Given -ErrorAction Stop }
        $call | Should -Throw -ExpectedMessage $Says -ErrorId 'InvalidDuration,MgPresence.Cmdlets.SetMgUserPresence'
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'refuses <Given> in a body, and sends nothing' -ForEach $refused {
        $call = { Set-MgUserPresence -UserId adele -BodyParameter @{ sessionId = 'S'; availability = 'Away'; activity = 'Away'; expirationDuration = $Given } -ErrorAction Stop }
        $call | Should -Throw -ExpectedMessage $Says -ErrorId 'InvalidDuration,MgPresence.Cmdlets.SetMgUserPresence'
        Get-Sent | Should -BeNullOrEmpty
    }
}

Describe '-AdditionalProperties' {
    BeforeEach { Reset-Emulator }

    It 'adds members to the body' {
        Set-MgUserPresence @away -AdditionalProperties @{ newThing = @{ a = 1 }; gone = $null }
        (Get-Sent).body.newThing.a | Should -Be 1
        (Get-Sent).body.PSObject.Properties.Name | Should -Not -Contain gone
    }

    It 'may bring what has a parameter' {
        Set-MgUserPresence adele -SessionId S -Availability Away -AdditionalProperties @{ Activity = 'Away' }
        (Get-Sent).body.activity | Should -Be Away
    }

    It 'may not bring what a parameter brings too' {
        $failure = { Set-MgUserPresence @away -AdditionalProperties @{ activity = 'Away' } -ErrorAction Stop } | Should -Throw -PassThru
        $failure.Exception | Should -BeOfType ArgumentException
        Get-Sent | Should -BeNullOrEmpty
    }
}
