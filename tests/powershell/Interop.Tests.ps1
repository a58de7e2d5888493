# The P/Invoke layer by itself, as a C# program would use it: layouts, texts, tasks.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator
    $assembly = [MgPresence.Interop.PresenceClient].Assembly
    function New-Client {
        $options = [MgPresence.Interop.PresenceClientOptions]@{ BaseUrl = $Emulator.url; AllowLoopbackHttp = $true; AccessToken = (ConvertTo-SecureString $Emulator.token -AsPlainText -Force) }
        [MgPresence.Interop.PresenceClient]::new($options)
    }
    function New-Request([string] $User = 'adele') {
        [MgPresence.Interop.PresenceRequest]@{ Operation = 'GetPresence'; Target = 'User'; TargetId = $User }
    }
}
AfterAll { Stop-Emulator }

Describe 'The layer' {
    It 'depends on nothing of PowerShell' {
        foreach ($file in Get-ChildItem "$RepositoryRoot/module/src/Interop/*.cs") {
            Get-Content $file -Raw | Should -Not -Match 'System\.Management\.Automation|MgPresence\.(Cmdlets|Json)' -Because $file.Name
        }
    }

    It 'asks for the ABI of the header' {
        $library = $assembly.GetType('MgPresence.Interop.Library')
        $constant = { param($name) [int] $library.GetField($name, [Reflection.BindingFlags] 'NonPublic, Static').GetRawConstantValue() }
        $header = Get-Content "$RepositoryRoot/include/mgpresence.h" -Raw
        [int] [regex]::Match($header, '#define MGP_ABI_VERSION (\d+)').Groups[1].Value | Should -Be ((& $constant Major) -shl 16 -bor (& $constant Minor))
    }

    It 'has each struct in the size that the library knows' {
        # A struct of another size is refused with StructSize, or read wrongly: a request that works says both are right.
        foreach ($name in 'NativeClientOptions', 'NativeRequest', 'NativeCompletion') {
            [Runtime.InteropServices.Marshal]::SizeOf([type] $assembly.GetType("MgPresence.Interop.$name")) % 8 | Should -Be 0
        }
        $client = New-Client
        try { $client.Send((New-Request)).Presences.Count | Should -Be 1 } finally { $client.Dispose() }
    }
}

Describe 'A task' {
    BeforeEach { Reset-Emulator; $client = New-Client }
    AfterEach { $client.Dispose() }

    It 'ends with the answer' {
        $response = $client.SendAsync((New-Request)).GetAwaiter().GetResult()
        $response.HttpStatus, $response.Presences.Count | Should -Be 200, 1
        $response.Explain(0) | Should -BeLike '*"effective"*'
    }

    It 'ends with the whole error' {
        $failure = { $client.SendAsync((New-Request nobody)).GetAwaiter().GetResult() } | Should -Throw -PassThru
        $failure.Exception.InnerException | Should -BeOfType MgPresence.Interop.PresenceException
        $failure.Exception.InnerException.HttpStatus, $failure.Exception.InnerException.GraphCode | Should -Be 404, Request_ResourceNotFound
    }

    It 'runs beside others' {
        Add-Fault @{ kind = 'delay'; delayMs = 200 }
        $taken = Measure-Command {
            $tasks = 1..20 | ForEach-Object { $client.SendAsync((New-Request)) }
            [Threading.Tasks.Task]::WaitAll([Threading.Tasks.Task[]] $tasks)
        }
        $taken.TotalMilliseconds | Should -BeLessThan (20 * 200 / 2)
    }

    It 'fails while the system has no descriptor for its thread, and the next one ends with the answer' -Skip:(-not $IsLinux) {
        $script = @"
            Import-Module '$ModulePath'
            `$request = [MgPresence.Interop.PresenceRequest]@{ Operation = 'GetPresence'; Target = 'User'; TargetId = 'adele' }
            `$token = ConvertTo-SecureString '$($Emulator.token)' -AsPlainText -Force
            `$client = [MgPresence.Interop.PresenceClient]::new([MgPresence.Interop.PresenceClientOptions]@{ BaseUrl = '$($Emulator.url)'; AllowLoopbackHttp = `$true; AccessToken = `$token })
            `$files = [Collections.Generic.List[object]]::new()
            `$files.Add([IO.File]::OpenRead('/dev/null')); `$files[0].Dispose()
            try { [IO.File]::OpenRead('/nowhere') } catch { "`$_" -replace '.*' } # loads what an error needs
            try { while (`$true) { `$files.Add([IO.File]::OpenRead('/dev/null')) } } catch { }
            foreach (`$i in 1, 2) { `$files[`$files.Count - `$i].Dispose() }
            `$task = `$client.SendAsync(`$request, [Threading.CancellationToken]::None)
            Start-Sleep -Milliseconds 500
            foreach (`$file in `$files) { `$file.Dispose() }
            try { `$null = `$task.Wait(5000) } catch { }
            `$task.Status
            `$client.SendAsync(`$request, [Threading.CancellationToken]::None).GetAwaiter().GetResult().HttpStatus
"@
        $before = $env:MGP_PWSH
        Set-Content "$TestDrive/few" "#!/bin/sh`nulimit -n 400`nexec '$before' `"`$@`""
        & chmod +x "$TestDrive/few"
        try { $env:MGP_PWSH = "$TestDrive/few"; $fresh = Invoke-Fresh $script } finally { $env:MGP_PWSH = $before }
        $fresh.ExitCode | Should -Be 0 -Because "$($fresh.Error)$($fresh.Output)"
        $fresh.Output -split '\s+' | Should -Be Faulted, 200
    }

    It 'can be cancelled, and ends at once' {
        Add-Fault @{ kind = 'delay'; delayMs = 20000 }
        $source = [Threading.CancellationTokenSource]::new()
        $task = $client.SendAsync((New-Request), $source.Token)
        $source.CancelAfter(50)
        { $task.GetAwaiter().GetResult() } | Should -Throw -ExceptionType ([Management.Automation.MethodInvocationException])
        $task.IsCanceled | Should -BeTrue
    }

    It 'that was cancelled before is never sent' {
        $task = $client.SendAsync((New-Request), [Threading.CancellationToken]::new($true))
        { $task.GetAwaiter().GetResult() } | Should -Throw
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'under way ends when the client goes' {
        Add-Fault @{ kind = 'delay'; delayMs = 20000 }
        $task = $client.SendAsync((New-Request))
        $client.Dispose()
        { $null = $task.Wait(5000); $task.GetAwaiter().GetResult() } | Should -Throw
        $task.IsCompleted | Should -BeTrue
    }
}
