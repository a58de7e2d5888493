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
