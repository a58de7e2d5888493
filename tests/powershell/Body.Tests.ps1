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
    $json = '{"SessionId":"S","availability":"Away","activity":"Away","expirationDuration":"PT1H"}'
    $expando = [Dynamic.ExpandoObject]::new()
    $wire.GetEnumerator() | ForEach-Object { $expando.($_.Key) = $_.Value }
    $forms += @(
        @{ Name = 'a JsonElement'; Body = [Text.Json.JsonDocument]::Parse($json).RootElement }
        @{ Name = 'a JsonDocument'; Body = [Text.Json.JsonDocument]::Parse($json) }
        @{ Name = 'a JsonNode'; Body = [Text.Json.Nodes.JsonNode]::Parse($json) }
        @{ Name = 'a JObject'; Body = [Newtonsoft.Json.Linq.JObject]::Parse($json) }
        @{ Name = 'an ExpandoObject'; Body = $expando }
        @{ Name = 'a hashtable of JSON values'; Body = @{ sessionId = [Text.Json.Nodes.JsonNode]::Parse('"S"'); availability = [Newtonsoft.Json.Linq.JValue]::new('Away'); activity = 'Away'; expirationDuration = [Text.Json.JsonDocument]::Parse('"PT1H"').RootElement } }
    )
    $durations = @(
        @{ Given = [timespan]::FromHours(1); Sent = 'PT1H' }
        @{ Given = [timespan]::FromMinutes(90); Sent = 'PT1H30M' }
        @{ Given = '01:00:00'; Sent = 'PT1H' }
        @{ Given = 'PT1H'; Sent = 'PT1H' }
        @{ Given = 'PT60M'; Sent = 'PT1H' }
        @{ Given = 'PT3600S'; Sent = 'PT1H' }
        @{ Given = '3:59:59'; Sent = 'PT3H59M59S' }
    )
    $refused = @(
        @{ Given = '1h'; Says = '*"1h" is not an ISO 8601 duration*PT1H*' }
        @{ Given = 60; Says = '*"60"*has no unit*PT60M*' }
        @{ Given = '60'; Says = '*"60"*has no unit*PT60M*' }
        @{ Given = 1.5; Says = '*1.5*' }
        @{ Given = 'PT4M'; Says = '*PT4M is outside PT5M to PT4H*' }
        @{ Given = 'PT5H'; Says = '*PT5H is outside PT5M to PT4H*' }
        @{ Given = '24:00:00'; Says = '*"24:00:00" is not an ISO 8601 duration. Use PT4H*' }
        @{ Given = '48:00:00'; Says = '*"48:00:00" is not an ISO 8601 duration. Use PT4H*' }
        @{ Given = '00:90:00'; Says = '*"00:90:00" is not an ISO 8601 duration. Write PT1H30M*' }
        @{ Given = '24:00'; Says = '*"24:00" is not an ISO 8601 duration*' }
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

    It 'keeps the JSON of other libraries where Graph does not know the key' {
        $body = @{ sessionId = 'S'; availability = 'Away'; activity = 'Away' }
        $body.a = [Text.Json.JsonDocument]::Parse('{"x":[1.0,null,"y"]}').RootElement
        $body.b = [Newtonsoft.Json.Linq.JToken]::Parse('[{"z":true}]')
        $body.c = 123456789012345678901234567890n
        $trace = Set-MgUserPresence -UserId adele -BodyParameter $body -ErrorAction SilentlyContinue -Debug 5>&1 | Out-String
        $trace | Should -Match ([regex]::Escape('"a":{"x":[1.0,null,"y"]}'))
        $trace | Should -Match ([regex]::Escape('"b":[{"z":true}]'))
        $trace | Should -Match ([regex]::Escape('"c":123456789012345678901234567890'))
    }

    It 'reaches the body from a parameter as <Name>' -ForEach @(
        @{ Name = 'a JsonElement'; Location = [Text.Json.JsonDocument]::Parse('{"WorkLocationType":"remote"}').RootElement }
        @{ Name = 'a JsonNode'; Location = [Text.Json.Nodes.JsonNode]::Parse('{"workLocationType":"remote"}') }
        @{ Name = 'a JObject'; Location = [Newtonsoft.Json.Linq.JObject]::Parse('{"workLocationType":"remote"}') }
    ) {
        Update-MgUserPresence adele -WorkLocation $Location
        Get-SentBody | Should -BeExactly '{"workLocation":{"workLocationType":"remote"}}'
    }

    It 'is refused with the name of its type where it is one of .NET''s objects: <Type>' -ForEach @(
        @{ Type = 'System.IO.FileInfo'; Call = { Update-MgUserPresence adele -BodyParameter ([IO.FileInfo]::new('/body.json')) } }
        @{ Type = 'System.Version'; Call = { Update-MgUserPresence adele -BodyParameter ([version] '1.2') } }
        @{ Type = 'System.Security.SecureString'; Call = { Update-MgUserPresence adele -WorkLocation ([securestring]::new()) } }
        @{ Type = 'System.Exception'; Call = { Update-MgUserPresence adele -Availability Away -Activity Away -AdditionalProperties @{ a = @([Exception]::new('x')) } } }
        @{ Type = 'System.DateOnly'; Call = { Update-MgUserPresence adele -BodyParameter @{ availability = 'Away'; activity = 'Away'; a = [dateonly] '2030-01-01' } } }
        @{ Type = 'System.Text.Json.JsonElement'; Call = { Update-MgUserPresence adele -BodyParameter ([Text.Json.JsonElement]::new()) } }
    ) {
        $Call | Should -Throw -ExpectedMessage "A $Type cannot be *" -ErrorId 'InvalidBody,MgPresence.Cmdlets.UpdateMgUserPresence'
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'may be an object of a script''s own class' {
        class Body { [string] $Availability = 'Away'; [string] $Activity = 'Away'; [object] $workLocation = @{ workLocationType = 'remote' } }
        Update-MgUserPresence adele -BodyParameter ([Body]::new())
        (Get-Sent).body.workLocation.workLocationType | Should -Be remote
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

    It 'that says nothing is refused and erases nothing: <Name>' -ForEach @(
        @{ Name = 'nothing'; Call = { Set-MgUserPresenceStatusMessage adele } }
        @{ Name = '$null'; Call = { Set-MgUserPresenceStatusMessage adele -StatusMessage $null } }
        @{ Name = 'an empty text'; Call = { Set-MgUserPresenceStatusMessage adele -StatusMessage '' } }
        @{ Name = 'an empty hashtable'; Call = { Set-MgUserPresenceStatusMessage adele -StatusMessage @{} } }
        @{ Name = 'a message without content'; Call = { Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ contentType = 'text' } } } }
        @{ Name = 'a content without a value'; Call = { Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = $null } } } }
        @{ Name = 'a content of no lines'; Call = { Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = @() } } } }
        @{ Name = 'a content of a command without output'; Call = { $none = 1 | Where-Object { $false }; Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = $none } } } }
        @{ Name = 'the input of a function without one'; Call = { & { Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = $input } } } } }
        @{ Name = 'a list without a value'; Call = { Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = @($null) } } } }
        @{ Name = 'an empty body'; Call = { Set-MgUserPresenceStatusMessage adele -BodyParameter @{} } }
        @{ Name = 'a body without a value'; Call = { Set-MgUserPresenceStatusMessage adele -BodyParameter @{ statusMessage = $null } } }
        @{ Name = 'JSON without a value'; Call = { '{"statusMessage":null}' | Set-MgUserPresenceStatusMessage adele } }
        @{ Name = 'a presence without one'; Call = { Get-MgUserPresence alex | Set-MgUserPresenceStatusMessage } }
        @{ Name = 'a row with an empty cell'; Call = { "UserId,StatusMessage`nadele," | ConvertFrom-Csv | Set-MgUserPresenceStatusMessage } }
        @{ Name = 'a hashtable with the id alone'; Call = { @{ UserId = 'adele' } | Set-MgUserPresenceStatusMessage } }
        @{ Name = 'an update beside others'; Call = { Update-MgUserPresence adele -Availability Away -StatusMessage @{} } }
    ) {
        Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = 'Back at two' } }
        $Call | Should -Throw -ExpectedMessage '*with "" as content to remove the message*'
        (Get-MgUserPresence adele).StatusMessage.Message.Content | Should -Be 'Back at two'
    }

    It 'whose content is an object is refused and erases nothing: <Name>' -ForEach @(
        @{ Name = 'a row'; Content = [pscustomobject]@{ Note = 'x' } }
        @{ Name = 'a list with a row'; Content = @([pscustomobject]@{ Note = 'x' }) }
        @{ Name = 'a hashtable'; Content = @{ Note = 'x' } }
    ) {
        Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = 'Back at two' } }
        { Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = $Content } } -ErrorAction Stop } | Should -Throw 'A text is wanted where an object was given*'
        (Get-MgUserPresence adele).StatusMessage.Message.Content | Should -Be 'Back at two'
    }

    It 'is removed by an empty content, as scripts do it' {
        Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = 'Back at two' } }
        Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = ''; contentType = 'text' } }
        (Get-MgUserPresence adele).StatusMessage.Message.Content | Should -BeNullOrEmpty
        (Get-Sent)[1].body.statusMessage.message.content | Should -BeExactly ''
    }

    It 'stays when the presence is piped: the message is bound by name' {
        Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = 'Back at two' } }
        Get-MgUserPresence adele | Set-MgUserPresenceStatusMessage
        (Get-MgUserPresence adele).StatusMessage.Message.Content | Should -Be 'Back at two'
    }

    It 'comes back from <Name>' -ForEach @(
        @{ Name = 'Export-Clixml'; Through = { $_ | Export-Clixml "$TestDrive/adele.xml"; Import-Clixml "$TestDrive/adele.xml" } }
        @{ Name = 'ConvertTo-Json'; Through = { $_ | ConvertTo-Json -Depth 5 | ConvertFrom-Json } }
    ) {
        Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = 'Back at two' } }
        $kept = Get-MgUserPresence adele | ForEach-Object $Through
        Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = 'Gone' } }
        $kept | Set-MgUserPresenceStatusMessage
        (Get-MgUserPresence adele).StatusMessage.Message.Content | Should -Be 'Back at two'
    }

    It 'comes by rows, as objects and as hashtables' {
        [pscustomobject]@{ UserId = 'adele'; StatusMessage = @{ message = @{ content = 'one' } } },
        @{ UserId = 'alex'; StatusMessage = @{ message = @{ content = 'two' } } } | Set-MgUserPresenceStatusMessage
        'adele', 'alex' | Get-MgUserPresence | ForEach-Object { $_.StatusMessage.Message.Content } | Should -Be one, two
    }

    It 'has its dates in ISO 8601, UTC with Z: <Sent>' -ForEach @(
        @{ Given = [datetime]::SpecifyKind('2030-01-01T08:00:00', 'Utc'); Sent = '2030-01-01T08:00:00.0000000Z' }
        @{ Given = [datetimeoffset]::new(2030, 1, 1, 8, 0, 0, [timespan]::Zero); Sent = '2030-01-01T08:00:00.0000000Z' }
        @{ Given = [datetimeoffset]::new(2030, 1, 1, 8, 0, 0, [timespan]::FromHours(2)); Sent = '2030-01-01T08:00:00.0000000+02:00' }
        @{ Given = [datetime]::SpecifyKind('2030-01-01T08:00:00', 'Unspecified'); Sent = '2030-01-01T08:00:00.0000000' }
    ) {
        $culture = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = 'ar-SA' # another calendar
            $trace = Set-MgUserPresenceStatusMessage adele -Debug -StatusMessage @{ message = @{ content = 'c' }; publishedDateTime = $Given; own = $Given } 5>&1 | Out-String
        }
        finally { [cultureinfo]::CurrentCulture = $culture }
        $trace | Should -BeLike "*""publishedDateTime"":""$Sent""*"
        $trace | Should -BeLike "*""own"":""$Sent""*"
    }

    It 'has Z for local time where that is UTC' {
        $zone = $env:TZ
        try {
            $env:TZ = 'UTC'
            [TimeZoneInfo]::ClearCachedData()
            $local = [datetime] '2030-01-01T08:00:00Z' # which PowerShell makes local time
            $local.Kind | Should -Be Local
            Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = 'c' }; publishedDateTime = $local } -Debug 5>&1 |
                Out-String | Should -BeLike '*"publishedDateTime":"2030-01-01T08:00:00.0000000Z"*'
        }
        finally {
            $env:TZ = $zone
            [TimeZoneInfo]::ClearCachedData()
        }
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

    It 'refuses $null on the command line, and takes an empty property for none: <_>' -ForEach 'Set-MgUserPresence', 'Set-MgUserPresenceUserPreferredPresence' {
        { & $_ adele -Availability Away -Activity Away -ExpirationDuration $null } | Should -Throw '-ExpirationDuration has no value*' -ErrorId 'NoValue,*'
        Get-Sent | Should -BeNullOrEmpty
        [pscustomobject]@{ UserId = 'adele'; Availability = 'Away'; Activity = 'Away'; ExpirationDuration = $null } | & $_
        (Get-Sent).body.PSObject.Properties.Name | Should -Not -Contain expirationDuration
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

Describe 'A duration' {
    It 'compares and adds as a TimeSpan does' {
        $hour = [MgPresence.Duration] 'PT1H'
        $half = [timespan] '00:30:00'
        ($hour -gt $half), ($hour -lt $half), ($half -lt $hour) | Should -Be $true, $false, $true
        ($hour -eq [timespan] '01:00:00'), ($hour -eq [MgPresence.Duration] 'PT60M'), ($hour -eq $half) | Should -Be $true, $true, $false
        ($hour + $half), ($half + $hour), ($hour + $hour), ($hour - $half) | Should -Be ([timespan[]] ('01:30:00', '01:30:00', '02:00:00', '00:30:00'))
        [timespan] $hour | Should -Be ([timespan] '01:00:00')
        [datetime] '2030-01-01' + $hour | Should -Be ([datetime] '2030-01-01T01:00:00')
        ('PT2H', 'PT30M', 'PT1H' | ForEach-Object { [MgPresence.Duration] $_ } | Sort-Object).Text | Should -Be PT30M, PT1H, PT2H
    }

    It 'that is none is equal to the same text alone' {
        [MgPresence.Duration] 'banana' -eq [MgPresence.Duration] 'banana' | Should -BeTrue
        [MgPresence.Duration] 'banana' -eq [MgPresence.Duration] 'PT1H' | Should -BeFalse
    }
}

Describe 'A write that says nothing' {
    BeforeEach { Reset-Emulator }

    It 'is refused, and nothing is sent: <Name>' -ForEach @(
        @{ Name = 'an update'; Call = { Update-MgUserPresence adele } }
        @{ Name = 'an update with an id'; Call = { Update-MgUserPresence adele -Id $AdeleId } }
        @{ Name = 'an update with values that are none'; Call = { Update-MgUserPresence adele -StatusMessage $null -WorkLocation $null } }
        @{ Name = 'an update with an empty body'; Call = { Update-MgUserPresence adele -BodyParameter @{} } }
        @{ Name = 'an update with an empty word'; Call = { Update-MgUserPresence adele -Availability '' -Activity Away } }
        @{ Name = 'a creation with an id'; Call = { New-MgCommunicationPresence -Id $AdeleId } }
        @{ Name = 'a presence without a pair'; Call = { Set-MgUserPresence adele } }
        @{ Name = 'half a pair'; Call = { Set-MgUserPresence adele -Availability Away } }
        @{ Name = 'a preferred presence without a pair'; Call = { Set-MgUserPresenceUserPreferredPresence adele -ExpirationDuration PT1H } }
        @{ Name = 'a location without a type'; Call = { Set-MgUserPresenceManualLocation adele -PlaceId p1 } }
        @{ Name = 'a location with an empty type'; Call = { Set-MgUserPresenceAutomaticLocation adele -WorkLocationType '' } }
    ) {
        $Call | Should -Throw
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
