# Start-MgPresenceEmulator and Stop-MgPresenceEmulator: a service to try a script on.

BeforeAll { . "$PSScriptRoot/Common.ps1" }
AfterAll { Stop-MgPresenceEmulator }

Describe 'Start-MgPresenceEmulator' {
    AfterEach {
        Stop-MgPresenceEmulator
        if (Get-MgPresenceContext) { $null = Disconnect-MgPresence }
    }

    It 'gives a service that a script can use at once' {
        $emulator = Start-MgPresenceEmulator adele, alex -Connect
        Set-MgUserPresence adele -Availability Busy -Activity InACall
        (Get-MgUserPresence adele).Activity | Should -Be InACall
        (Get-MgPresenceContext).BaseUri | Should -Be $emulator.Url
    }

    It 'gives tokens of an application and of a user' {
        $emulator = Start-MgPresenceEmulator
        Connect-MgPresence $emulator.UserToken -BaseUri $emulator.Url
        (Get-MgUserPresence -Me).Id | Should -Be $emulator.UserId
    }

    It 'answers as the live service with -Strict' {
        $null = Start-MgPresenceEmulator -Strict -Connect
        { Update-MgUserPresence adele -Availability Away -Activity Away -ErrorAction Stop } | Should -Throw -ErrorId 'NotFound,*'
    }

    It 'writes what it received to -LogPath, relative and with spaces' {
        Push-Location $TestDrive
        try { $null = Start-MgPresenceEmulator -LogPath 'what it got.jsonl' -Connect }
        finally { Pop-Location }
        Get-MgUserPresence adele | Out-Null
        (Get-Content "$TestDrive/what it got.jsonl" | ConvertFrom-Json).path | Should -Be '/v1.0/users/adele/presence'
    }

    It 'takes every text as the text that it is: <Name>' -ForEach @(
        @{ Name = 'a tab'; Text = "a`t--address`t0.0.0.0`t--allow-remote" }
        @{ Name = 'a line break'; Text = "a`n--allow-remote" }
        @{ Name = 'blanks'; Text = '  a  b ' }
        @{ Name = 'quotes'; Text = 'a" --allow-remote "b' }
        @{ Name = 'backslashes'; Text = 'a\\b\' }
        @{ Name = 'backslashes before quotes'; Text = 'a\" --allow-remote \\" b\\' }
        @{ Name = 'single quotes, dollars and percents'; Text = 'a''$HOME`%PATH%^&|' }
        @{ Name = 'letters outside ASCII'; Text = "J$([char] 0xF6)rg" }
        @{ Name = 'a flag'; Text = '--allow-remote' }
    ) {
        $commandLine = [MgPresence.Presence].Assembly.GetType('MgPresence.CommandLine').GetMethod('Join', [Reflection.BindingFlags] 'NonPublic, Static')
        $start = [Diagnostics.ProcessStartInfo]::new($env:MGP_PWSH, "-NoProfile -NonInteractive -File ""$TestDrive/say.ps1"" " + $commandLine.Invoke($null, (, [string[]] ($Text, 'end'))))
        Set-Content "$TestDrive/say.ps1" '$args | ForEach-Object { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($_)) }'
        $start.RedirectStandardOutput = $true
        $process = [Diagnostics.Process]::Start($start)
        $received = $process.StandardOutput.ReadToEnd().Trim() -split '\s+' | ForEach-Object { [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($_)) }
        $received | Should -BeExactly $Text, 'end'
    }

    It 'listens on loopback whatever a user is called: <_>' -ForEach "adele`t--address`t0.0.0.0`t--allow-remote", 'adele" --address 0.0.0.0 --allow-remote "', '--allow-remote' {
        $emulator = Start-MgPresenceEmulator -User $_
        $emulator.Url.Host | Should -Be 127.0.0.1
        if ($IsLinux) { (Get-Content "/proc/$($emulator.Id)/cmdline" -Raw) -split "`0" | Should -Contain "--user=$_" }
    }

    It 'refuses a NUL character, which would end an argument early' {
        { Start-MgPresenceEmulator -User "adele`0x" } | Should -Throw -ExpectedMessage '*NUL character*' -ErrorId 'EmulatorNotStarted,*'
    }

    It 'shows its tokens to those who ask for them, and in no view' {
        $emulator = Start-MgPresenceEmulator
        foreach ($view in $emulator, ($emulator | Format-List), ((Get-Item $TestDrive), $emulator) | ForEach-Object { $_ | Out-String -Width 9999 }) {
            $view | Should -BeLike "*$($emulator.Url)*"
            $view | Should -Not -BeLike "*$($emulator.Token.Split('.')[1])*"
            $view | Should -Not -BeLike "*$($emulator.UserToken.Split('.')[1])*"
        }
    }

    It 'says what the emulator said when it does not start' {
        $emulator = Start-MgPresenceEmulator
        $failure = { Start-MgPresenceEmulator -Port $emulator.Url.Port } | Should -Throw -PassThru -ErrorId 'EmulatorNotStarted,*'
        $failure.Exception.Message | Should -BeLike 'The emulator did not start: the address cannot be bound: *'
        $failure.Exception.Message | Should -Not -BeLike "*`n*"
        $failure.TargetObject | Should -BeLike '*mgpresence-emulator'
    }

    It 'says so when the emulator <Name>' -Skip:$IsWindows -ForEach @(
        @{ Name = 'ends without a word'; Script = 'exit 1'; Says = 'it ended without a message.' }
        @{ Name = 'says something else and goes on'; Script = 'echo hello; exec sleep 60'; Says = 'its first line does not say where it listens.' }
        @{ Name = 'says half of it and goes on'; Script = 'echo ''{"url":"http://127.0.0.1:1"}''; exec sleep 60'; Says = 'its first line does not say where it listens.' }
        @{ Name = 'says that it listens nowhere'; Script = 'echo ''{"url":"nonsense","control":"x","token":1}''; exec sleep 60'; Says = 'its first line does not say where it listens.' }
        @{ Name = 'is no program'; Script = $null; Says = '*' }
        @{ Name = 'writes much before it ends'; Script = "echo 'error: too much' >&2; echo 'of it' >&2; echo >&2; seq 100000 >&2; exit 1"; Says = 'too much of it' }
    ) {
        $program = "$TestDrive/emulator"
        Set-Content $program "#!/bin/sh`n$Script"
        if ($Script) { & chmod +x $program } else { & chmod -x $program }
        $fresh = Invoke-Fresh "`$env:MGP_EMULATOR = '$program'; Import-Module '$ModulePath'; try { Start-MgPresenceEmulator } catch { `$_.Exception.Message }"
        $fresh.Output | Should -BeLike "The emulator did not start: $Says"
    }

    It 'leaves no process behind when it does not start, or when Ctrl+C ends the wait: <Name>' -Skip:(-not $IsLinux) -ForEach @(
        @{ Name = 'half a greeting'; Greeting = '{"url":"http://127.0.0.1:1"}' }, @{ Name = 'Ctrl+C'; Greeting = '' }
    ) {
        $program, $id = "$TestDrive/silent", "$TestDrive/silent.id"
        Set-Content $program "#!/bin/sh`necho `$`$ >$id.new; mv $id.new $id; echo '$Greeting'; exec sleep 60"
        if (-not $Greeting) { Set-Content $program "#!/bin/sh`necho `$`$ >$id.new; mv $id.new $id; exec sleep 60" }
        & chmod +x $program
        $before, $env:MGP_EMULATOR = $env:MGP_EMULATOR, $program
        try { Measure-Stop 'Start-MgPresenceEmulator -ErrorAction SilentlyContinue' { Test-Path $id } | Should -BeLessThan 5000 }
        finally { $env:MGP_EMULATOR = $before }
        $process = "/proc/$(Get-Content $id)"
        Remove-Item $id
        $deadline = [datetime]::UtcNow.AddSeconds(5)
        while ((Test-Path $process) -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 20 }
        Test-Path $process | Should -BeFalse
    }

    It 'takes -User without a value for the default' {
        $emulator = Start-MgPresenceEmulator -User $null -Connect
        (Get-MgUserPresence adele).Id | Should -Be $emulator.UserId
    }

    It 'refuses a log that is not a file' {
        { Start-MgPresenceEmulator -LogPath Env:x } | Should -Throw 'Env:x is not a path of a file.' -ErrorId 'EmulatorNotStarted,*'
    }

    It 'starts no other emulator than the one that MGP_EMULATOR names' {
        $before, $env:MGP_EMULATOR = $env:MGP_EMULATOR, '/nonexistent'
        try { { Start-MgPresenceEmulator } | Should -Throw 'MGP_EMULATOR is "/nonexistent", which is not a file.*' -ErrorId 'NoEmulator,*' }
        finally { $env:MGP_EMULATOR = $before }
    }

    It 'starts nothing under -WhatIf' {
        Start-MgPresenceEmulator -WhatIf | Should -BeNullOrEmpty
    }

    It 'says what is missing where there is no emulator' {
        $fresh = Invoke-Fresh "`$env:MGP_EMULATOR = ''; `$env:PATH = ''; Copy-Item '$RepositoryRoot/module/MgPresence' '$TestDrive/bare' -Recurse; Remove-Item '$TestDrive/bare/bin/*/mgpresence-emulator' -ErrorAction Ignore; Import-Module '$TestDrive/bare/MgPresence.psd1'; try { Start-MgPresenceEmulator } catch { `$_.Exception.Message }"
        $fresh.Output | Should -BeLike 'There is no mgpresence-emulator*'
    }
}

Describe 'Stop-MgPresenceEmulator' {
    It 'ends the one that is piped, and without input every one' {
        $one, $two, $three = 1..3 | ForEach-Object { Start-MgPresenceEmulator }
        $ids = $one.Id, $two.Id, $three.Id
        $one | Stop-MgPresenceEmulator
        Get-Process -Id $ids -ErrorAction Ignore | ForEach-Object Id | Sort-Object | Should -Be ($ids[1, 2] | Sort-Object)
        Stop-MgPresenceEmulator
        Get-Process -Id $ids -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'leaves alone what has ended, and does not take $null for every one' {
        $emulator, $other = 1..2 | ForEach-Object { Start-MgPresenceEmulator }
        $emulator | Stop-MgPresenceEmulator
        $emulator | Stop-MgPresenceEmulator
        "$($emulator.Id)" | Should -Not -BeNullOrEmpty
        { Stop-MgPresenceEmulator $null } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        Get-Process -Id $other.Id | Should -Not -BeNullOrEmpty
        Stop-MgPresenceEmulator
    }

    It 'is not needed: an emulator ends with its PowerShell' {
        $fresh = Invoke-Fresh "Import-Module '$ModulePath'; (Start-MgPresenceEmulator).Id"
        $deadline = [datetime]::UtcNow.AddSeconds(5)
        while ((Get-Process -Id $fresh.Output -ErrorAction Ignore) -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 20 }
        Get-Process -Id $fresh.Output -ErrorAction Ignore | Should -BeNullOrEmpty
    }
}
