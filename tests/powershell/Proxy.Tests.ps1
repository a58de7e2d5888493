# -Proxy and -ProxyCredential on a call: the request goes through that proxy. The proxy is a CONNECT proxy of a few lines, the service the
# emulator over TLS.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    . "$PSScriptRoot/SignIn.ps1"
    Start-Emulator -User adele, alex -With --https -NoConnect
    $adele = @{ UserId = 'adele' }

    # Tunnels what it is asked to; keeps the head of each request in $Proxy.Heads.
    function Start-Proxy {
        $listener = [Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $listener.Start()
        $heads = [Collections.Concurrent.ConcurrentQueue[string]]::new()
        $shell = [powershell]::Create().AddScript({
                param($Listener, $Heads)
                $tunnels = while ($true) {
                    try { $client = $Listener.AcceptTcpClient() } catch { break } # stopped
                    $near = $client.GetStream()
                    $head = [Text.StringBuilder]::new()
                    while (-not $head.ToString().EndsWith("`r`n`r`n") -and ($byte = $near.ReadByte()) -ge 0) { $null = $head.Append([char] $byte) }
                    $Heads.Enqueue($head.ToString())
                    if ($head.ToString() -notmatch '^CONNECT ([^:]+):(\d+) ') { $client.Close(); continue }
                    $far = [Net.Sockets.TcpClient]::new($Matches[1], [int] $Matches[2]).GetStream()
                    $near.Write([Text.Encoding]::ASCII.GetBytes("HTTP/1.1 200 OK`r`n`r`n"))
                    $near.CopyToAsync($far)
                    $far.CopyToAsync($near)
                }
                $null = $tunnels
            }).AddArgument($listener).AddArgument($heads)
        @{ Listener = $listener; Heads = $heads; Url = "http://$($listener.LocalEndpoint)"; Shell = $shell; Running = $shell.BeginInvoke() }
    }

    function Connect-Secure { Connect-MgPresence -AccessToken (ConvertTo-SecureString $Emulator.token -AsPlainText -Force) -BaseUri $Emulator.url -CaFile $Emulator.caFile @args }
    $control = $Emulator.control
    $authority = ([uri] $Emulator.url).Authority
    # The control API is TLS too, with a certificate that nobody here knows.
    function Get-SentPath { Invoke-RestMethod "$control/requests" -SkipCertificateCheck | ForEach-Object { $_ } | ForEach-Object path }
}
AfterAll { Stop-Emulator }

Describe 'A proxy' {
    BeforeEach {
        $proxy = Start-Proxy
        $null = Invoke-RestMethod -Method Post "$control/reset" -SkipCertificateCheck
        Connect-Secure
    }
    AfterEach {
        $proxy.Listener.Stop()
        $proxy.Shell.Dispose()
    }

    It 'of a call is where the request goes through' {
        (Get-MgUserPresence @adele -Proxy $proxy.Url).Id | Should -Be $AdeleId
        $proxy.Heads | Should -BeLike "CONNECT $authority HTTP/1.1*"
        Get-SentPath | Should -Be /v1.0/users/adele/presence
    }

    It 'of a call is for that call alone, and stands ready for the next with it' {
        Get-MgUserPresence @adele | Should -Not -BeNullOrEmpty
        $proxy.Heads.Count | Should -Be 0
        1..3 | ForEach-Object { 'adele', 'alex' | Get-MgUserPresence -Proxy $proxy.Url } | Should -HaveCount 6
        $proxy.Heads.Count | Should -BeLessOrEqual 2 # kept connections of one client
        Get-MgUserPresence @adele | Should -Not -BeNullOrEmpty
    }

    It 'serves a write and its reading back' {
        Set-MgUserPresence @adele -Availability Away -Activity Away -Verify -PassThru -Proxy $proxy.Url | Should -BeTrue
        $proxy.Heads.Count | Should -Be 1
        Get-SentPath | Should -HaveCount 2
    }

    It 'gets the user name and password of -ProxyCredential, whatever characters they have, and never the token' {
        $credential = [pscredential]::new('CONTOSO\me@x', (ConvertTo-SecureString 'p:@ss/wörd%' -AsPlainText -Force))
        Get-MgUserPresence @adele -Proxy $proxy.Url -ProxyCredential $credential | Should -Not -BeNullOrEmpty
        $head = "$($proxy.Heads)"
        $head -match '(?im)^Proxy-Authorization: Basic (\S+)' | Should -BeTrue
        [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Matches[1])) | Should -BeExactly 'CONTOSO\me@x:p:@ss/wörd%'
        $head | Should -Not -BeLike "*$($Emulator.token.Split('.')[2])*"
    }

    It 'of the session gets the -ProxyCredential of a call' {
        Connect-Secure -Proxy $proxy.Url
        $credential = [pscredential]::new('me', (ConvertTo-SecureString 'secret' -AsPlainText -Force))
        Get-MgUserPresence @adele -ProxyCredential $credential | Should -Not -BeNullOrEmpty
        "$($proxy.Heads)" | Should -Match "Proxy-Authorization: Basic $([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes('me:secret')))"
    }

    It 'of the session is left out by -Proxy ''''' {
        Connect-Secure -Proxy $proxy.Url
        Get-MgUserPresence @adele -Proxy '' | Should -Not -BeNullOrEmpty
        $proxy.Heads.Count | Should -Be 0
    }

    It 'is not asked for by $null, $false or -ProxyUseDefaultCredentials alone' {
        Get-MgUserPresence @adele -Proxy $null -ProxyCredential $null -ProxyUseDefaultCredentials | Should -Not -BeNullOrEmpty
        Get-MgUserPresence @adele -ProxyUseDefaultCredentials:$false | Should -Not -BeNullOrEmpty
        $proxy.Heads.Count | Should -Be 0
    }

    It 'has no user where -ProxyCredential is empty' {
        Get-MgUserPresence @adele -Proxy $proxy.Url -ProxyCredential ([pscredential]::Empty) | Should -Not -BeNullOrEmpty
    }

    It 'is not asked with a password that was disposed of, which is an error of the input' {
        $credential = [pscredential]::new('me', (ConvertTo-SecureString x -AsPlainText -Force))
        $credential.Password.Dispose()
        Get-MgUserPresence @adele -Proxy $proxy.Url -ProxyCredential $credential -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures[0].Exception.Message | Should -BeLike '*-ProxyCredential was disposed of*'
    }

    It 'is used with -ProxyUseDefaultCredentials, without a user name' {
        Get-MgUserPresence @adele -Proxy $proxy.Url -ProxyUseDefaultCredentials | Should -Not -BeNullOrEmpty
        "$($proxy.Heads)" | Should -BeLike 'CONNECT *'
        "$($proxy.Heads)" | Should -Not -BeLike '*Proxy-Authorization*'
    }

    It 'that nobody runs is an error, and the request does not go around it' {
        $proxy.Listener.Stop()
        { Get-MgUserPresence @adele -Proxy $proxy.Url -ErrorAction Stop } | Should -Throw -ErrorId 'Connect,*'
        Get-SentPath | Should -BeNullOrEmpty
    }

    It 'of the environment is the one that PowerShell shows, for requests and for sign-ins' {
        $script = @"
            Import-Module '$ModulePath'
            function Get-Way { Connect-MgPresence t -BaseUri https://graph.invalid -MaxAttempts 1; try { Get-MgUserPresence adele -ErrorAction Stop } catch { "`$_" -replace '(?s).*(http://127\.0\.0\.1:\d+).*', '`$1' -replace '(?s).*\n.*|.* .*', 'direct' } }
            Get-Way
            `$env:HTTPS_PROXY = 'http://127.0.0.1:2'
            Get-Way
            try { Connect-MgPresence -TenantId t -ClientSecretCredential ([pscredential]::new('c', (ConvertTo-SecureString s -AsPlainText -Force))) -Environment @{ Name = 'Lab'; GraphEndpoint = 'https://graph.invalid'; AzureADEndpoint = 'https://login.invalid' } } catch { "`$_" -match '127.0.0.1:2' }
            `$env:HTTPS_PROXY = `$null
            Get-Way
"@
        (Invoke-WithEnvironment @{ HTTPS_PROXY = 'http://127.0.0.1:1' } { Invoke-Fresh $script }).Output -split '\r?\n' | Should -Be 'http://127.0.0.1:1', 'http://127.0.0.1:2', 'True', 'direct'
    }

    It 'that is not a URL is refused for each input, by the name of the parameter: <_>' -ForEach 'proxy', 'ftp://proxy:21' {
        'adele', 'alex' | Get-MgUserPresence -Proxy $_ -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures.Count | Should -Be 2
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'Option,*'
        "$($failures[0])" | Should -BeLike '*-Proxy*http://host:port*'
    }

    It 'is needed by -ProxyCredential, which says so' {
        $credential = [pscredential]::new('me', (ConvertTo-SecureString 'secret' -AsPlainText -Force))
        { Get-MgUserPresence @adele -ProxyCredential $credential } | Should -Throw -ExpectedMessage '*Add -Proxy*' -ErrorId 'NoProxy,*'
        Get-SentPath | Should -BeNullOrEmpty
    }
}

Describe 'A proxy for plain http' {
    It 'is ignored, since it would see the token, and a warning says so once' {
        $proxy = Start-Proxy
        try {
            Stop-Emulator
            Start-Emulator -User adele, alex
            'adele', 'alex' | Get-MgUserPresence -Proxy $proxy.Url -WarningVariable warnings -WarningAction SilentlyContinue | Should -HaveCount 2
            $warnings | Should -BeLike '-Proxy is ignored: http://127.0.0.1:* is plain http on this machine*token.'
            $proxy.Heads.Count | Should -Be 0
        }
        finally {
            $proxy.Listener.Stop() # else the proxy's thread keeps this process alive
            $proxy.Shell.Dispose()
        }
    }
}
