# Ctrl+C: back within 200 ms, and nothing runs on.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator -User adele, alex

    # Runs a script in this process as a host does, stops it as Ctrl+C does, and gives the milliseconds that stopping took.
    function Measure-Stop([string] $Script, [int] $WaitForRequests) {
        $shell = [powershell]::Create().AddScript("Import-Module '$ModulePath'; $Script")
        try {
            $running = $shell.BeginInvoke()
            $deadline = [datetime]::UtcNow.AddSeconds(10)
            while (@(Get-Sent).Count -lt $WaitForRequests -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 10 }
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $watch.Stop()
            $running.IsCompleted | Should -BeTrue
            $watch.ElapsedMilliseconds
        }
        finally { $shell.Dispose() }
    }
}
AfterAll { Stop-Emulator }

Describe 'Ctrl+C' {
    BeforeEach {
        Reset-Emulator
        Add-Fault @{ kind = 'delay'; delayMs = 20000 }
    }

    It 'ends a request that waits for its answer' {
        Measure-Stop 'Get-MgUserPresence adele' -WaitForRequests 1 | Should -BeLessThan 200
    }

    It 'ends many requests, and sends none of those that had not started' {
        Measure-Stop '1..100 | ForEach-Object { "adele" } | Get-MgUserPresence' -WaitForRequests 8 | Should -BeLessThan 200
        $sent = @(Get-Sent).Count
        $null = Invoke-Control DELETE faults
        Get-MgUserPresence alex | Should -Not -BeNullOrEmpty
        @(Get-Sent).Count | Should -Be ($sent + 1)
    }

    It 'ends a request that goes by itself, since an error would stop the pipeline' {
        Measure-Stop '1..100 | ForEach-Object { "adele" } | Get-MgUserPresence -ErrorAction Stop' -WaitForRequests 1 | Should -BeLessThan 200
        @(Get-Sent).Count | Should -Be 1
    }

    It 'of Select-Object -First cancels the rest and waits for none of it' {
        $null = Invoke-Control DELETE faults
        Add-Fault @{ kind = 'delay'; delayMs = 20000; match = @{ user = 'alex' } }
        $taken = Measure-Command { (@('adele') + @('alex') * 40 | Get-MgUserPresence | Select-Object -First 1).Id | Should -Be $AdeleId }
        $taken.TotalSeconds | Should -BeLessThan 5
    }

    It 'leaves a session that works' {
        Measure-Stop 'Get-MgUserPresence adele' -WaitForRequests 1 | Should -BeLessThan 200
        $null = Invoke-Control DELETE faults
        (Get-MgUserPresence adele).Id | Should -Be $AdeleId
    }
}
