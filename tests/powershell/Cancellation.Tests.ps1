# Ctrl+C: back within 200 ms, and nothing runs on.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator -User adele, alex
}
AfterAll { Stop-Emulator }

Describe 'Ctrl+C' {
    BeforeEach {
        Reset-Emulator
        Add-Fault @{ kind = 'delay'; delayMs = 20000 }
    }

    It 'ends a request that waits for its answer' {
        Measure-Stop 'Get-MgUserPresence adele' -Until { @(Get-Sent).Count -ge 1 } | Should -BeLessThan 200
    }

    It 'ends many requests, and sends none of those that had not started' {
        Measure-Stop '1..100 | ForEach-Object { "adele" } | Get-MgUserPresence' -Until { @(Get-Sent).Count -ge 8 } | Should -BeLessThan 200
        $sent = @(Get-Sent).Count
        $null = Invoke-Control DELETE faults
        Get-MgUserPresence alex | Should -Not -BeNullOrEmpty
        @(Get-Sent).Count | Should -Be ($sent + 1)
    }

    It 'ends a request that goes by itself, since an error would stop the pipeline' {
        Measure-Stop '1..100 | ForEach-Object { "adele" } | Get-MgUserPresence -ErrorAction Stop' -Until { @(Get-Sent).Count -ge 1 } | Should -BeLessThan 200
        @(Get-Sent).Count | Should -Be 1
    }

    It 'of Select-Object -First cancels the rest and waits for none of it' {
        $null = Invoke-Control DELETE faults
        Add-Fault @{ kind = 'delay'; delayMs = 20000; match = @{ user = 'alex' } }
        $taken = Measure-Command { (@('adele') + @('alex') * 40 | Get-MgUserPresence | Select-Object -First 1).Id | Should -Be $AdeleId }
        $taken.TotalSeconds | Should -BeLessThan 5
    }

    It 'leaves a session that works' {
        Measure-Stop 'Get-MgUserPresence adele' -Until { @(Get-Sent).Count -ge 1 } | Should -BeLessThan 200
        $null = Invoke-Control DELETE faults
        (Get-MgUserPresence adele).Id | Should -Be $AdeleId
    }
}
