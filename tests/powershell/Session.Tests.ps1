# Connect-MgPresence, Disconnect-MgPresence, Get-MgPresenceContext: one session for the process.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator -User adele, alex -NoConnect
    $secret = ConvertTo-SecureString $Emulator.token -AsPlainText -Force
}
AfterAll { Stop-Emulator }

Describe 'A session' {
    BeforeEach {
        Reset-Emulator
        if (Get-MgPresenceContext) { $null = Disconnect-MgPresence }
    }

    It 'goes to no other service for a variable without a value: -<_>' -ForEach 'BaseUri', 'Environment', 'Proxy', 'CaFile' {
        $none = @{ $_ = $null }
        { Connect-MgPresence $Emulator.token @none } | Should -Throw -ErrorId 'ParameterArgument*,MgPresence.Cmdlets.ConnectMgPresence'
    }

    It 'is needed: without one a sentence says how, for each input, and nothing is sent' {
        $failure = { Set-MgUserPresence adele -Availability Away -Activity Away -ErrorAction Stop } | Should -Throw -PassThru
        $failure.Exception | Should -BeOfType Security.Authentication.AuthenticationException
        $failure.Exception.Message | Should -Be 'Authentication needed. Please call Connect-MgPresence.'
        $failure.FullyQualifiedErrorId | Should -Be 'NoCredential,MgPresence.Cmdlets.SetMgUserPresence'
        Get-MgUserPresence adele, alex -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.Count | Should -Be 2
    }

    It 'is made in silence, and sends nothing' {
        Connect-MgPresence -AccessToken $secret -BaseUri $Emulator.url *>&1 | Should -BeNullOrEmpty
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'is described without its token' {
        Get-MgPresenceContext | Should -BeNullOrEmpty
        Connect-MgPresence -AccessToken $secret -BaseUri $Emulator.url
        $context = Get-MgPresenceContext
        $context.AuthType, $context.BaseUri.OriginalString | Should -Be 'UserProvidedAccessToken', $Emulator.url
        $context | Format-List * | Out-String | Should -Not -BeLike "*$($Emulator.token.Split('.')[1])*"
    }

    It 'says who is connected: an application by its roles, a user by name and scopes' {
        Connect-MgPresence -AccessToken $secret -BaseUri $Emulator.url
        $context = Get-MgPresenceContext
        $context.ClientId, $context.Account | Should -Be $AppId, $null
        $context.TenantId | Should -Match '^[0-9a-f-]{36}$'
        $context.Scopes | Should -Contain Presence.ReadWrite.All
        $context.ExpiresOn | Should -BeGreaterThan ([datetime]::UtcNow)
        Connect-MgPresence -AccessToken (ConvertTo-SecureString $Emulator.userToken -AsPlainText -Force) -BaseUri $Emulator.url
        $context = Get-MgPresenceContext
        $context.Account | Should -BeLike 'AdeleV@*'
        $context.Scopes | Should -Contain Presence.ReadWrite
    }

    It 'shows the last time that .NET knows for a token that ends later: <_>' -ForEach @(
        '253402300800', '9223372036854775807'
    ) {
        $claims = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("{`"exp`":$_}")).TrimEnd('=')
        $context = Connect-MgPresence "e30.$claims.x" -BaseUri $Emulator.url -PassThru
        $context.ExpiresOn | Should -Be ([DateTimeOffset]::FromUnixTimeSeconds(253402300799).UtcDateTime)
        (Disconnect-MgPresence).ExpiresOn | Should -Be $context.ExpiresOn
    }

    It 'of a token that says nothing has nothing to say' {
        Connect-MgPresence opaque -BaseUri $Emulator.url
        $context = Get-MgPresenceContext
        $context.ClientId, $context.TenantId, $context.Account, $context.ExpiresOn | Should -Be $null, $null, $null, $null
        $context.Scopes | Should -BeNullOrEmpty
    }

    It 'has no cloud where it has an address' {
        Connect-MgPresence -AccessToken $secret -BaseUri $Emulator.url -Environment Global
        (Get-MgPresenceContext).Environment | Should -BeNullOrEmpty
    }

    It 'ends with Disconnect-MgPresence, which gives the context that was' {
        Connect-MgPresence -AccessToken $secret -BaseUri $Emulator.url
        (Disconnect-MgPresence).BaseUri.OriginalString | Should -Be $Emulator.url
        Get-MgPresenceContext | Should -BeNullOrEmpty
        { Disconnect-MgPresence -ErrorAction Stop } | Should -Throw 'No application to sign out from.'
    }

    It 'does not begin without -AccessToken for a token in the pipeline' {
        { $Emulator.token | Connect-MgPresence -BaseUri $Emulator.url } | Should -Throw '*takes no input. Give a token with -AccessToken.' -ErrorId 'Input,*'
        Get-MgPresenceContext | Should -BeNullOrEmpty
    }

    It 'has the name of its environment: one without a name is refused' {
        { Connect-MgPresence $Emulator.token -Environment @{ Nmae = 'Lab'; GraphEndpoint = $Emulator.url; AzureADEndpoint = $Emulator.url } } |
            Should -Throw '*The environment has no Name*Name, GraphEndpoint and AzureADEndpoint.'
        Connect-MgPresence $Emulator.token -Environment @{ Name = 'Lab'; GraphEndpoint = $Emulator.url; AzureADEndpoint = $Emulator.url }
        (Get-MgPresenceContext).Environment | Should -Be Lab
    }

    It 'takes a token as text too' {
        Connect-MgPresence $Emulator.token -BaseUri $Emulator.url
        (Get-MgUserPresence adele).Id | Should -Be $AdeleId
    }

    It 'refuses <Name>, and keeps the session that was' -ForEach @(
        @{ Name = 'the cloud China'; Extra = @{ Environment = 'China' }; Says = '*China*presence*' }
        @{ Name = 'the cloud DelosCloud'; Extra = @{ Environment = 'DelosCloud' }; Says = '*Delos*presence*' }
        @{ Name = 'a cloud that is none'; Extra = @{ Environment = 'Moon' }; Says = '*Moon*' }
        @{ Name = 'http to another machine'; Extra = @{ BaseUri = 'http://graph.example' }; Says = '*http*' }
        @{ Name = 'a base URI that is none'; Extra = @{ BaseUri = 'ftp://graph.example' }; Says = '*ftp*' }
    ) {
        Connect-MgPresence -AccessToken $secret -BaseUri $Emulator.url
        { Connect-MgPresence -AccessToken $secret @Extra } | Should -Throw -ExpectedMessage $Says
        (Get-MgPresenceContext).BaseUri.OriginalString | Should -Be $Emulator.url
    }

    It 'refuses a -CaFile that <Says>, at once, and keeps the session that was' -ForEach @(
        @{ File = 'nowhere.pem'; Says = 'does not exist' }
        @{ File = '.'; Says = 'is a folder' }
        @{ File = 'empty.pem'; Says = 'is empty'; Text = '' }
        @{ File = 'words.pem'; Says = 'has no certificate'; Text = 'no PEM' }
    ) {
        if ($_.ContainsKey('Text')) { Set-Content "$TestDrive/$File" $Text -NoNewline }
        Connect-MgPresence -AccessToken $secret -BaseUri $Emulator.url
        $failure = { Connect-MgPresence -AccessToken $secret -BaseUri https://127.0.0.1:9 -CaFile "$TestDrive/$File" } | Should -Throw -PassThru -ErrorId 'Option,*'
        $failure.Exception.Message | Should -BeLike "CaFile ""$TestDrive*"" $Says. Give a PEM file with at least one certificate."
        (Get-MgPresenceContext).BaseUri.OriginalString | Should -Be $Emulator.url
    }

    It 'refuses a -CaFile that nobody writes into, and does not wait for one who does' -Skip:$IsWindows {
        & mkfifo "$TestDrive/pipe.pem"
        { Connect-MgPresence -AccessToken $secret -CaFile "$TestDrive/pipe.pem" } | Should -Throw '*is empty*'
    }

    It 'takes a -CaFile that has a certificate' {
        Set-Content "$TestDrive/ca.pem" "-----BEGIN CERTIFICATE-----`nMA==`n-----END CERTIFICATE-----"
        Connect-MgPresence -AccessToken $secret -BaseUri https://127.0.0.1:9 -CaFile "$TestDrive/ca.pem"
        (Get-MgPresenceContext).BaseUri.OriginalString | Should -Be https://127.0.0.1:9
    }

    It 'knows the clouds by name: <_>' -ForEach 'Global', 'USGov', 'USGovDoD', 'BleuCloud' {
        Connect-MgPresence -AccessToken $secret -Environment $_
        (Get-MgPresenceContext).Environment | Should -Be $_
    }

    It 'that ends while a pipeline runs lets the pipeline go on as it began: <Name>' -ForEach @(
        @{ Name = 'a new session'; Between = { Connect-MgPresence -AccessToken $secret -BaseUri $Emulator.url } }
        @{ Name = 'none'; Between = { if (Get-MgPresenceContext) { $null = Disconnect-MgPresence } } }
    ) {
        Connect-MgPresence -AccessToken $secret -BaseUri $Emulator.url
        Get-MgUserPresence adele | Should -Not -BeNullOrEmpty
        'adele', 'alex', 'adele' |
            ForEach-Object { $_; & $Between } |
            Set-MgUserPresence -Availability Away -Activity Away -Verify -PassThru | Should -Be $true, $true, $true
    }

    It 'is not taken in place of a token that is $null' {
        Connect-MgPresence -AccessToken $secret -BaseUri $Emulator.url
        { Get-MgUserPresence adele -AccessToken $null } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'waits as long as it was told, however short that is' {
        Add-Fault @{ kind = 'delay'; delayMs = 500 }
        Connect-MgPresence -AccessToken $secret -BaseUri $Emulator.url -TimeoutSec 0.0004
        { Get-MgUserPresence adele -ErrorAction Stop } | Should -Throw -ErrorId 'Timeout,*'
    }

    It 'that is refused leaves no token in the error' {
        $failure = { Connect-MgPresence -AccessToken $secret -Environment Moon } | Should -Throw -PassThru
        $failure.TargetObject | Should -BeNullOrEmpty
    }

    It 'is shared by the runspaces of ForEach-Object -Parallel' {
        Connect-MgPresence -AccessToken $secret -BaseUri $Emulator.url
        $ids = 1..6 | ForEach-Object -ThrottleLimit 3 -Parallel {
            Import-Module $using:ModulePath
            (Get-MgUserPresence adele).Id
        }
        $ids | Should -Be (@($AdeleId) * 6)
    }

    It 'is shared by thread jobs' {
        if (-not (Get-Command Start-ThreadJob -ErrorAction Ignore)) {
            Set-ItResult -Skipped -Because 'this PowerShell has no Start-ThreadJob; run Install-Module ThreadJob'
            return
        }
        Connect-MgPresence -AccessToken $secret -BaseUri $Emulator.url
        $job = Start-ThreadJob { Import-Module $using:ModulePath; (Get-MgUserPresence adele).Id }
        $job | Receive-Job -Wait -AutoRemoveJob | Should -Be $AdeleId
    }

    It 'is not needed with a token for the call, beside it or without' {
        $token = New-Token @{ permissions = @('Presence.Read.All') }
        Connect-MgPresence -AccessToken $secret -BaseUri $Emulator.url
        { Set-MgUserPresence adele -Availability Away -Activity Away -AccessToken $token -ErrorAction Stop } | Should -Throw -ErrorId 'Forbidden,*'
        Set-MgUserPresence adele -Availability Away -Activity Away -AccessToken (ConvertTo-SecureString (New-Token) -AsPlainText -Force)
        (Get-Sent).status | Should -Be 403, 200
    }
}
