# Get-MgUserPresence: objects, and how they look.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator -User adele, alex
}
AfterAll { Stop-Emulator }

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

    It 'keeps words and members that Graph adds later' {
        Add-Fault @{ status = 200; body = @{ id = 'x'; availability = 'Levitating'; activity = 'New'; hologram = @{ size = 2 } } }
        $presence = Get-MgUserPresence adele
        $presence.Availability, $presence.AdditionalProperties.hologram.size | Should -Be Levitating, 2
    }

    It 'reads both documented shapes of one presence' {
        Add-Fault @{ status = 200; body = @{ value = @(@{ id = 'x'; availability = 'Away'; activity = 'Away' }) } }
        (Get-MgUserPresence adele).Id | Should -Be x
    }

    It 'sends -Property and -ExpandProperty as $select and $expand' {
        Get-MgUserPresence adele -Property id, activity -ExpandProperty thing -ErrorAction SilentlyContinue
        [uri]::UnescapeDataString((Get-Sent).path) | Should -Be '/v1.0/users/adele/presence?$select=id,activity&$expand=thing'
    }

    It 'is a table by default, and everything with Format-List' {
        Set-MgUserPresence adele -Availability Busy -Activity InACall
        $text = Get-MgUserPresence adele | Out-String
        $text | Should -Match 'Id\s+Activity\s+Availability\s+StatusMessage'
        $text | Should -Match "$AdeleId\s+InACall\s+● Busy"
        Get-MgUserPresence adele | Format-List | Out-String | Should -Match 'SequenceNumber'
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
