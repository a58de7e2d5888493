# Importing the module: at once, in silence, and from anywhere.

BeforeAll { . "$PSScriptRoot/Common.ps1" }

Describe 'Import-Module MgPresence' {
    It 'writes to no stream' {
        $fresh = Invoke-Fresh "Import-Module '$ModulePath' -Verbose:`$false *>&1"
        $fresh.Output | Should -BeNullOrEmpty
        $fresh.Error | Should -BeNullOrEmpty
        $fresh.ExitCode | Should -Be 0
    }

    It 'loads no native library' {
        $fresh = Invoke-Fresh "Import-Module '$ModulePath'; (Get-Process -Id `$PID).Modules.ModuleName -like '*mgpresence.so*'"
        $fresh.Output | Should -BeNullOrEmpty
    }

    It 'loads no keeper of secrets, not even for a session' -Skip:(-not $IsLinux) {
        $fresh = Invoke-Fresh "Import-Module '$ModulePath'; Connect-MgPresence a.b.c -BaseUri http://127.0.0.1:9; (Get-Process -Id `$PID).Modules.ModuleName -match 'libsecret|libglib'"
        $fresh.Output | Should -BeNullOrEmpty
    }

    It 'brings no assembly but its own' {
        $fresh = Invoke-Fresh @"
            `$before = [AppDomain]::CurrentDomain.GetAssemblies()
            Import-Module '$ModulePath'
            [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_ -notin `$before -and `$_.Location -like '$RepositoryRoot*' } | ForEach-Object { `$_.GetName().Name }
"@
        $fresh.Output | Should -Be 'MgPresence'
    }

    # What is compiled ahead does not wait for the JIT compiler in a script with one call.
    It 'brings its code compiled ahead' -Skip:(-not (Test-Path "$($env:NUGET_PACKAGES ?? "$HOME/.nuget/packages")/microsoft.netcore.app.crossgen2.*")) {
        $assembly = [IO.File]::OpenRead("$RepositoryRoot/module/MgPresence/bin/MgPresence.dll")
        try { [Reflection.PortableExecutable.PEReader]::new($assembly).PEHeaders.CorHeader.ManagedNativeHeaderDirectory.Size | Should -BeGreaterThan 0 }
        finally { $assembly.Dispose() }
    }

    It 'costs less than 100 ms' {
        # Of processor time, since the machine may be busy; the best of three.
        $measure = "`$process = Get-Process -Id `$PID; `$before = `$process.TotalProcessorTime; Import-Module '$ModulePath'; `$process.Refresh(); (`$process.TotalProcessorTime - `$before).TotalMilliseconds"
        $best = 1..3 | ForEach-Object { [double] (Invoke-Fresh $measure).Output } | Sort-Object | Select-Object -First 1
        $best | Should -BeLessThan 100
    }

    It 'works in a job, which is a process of its own' {
        $fresh = Invoke-Fresh "Start-Job { Import-Module '$ModulePath'; Set-MgUserPresence adele -Availability Away -Activity Away } | Receive-Job -Wait 2>&1 | ForEach-Object { `$_.Exception.Message }"
        $fresh.Output | Should -Be 'Authentication needed. Please call Connect-MgPresence.'
    }

    It 'works from a path with spaces and letters outside ASCII' {
        $folder = "$TestDrive/Präsenz und mehr/MgPresence"
        Copy-Item (Split-Path $ModulePath) $folder -Recurse
        $fresh = Invoke-Fresh "Import-Module '$folder/MgPresence.psd1'; Set-MgUserPresence adele -Availability Busy -Activity InACall -WhatIf"
        $fresh.Output | Should -BeLike 'What if:*Set-MgUserPresence_SetExpanded*'
        $fresh.Error | Should -BeNullOrEmpty
    }

    It 'says in a sentence where the native library belongs when it is <Name>' -ForEach @(
        @{ Name = 'missing'; Text = $null; Says = 'is missing. Install the whole package again.*' }
        @{ Name = 'for another machine'; Text = 'not a library'; Says = 'cannot be loaded. Check that it was built for this machine.*' }
    ) {
        $folder = "$TestDrive/$Name/MgPresence"
        $null = New-Item $folder/bin -ItemType Directory
        if ($Text) {
            $native = (Get-Item "$RepositoryRoot/module/MgPresence/bin/*/mgpresence.*").FullName | Split-Path
            $null = New-Item "$folder/bin/$(Split-Path $native -Leaf)" -ItemType Directory
            foreach ($suffix in 'so', 'dylib', 'dll') { Set-Content "$folder/bin/$(Split-Path $native -Leaf)/mgpresence.$suffix" $Text }
        }
        Copy-Item "$RepositoryRoot/module/MgPresence/*.*" $folder
        Copy-Item "$RepositoryRoot/module/MgPresence/bin/MgPresence.dll" $folder/bin
        $fresh = Invoke-Fresh "Import-Module '$folder/MgPresence.psd1'; try { Connect-MgPresence token } catch { `$_.Exception.Message }"
        $fresh.Output | Should -BeLike "The native library $folder/bin/*/mgpresence.* $Says"
        $fresh.Output | Should -Not -BeLike "*`n*"
    }

    It 'names both versions when the native library <Name>' -Skip:(-not (Get-Command cc -ErrorAction Ignore)) -ForEach @(
        @{ Name = 'has another ABI'; Code = 'unsigned mgp_abi_version(void) { return 0x10000; } const char *mgp_version(void) { return "9.8.7"; }'; Says = 'is version 9.8.7 with ABI 1.0' }
        @{ Name = 'lacks functions'; Code = 'unsigned mgp_abi_version(void) { return 1; } const char *mgp_version(void) { return "0.0.9"; }'; Says = 'is version 0.0.9 with ABI 0.1 and lacks mgp_status_name' }
        @{ Name = 'is something else'; Code = 'int x;'; Says = 'does not say which version it is' }
    ) {
        $folder = "$TestDrive/$Name/MgPresence"
        Copy-Item (Split-Path $ModulePath) $folder -Recurse
        $library = (Get-Item "$folder/bin/*/mgpresence.so", "$folder/bin/*/mgpresence.dylib" -ErrorAction Ignore).FullName
        Set-Content "$folder/library.c" $Code
        & cc -shared -fPIC -o $library "$folder/library.c"
        $version = [MgPresence.Presence].Assembly.GetName().Version.ToString(3)
        $fresh = Invoke-Fresh "Import-Module '$folder/MgPresence.psd1'; try { Connect-MgPresence a.b.c } catch { `$_.Exception.Message }"
        $fresh.Output | Should -Be "The native library $library $Says. This assembly is version $version and needs ABI 0.1 or a later 0.x. Install both from the same package."
    }

    It 'is one version in a process: another is refused, and the first stays' {
        $folder = "$TestDrive/other/MgPresence"
        Copy-Item (Split-Path $ModulePath) $folder -Recurse
        $manifest = Get-Content "$folder/MgPresence.psd1" -Raw
        Set-Content "$folder/MgPresence.psd1" ($manifest -replace "ModuleVersion = '[^']*'", "ModuleVersion = '9.8.7'")
        $fresh = Invoke-Fresh "Import-Module '$ModulePath'; try { Import-Module '$folder/MgPresence.psd1' -ErrorAction Stop } catch { `$_.Exception.Message }; (Get-Module MgPresence).Path; Connect-MgPresence a.b.c -BaseUri http://127.0.0.1:9; (Get-MgPresenceContext).AuthType"
        $fresh.Output | Should -BeLike "*already present*$RepositoryRoot/module/MgPresence/*UserProvidedAccessToken"
    }

    It 'may be repeated with -Force' {
        $fresh = Invoke-Fresh @"
            Import-Module '$ModulePath'
            Connect-MgPresence a.b.c -BaseUri http://127.0.0.1:9
            Import-Module '$ModulePath' -Force
            (Get-MgPresenceContext).BaseUri.OriginalString
"@
        $fresh.Output | Should -Be 'http://127.0.0.1:9'
    }

    It 'exports what the manifest lists, and only cmdlets' {
        $exported = (Get-Module MgPresence).ExportedCommands.Values
        $exported.CommandType | Sort-Object -Unique | Should -Be 'Cmdlet'
        $listed = (Import-PowerShellDataFile $ModulePath).CmdletsToExport
        $exported.Name | Sort-Object | Should -Be ($listed | Sort-Object)
        $classes = [MgPresence.Presence].Assembly.GetTypes() | Where-Object { $_.GetCustomAttributes([Management.Automation.CmdletAttribute], $false) }
        $classes.Count | Should -Be $listed.Count
    }

    It 'has a manifest that Test-ModuleManifest accepts' {
        (Test-ModuleManifest $ModulePath).Version | Should -Be ([MgPresence.Presence].Assembly.GetName().Version.ToString(3))
    }
}
