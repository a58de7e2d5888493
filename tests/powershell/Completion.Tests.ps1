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
    ) {
        Complete $Line | Sort-Object | Should -Be ($Expected | Sort-Object)
    }

    It 'offers nothing for an availability that has no activity here' {
        Complete 'Set-MgUserPresence x -Availability Offline -Activity ' | Where-Object { $_ -in 'OffWork', 'Away', 'InACall' } | Should -BeNullOrEmpty
    }
}
