# Tab: Availability offers what the cmdlet accepts, Activity only what fits it. The pairs are the library's.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    function Complete([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches | ForEach-Object CompletionText }
}

Describe 'Completion' {
    It 'offers <Expected> for <Line>' -ForEach @(
        @{ Line = 'Set-MgUserPresence x -Availability '; Expected = 'Available', 'Busy', 'Away', 'DoNotDisturb' }
        @{ Line = 'Set-MgUserPresence x -Availability a'; Expected = 'Available', 'Away' }
        @{ Line = 'Set-MgUserPresence x -Availability Busy -Activity '; Expected = 'InACall', 'InAConferenceCall' }
        @{ Line = 'Set-MgUserPresence x -Availability busy -Activity InAC'; Expected = 'InACall', 'InAConferenceCall' }
        @{ Line = 'Set-MgUserPresence x -Activity Presenting -Availability '; Expected = 'DoNotDisturb' }
        @{ Line = 'Set-MgUserPresenceUserPreferredPresence x -Availability '; Expected = 'Available', 'Busy', 'DoNotDisturb', 'BeRightBack', 'Away', 'Offline' }
        @{ Line = 'Set-MgUserPresenceUserPreferredPresence x -Availability Offline -Activity '; Expected = 'OffWork' }
        @{ Line = 'Set-MgCommunicationPresence x -Availability Away -Activity '; Expected = 'Away' }
        @{ Line = 'Set-MgBetaUserPresence x -Availability Away -Activity '; Expected = 'Away' }
        @{ Line = 'MgPresence\Set-MgUserPresence x -Availability Away -Activity '; Expected = 'Away' }
        @{ Line = 'Test-MgUserPresence x -Availability Busy -Activity '; Expected = 'InACall', 'InAConferenceCall' }
        @{ Line = 'Test-MgUserPresence x -Preferred -Availability Busy -Activity '; Expected = 'Busy' }
        @{ Line = 'Start-MgPresenceKeepAlive x -Preferred:$false -Availability Busy -Activity '; Expected = 'InACall', 'InAConferenceCall' }
        @{ Line = 'Update-MgUserPresence x -Availability B'; Expected = 'Busy', 'BeRightBack' }
        @{ Line = 'Update-MgBetaCommunicationPresence x -Availability Busy -Activity '; Expected = 'Busy', 'InACall', 'InAConferenceCall' }
        @{ Line = 'New-MgCommunicationPresence -Availability Offline -Activity '; Expected = 'OffWork' }
        @{ Line = 'Set-MgUserPresenceManualLocation x -WorkLocationType '; Expected = 'office', 'remote', 'timeOff', 'unspecified' }
        @{ Line = 'Set-MgUserPresenceAutomaticLocation x -WorkLocationType O'; Expected = 'office' }
        @{ Line = 'Connect-MgPresence x -Environment '; Expected = 'Global', 'USGov', 'USGovDoD', 'BleuCloud' }
        @{ Line = 'Get-MgUserPresence x -Property '; Expected = 'id', 'availability', 'activity', 'outOfOfficeSettings', 'statusMessage', 'workLocation', 'sequenceNumber' }
        @{ Line = 'Get-MgUserPresence x -Property id, a'; Expected = 'availability', 'activity' }
        @{ Line = 'Get-MgCommunicationPresence -Sort seq'; Expected = 'sequenceNumber' }
    ) {
        Complete $Line | Sort-Object | Should -Be ($Expected | Sort-Object)
    }

    It 'quotes a user whose name the shell would not read as it is' {
        Start-Emulator -User "o'brien", 'adele'
        try {
            Start-MgPresenceKeepAlive "o'brien", adele Away Away
            Complete 'Stop-MgPresenceKeepAlive ' | Sort-Object | Should -Be "'o''brien'", adele
            Complete 'Stop-MgPresenceKeepAlive o' | Should -Be "'o''brien'"
        }
        finally { Stop-Emulator }
    }

    It 'offers nothing, and no file, where nothing fits: <_>' -ForEach @(
        'Set-MgUserPresence x -Availability Offline -Activity '
        'Connect-MgPresence x -Environment C'
        'Get-MgUserPresence x -Property x'
    ) {
        Push-Location $RepositoryRoot # which has files that begin with C
        try { Complete $_ | Should -BeNullOrEmpty } finally { Pop-Location }
    }
}
