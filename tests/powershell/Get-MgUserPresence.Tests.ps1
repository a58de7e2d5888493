# Get-MgUserPresence: objects, and how they look.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator -User adele, alex, megan
}
AfterAll { Stop-Emulator }

Describe 'What another user wrote' {
    It 'is shown without what would move a terminal, and kept as it came' {
        $content = "hi`e]0;title`a`u{202E}rtl`nsecond line"
        Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = $content } }
        $presence = Get-MgUserPresence adele
        $presence.StatusMessage.Message.Content | Should -BeExactly $content
        "$($presence.StatusMessage)" | Should -BeExactly "hi\u{1b}]0;title\u{7}\u{202e}rtl`nsecond line"
        ($presence | Format-List | Out-String), ($presence | Format-Table | Out-String -Width 200) | Should -Not -Match "[\a\u202E]|\e\]"
        $shown = Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = $content } } -WhatIf 6>&1 | Out-String
        $shown | Should -Not -Match "[\a\u202E]"
    }

    It 'is shown with the line breaks of Windows as with others' {
        Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = "Back`r`nat 3" } }
        $presence = Get-MgUserPresence adele
        "$($presence.StatusMessage)" | Should -BeExactly "Back`nat 3"
        $presence | Format-Table | Out-String -Width 200 | Should -BeLike '*Back*' -Because 'a table shows it'
        $presence | Format-Table | Out-String -Width 200 | Should -Not -Match 'u\{d\}'
    }
}

Describe 'Get-MgUserPresence' {
    BeforeEach { Reset-Emulator }

    It 'gives an object with the properties of Microsoft''s model' {
        Set-MgUserPresence adele -Availability Busy -Activity InACall
        Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = 'Back at two'; contentType = 'text' } }
        $presence = Get-MgUserPresence adele
        $presence.Id, $presence.Availability, $presence.Activity | Should -Be $AdeleId, Busy, InACall
        $presence.StatusMessage.Message.Content, $presence.StatusMessage.Message.ContentType | Should -Be 'Back at two', 'text'
        $presence.OutOfOfficeSettings.IsOutOfOffice | Should -BeFalse
    }

    It 'has an empty message where none is set, so that a script may look into it' {
        $status = (Get-MgUserPresence adele).StatusMessage
        $status.Message.Content, $status.Message.ContentType, $status.ExpiryDateTime.DateTime, $status.ExpiryDateTime.TimeZone | Should -Be $null, $null, $null, $null
        "$status" | Should -Be ''
    }

    It 'bears Microsoft''s type name beside its own' {
        $presence = Get-MgUserPresence adele
        $presence.PSTypeNames[0, 1] | Should -Be 'MgPresence.Presence', 'Microsoft.Graph.PowerShell.Models.MicrosoftGraphPresence'
    }

    It 'keeps in AdditionalProperties what 2.25 has there, in any case' {
        $more = (Get-MgUserPresence adele).AdditionalProperties
        $more.outOfOfficeSettings.isOutOfOffice | Should -BeFalse
        $more['SequenceNumber'] | Should -Not -BeNullOrEmpty
        $more.Keys | Should -Contain '@odata.context'
    }

    It 'keeps a presence with <Name> in a property that is not in the model' -ForEach @(
        @{ Name = '200 levels of nesting'; Value = '[' * 200 + ']' * 200; Written = '[' * 200 + ']' * 200 }
        @{ Name = 'a number that a double does not hold'; Value = '1e400'; Written = '1e400' }
        @{ Name = 'half a surrogate pair'; Value = '"\ud800"'; Written = """$([char] 0xD800)""" }
    ) {
        $body = "{""id"":""$AdeleId"",""availability"":""Busy"",""activity"":""InACall"",""odd"":$Value,""sequenceNumber"":""A1""}"
        Add-Fault @{ status = 200; headers = @{ 'Content-Type' = 'application/json' }; body = $body }
        $presence = Get-MgUserPresence adele
        $presence.Id, $presence.Availability, $presence.Activity, $presence.SequenceNumber | Should -Be $AdeleId, Busy, InACall, A1
        $presence.AdditionalProperties.ToString().Contains("""odd"":$Written,") | Should -BeTrue
        $presence | Should -Be $presence # comparing writes it as JSON
    }

    It 'keeps words and members that Graph adds later' {
        Add-Fault @{ status = 200; body = @{ id = 'x'; availability = 'Levitating'; activity = 'New'; hologram = @{ size = 2 } } }
        $presence = Get-MgUserPresence adele
        $presence.Availability, $presence.AdditionalProperties.hologram.size | Should -Be Levitating, 2
    }

    It 'reads both documented shapes of one presence' {
        Add-Fault @{ status = 200; body = @{ value = @(@{ id = 'x'; availability = 'Away'; activity = 'Away' }) } }
        (Get-MgUserPresence adele).Id | Should -Be x
    }

    It 'is another user''s where it is: <Name>' -ForEach @(
        @{ Name = 'Select-Object -Unique'; Call = { $args | Select-Object -Unique } }
        @{ Name = 'Sort-Object -Unique'; Call = { $args | Sort-Object -Unique } }
        @{ Name = 'Compare-Object'; Call = { Compare-Object $args[0] $args[1] } }
        @{ Name = 'Group-Object'; Call = { $args | Group-Object } }
    ) {
        $adele, $alex, $again = 'adele', 'alex', 'adele' | Get-MgUserPresence
        & $Call $adele $alex $again | Should -HaveCount 2
        ($adele -eq $alex), ($adele -eq $again) | Should -Be $false, $true
        "$adele", "$alex" | Should -Be 'adele: Offline/Offline', 'alex: Offline/Offline'
    }

    It 'is another one when what is shown has changed' {
        $before = Get-MgUserPresence adele
        Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = 'Back at two' } }
        $after = Get-MgUserPresence adele
        $before -eq $after | Should -BeFalse
        Compare-Object $before $after | Should -HaveCount 2
    }

    It 'sends -Property and -ExpandProperty as $select and $expand' {
        Get-MgUserPresence adele -Property id, activity -ExpandProperty thing -ErrorAction SilentlyContinue
        [uri]::UnescapeDataString((Get-Sent).path) | Should -Be '/v1.0/users/adele/presence?$select=id,activity&$expand=thing'
    }

    It 'is a table by default, with the name that was asked for' {
        Set-MgUserPresence adele -Availability Busy -Activity InACall
        $text = Get-MgUserPresence adele | Out-String -Width 120
        $text | Should -Match 'Availability\s+User\s+Activity\s+Message'
        $text | Should -Match '● Busy\s+adele\s+InACall'
        (Get-MgUserPresence adele).User, (Get-MgUserPresence adele).Id | Should -Be adele, $AdeleId
        (Get-MgCommunicationPresenceByUserId $AdeleId).User | Should -Be $AdeleId
    }

    It 'cuts no word of Graph''s and no object id at 80 columns: <Availability>/<Activity>' -ForEach @(
        @{ Availability = 'DoNotDisturb'; Activity = 'UrgentInterruptionsOnly' }
        @{ Availability = 'PresenceUnknown'; Activity = 'PresenceUnknown' }
        @{ Availability = 'AvailableIdle'; Activity = 'InAConferenceCall' }
    ) {
        Add-Fault @{ status = 200; body = @{ id = $AdeleId; availability = $Availability; activity = $Activity; statusMessage = @{ message = @{ content = 'Back at two'; contentType = 'text' } } } }
        foreach ($width in 79, 80) {
            $lines = (Get-MgUserPresence $AdeleId | Out-String -Width $width).Trim() -split '\r?\n'
            $lines.Count | Should -Be 3 -Because 'a heading that does not fit goes on in the next line'
            $lines[2].TrimEnd() -split '\s+' | Should -Be '●', $Availability, $AdeleId, $Activity
        }
        Get-MgUserPresence $AdeleId | Out-String -Width 120 | Should -BeLike '*Back at two*'
    }

    It 'shows the availability and the user at 40 columns' {
        Add-Fault @{ status = 200; body = @{ id = $AdeleId; availability = 'DoNotDisturb'; activity = 'Presenting' } }
        $lines = (Get-MgUserPresence AdeleV@contoso.example | Out-String -Width 40).Trim() -split '\r?\n'
        $lines.Count | Should -Be 3
        $lines[2] | Should -BeLike '● DoNotDisturb * AdeleV@contoso.*'
    }

    It 'shows everything once with Format-List, and with * what Graph adds later' {
        $list = Get-MgUserPresence adele | Format-List | Out-String
        foreach ($name in 'OutOfOfficeSettings', 'WorkLocation', 'SequenceNumber') { [regex]::Matches($list, "(?i)\b$name\b").Count | Should -Be 1 -Because $name }
        $list | Should -Match '(?m)^User\s+: adele'
        $list | Should -Not -Match 'AdditionalProperties|@odata'
        Add-Fault @{ status = 200; body = @{ id = 'x'; availability = 'Away'; activity = 'Away'; hologram = @{ size = 2 }; mood = 'good' } }
        Get-MgUserPresence adele | Format-List * | Out-String -Width 200 | Should -Match 'AdditionalProperties\s+: .*hologram, \{"size":2\}'
    }

    It 'keeps its status message, its view and its user in Export-Clixml at the default depth' {
        Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = 'Back at two'; contentType = 'text' } }
        Get-MgUserPresence adele | Export-Clixml "$TestDrive/presence.xml"
        $presence = Import-Clixml "$TestDrive/presence.xml"
        $presence.StatusMessage.Message.Content | Should -Be 'Back at two'
        $presence.OutOfOfficeSettings.IsOutOfOffice | Should -BeFalse
        $presence | Format-List | Out-String | Should -Not -Match 'AdditionalProperties'
        $presence | Out-String -Width 120 | Should -Match '● Offline\s+adele\s+Offline\s+Back at two'
    }

    It 'has a coloured dot for the availability, and none of the colour with NO_COLOR or where the output goes elsewhere' {
        $show = "Import-Module '$ModulePath'; Connect-MgPresence '$($Emulator.token)' -BaseUri $($Emulator.url); `$presence = Get-MgUserPresence adele;"
        $escape = [char] 27
        $colour = Invoke-Fresh "`$env:NO_COLOR = `$null; $show `$PSStyle.OutputRendering = 'Ansi'; `$presence | Out-String"
        $colour.Output | Should -Match "$escape\[\d+m●$escape\[0m Offline"
        (Invoke-Fresh "$show `$presence").Output | Should -Not -Match $escape # Common.ps1's runs have NO_COLOR
        (Invoke-Fresh "$show `$PSStyle.OutputRendering = 'Host'; `$presence | Out-String").Output | Should -Not -Match $escape
    }

    It 'goes through ConvertTo-Json and Export-Csv' {
        Set-MgUserPresence adele -Availability Busy -Activity InACall
        Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = 'Back at two'; contentType = 'text' } }
        $presence = Get-MgUserPresence adele
        ($presence | ConvertTo-Json -Depth 5 | ConvertFrom-Json).StatusMessage.Message.Content | Should -Be 'Back at two'
        ($presence | ConvertTo-Csv | ConvertFrom-Csv).StatusMessage | Should -Be 'Back at two'
    }

    It 'feeds the cmdlets that write' {
        Set-MgUserPresence adele -Availability Busy -Activity InACall
        Get-MgUserPresence adele | Clear-MgUserPresence -PassThru | Should -BeTrue
        (Get-Sent)[-1].path | Should -Be "/v1.0/users/$AdeleId/presence/clearPresence"
    }

    It 'is equal to another one of the same user, by whatever name, as long as the same is seen' {
        $one, $again, $byId = (Get-MgUserPresence adele), (Get-MgUserPresence adele), (Get-MgCommunicationPresenceByUserId $AdeleId)
        $one -eq $again | Should -BeTrue
        $one -eq $byId | Should -BeTrue # another name, another @odata.context
        $one.GetHashCode() | Should -Be $byId.GetHashCode()
        $one.Equals($null), $one.Equals('adele') | Should -Be $false, $false
        $one -eq (Get-MgUserPresence alex) | Should -BeFalse
        "$one" | Should -Be 'adele: Offline/Offline'
        Set-MgUserPresenceStatusMessage adele -StatusMessage @{ message = @{ content = 'Back at two'; contentType = 'text' } }
        $one -eq (Get-MgUserPresence adele) | Should -BeFalse
    }

    It 'is told from the presence of another user by <Name>' -ForEach @(
        @{ Name = 'Select-Object -Unique'; Users = 2; Filter = { $input | Select-Object -Unique } }
        @{ Name = 'Sort-Object -Unique'; Users = 2; Filter = { $input | Sort-Object -Unique } }
        @{ Name = 'Get-Unique'; Users = 2; Filter = { $input | Sort-Object | Get-Unique } }
        @{ Name = 'Group-Object'; Users = 2; Filter = { $input | Group-Object } }
        @{ Name = 'Compare-Object'; Users = 1; Filter = { Compare-Object @($input) (Get-MgUserPresence adele) } }
    ) {
        @(Get-MgUserPresence adele, alex, adele | Select-Object -First 2 | & $Filter).Count | Should -Be $Users
        if ($Name -ne 'Compare-Object') { @(Get-MgUserPresence adele, alex, adele | & $Filter).Count | Should -Be $Users }
    }

    It 'shows in Compare-Object whose presence has changed, and no other' {
        $before = Get-MgUserPresence adele, alex
        Set-MgUserPresence alex -Availability Busy -Activity InACall
        (Compare-Object $before (Get-MgUserPresence adele, alex)).InputObject.User | Sort-Object -Unique | Should -Be alex
    }

    It 'is compared by its properties after Export-Clixml: <Name>' -ForEach @(
        @{ Name = 'with a new read'; Export = $false }
        @{ Name = 'with another file'; Export = $true }
    ) {
        Get-MgUserPresence adele, alex, megan | Export-Clixml "$TestDrive/before.xml"
        Set-MgUserPresence alex -Availability Busy -Activity InACall
        Set-MgUserPresenceStatusMessage megan -StatusMessage @{ message = @{ content = 'Back at two' } }
        $after = Get-MgUserPresence adele, alex, megan
        if ($Export) {
            $after | Export-Clixml "$TestDrive/after.xml"
            $after = Import-Clixml "$TestDrive/after.xml"
        }
        $changed = Compare-Object (Import-Clixml "$TestDrive/before.xml") $after -Property Id, Availability, Activity, { "$($_.StatusMessage)" }
        $changed.Id | Sort-Object -Unique | Should -Be ((Get-MgUserPresence alex, megan).Id | Sort-Object)
        $changed | Should -HaveCount 4
    }

    It 'refuses the id <_>, and sends nothing' -ForEach '../../x', '..', 'a/b?c#d' {
        { Get-MgUserPresence $_ -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidId,MgPresence.Cmdlets.GetMgUserPresence'
        Get-Sent | Should -BeNullOrEmpty
    }
}

Describe 'Update-MgUserPresence' {
    BeforeEach { Reset-Emulator }

    It 'changes what the next Get- shows, and gives the presence' {
        $given = Update-MgUserPresence adele -Availability Busy -Activity InACall
        $given.Availability | Should -Be Busy
        (Get-Sent).method | Should -Be PATCH
        (Get-MgUserPresence adele).Activity | Should -Be InACall
    }

    It 'gives nothing for an answer of 204' {
        Add-Fault @{ status = 204 }
        Update-MgUserPresence adele -Availability Busy -Activity InACall | Should -BeNullOrEmpty
    }
}

Describe 'New-MgCommunicationPresence' {
    BeforeEach { Reset-Emulator }

    It 'gives the presence that was made' {
        (New-MgCommunicationPresence -Id $AdeleId -Availability Busy -Activity InACall).Availability | Should -Be Busy
        (Get-Sent).method, (Get-Sent).path -join ' ' | Should -Be 'POST /v1.0/communications/presences'
    }
}
