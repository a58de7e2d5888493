# Contexts: several sessions at once, each named by the call that uses it.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator -User adele, alex -NoConnect
    $other = Start-MgPresenceEmulator adele, alex
    function Connect-To($To) { Connect-MgPresence (ConvertTo-SecureString $To.token -AsPlainText -Force) -BaseUri $To.url -PassThru }
    function Get-SentTo($To) { Invoke-RestMethod "$($To.control)/requests" | ForEach-Object { $_ } }
}
AfterAll {
    Stop-MgPresenceEmulator
    Stop-Emulator
}

Describe 'A context' {
    BeforeEach {
        Reset-Emulator
        $null = Invoke-RestMethod "$($other.Control)/reset" -Method Post
        $first = Connect-To $Emulator
        $second = Connect-To $other
    }

    It 'comes from Connect-MgPresence -PassThru alone, and is the session that was connected last' {
        $second | Should -BeOfType MgPresence.PresenceContext
        Connect-MgPresence $Emulator.token -BaseUri $Emulator.url | Should -BeNullOrEmpty
        (Get-MgPresenceContext).BaseUri.OriginalString | Should -Be $Emulator.url
    }

    It 'sends a call to its session, whichever was connected last' {
        Set-MgUserPresence adele -Availability Away -Activity Away -Context $first
        Set-MgUserPresence adele -Availability Busy -Activity InACall
        (Get-MgUserPresence adele -Context $first).Activity, (Get-MgUserPresence adele -Context $second).Activity | Should -Be Away, InACall
        @(Get-Sent).Count, @(Get-SentTo $other).Count | Should -Be 2, 2
    }

    It 'keeps tenants apart in parallel runspaces' {
        $turns = 1..20 | ForEach-Object { @{ Of = 'adele'; To = $first }; @{ Of = 'alex'; To = $second } }
        $turns | ForEach-Object -ThrottleLimit 8 -Parallel {
            Import-Module $using:ModulePath
            Set-MgUserPresence $_.Of -Availability Away -Activity Away -Context $_.To
        }
        @(Get-Sent).path | Sort-Object -Unique | Should -Be '/v1.0/users/adele/presence/setPresence'
        @(Get-SentTo $other).path | Sort-Object -Unique | Should -Be '/v1.0/users/alex/presence/setPresence'
        @(Get-Sent).Count, @(Get-SentTo $other).Count | Should -Be 20, 20
    }

    It 'is a parameter of every cmdlet that sends a request' {
        $without = Get-Command -Module MgPresence | Where-Object { $_.Noun -notmatch '^MgPresence' -and -not $_.Parameters.ContainsKey('Context') }
        $without | Should -BeNullOrEmpty
    }

    It 'takes a token of the call''s own to its session' {
        { Set-MgUserPresence adele -Availability Away -Activity Away -Context $first -AccessToken (New-Token @{ permissions = @('Presence.Read.All') }) -ErrorAction Stop } |
            Should -Throw -ErrorId 'Forbidden,*'
        (Get-Sent).status | Should -Be 403
    }

    It 'that was ended is refused, and its neighbour goes on' {
        ($first | Disconnect-MgPresence).BaseUri.OriginalString | Should -Be $Emulator.url
        $failure = { Set-MgUserPresence adele -Availability Away -Activity Away -Context $first -ErrorAction Stop } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -Be 'NoCredential,MgPresence.Cmdlets.SetMgUserPresence'
        $failure.Exception.Message | Should -Be 'The session of -Context was disconnected. Connect again, and use the new context.'
        { Disconnect-MgPresence $first -ErrorAction Stop } | Should -Throw 'No application to sign out from.'
        (Get-MgPresenceContext).BaseUri.OriginalString.TrimEnd('/') | Should -Be $other.Url.OriginalString.TrimEnd('/')
        Set-MgUserPresence adele -Availability Away -Activity Away -Context $second
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'that is $null is refused: the call must not go to another tenant' {
        { Set-MgUserPresence adele -Availability Away -Activity Away -Context $null } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        Get-SentTo $other | Should -BeNullOrEmpty
    }

    It 'is the process''s session no more once it has ended' {
        $null = Disconnect-MgPresence
        Get-MgPresenceContext | Should -BeNullOrEmpty
        (Get-MgUserPresence adele -Context $first).Id | Should -Be $AdeleId
    }
}
