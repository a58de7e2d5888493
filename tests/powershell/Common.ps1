<#
    What the files of tests share: the built module, an emulator on a free port of this machine, and what it received.
    Dot-source it in BeforeAll.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$RepositoryRoot = (Resolve-Path "$PSScriptRoot/../..").Path
$ModulePath = "$RepositoryRoot/module/MgPresence/MgPresence.psd1"
$AppId = '22553876-f5ab-4529-bffb-cfe50aa89f87' # the application of the emulator's tokens
$AdeleId = 'fa8bf3dc-eca7-46b7-bad1-db199b62afc3'
Import-Module $ModulePath

# Starts an emulator that ends with this process, and connects MgPresence to it as an application.
function Start-Emulator {
    param([string[]] $User = @(), [string[]] $With = @(), [switch] $NoConnect)

    $start = [Diagnostics.ProcessStartInfo]::new($env:MGP_EMULATOR)
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    foreach ($argument in @('--until-stdin-closes') + $With) { $start.ArgumentList.Add($argument) }
    foreach ($name in $User) { $start.ArgumentList.Add('--user'); $start.ArgumentList.Add($name) }
    $process = [Diagnostics.Process]::Start($start)
    $script:Emulator = $process.StandardOutput.ReadLine() | ConvertFrom-Json
    $script:Emulator | Add-Member -NotePropertyName Process -NotePropertyValue $process
    if (-not $NoConnect) { Connect-Emulator }
}

function Connect-Emulator {
    param([string] $Token = $script:Emulator.token)
    Connect-MgPresence -AccessToken (ConvertTo-SecureString $Token -AsPlainText -Force) -BaseUri $script:Emulator.url
}

function Stop-Emulator {
    if (Get-MgPresenceContext) { $null = Disconnect-MgPresence }
    $script:Emulator.Process.StandardInput.Close()
    if (-not $script:Emulator.Process.WaitForExit(5000)) { throw 'The emulator did not end' }
}

# One call of the control API (docs/emulator.md).
function Invoke-Control {
    param([string] $Method, [string] $Path, $Body)
    $arguments = @{ Method = $Method; Uri = "$($script:Emulator.control)/$Path" }
    if ($null -ne $Body) { $arguments += @{ Body = (ConvertTo-Json $Body -Depth 10); ContentType = 'application/json' } }
    Invoke-RestMethod @arguments
}

# Users as at the start, no faults, nothing received.
function Reset-Emulator { $null = Invoke-Control POST reset }

# What was received: method, path, status, headers, body.
function Get-Sent { Invoke-Control GET requests | ForEach-Object { $_ } }

# What was asked for, each item of a batch as if it had come alone: method, path, body.
function Get-SentCall {
    foreach ($request in Get-Sent) {
        if ($request.path -notlike '*/$batch') { $request | Select-Object method, path, body; continue }
        $version = $request.path -replace '/\$batch$'
        foreach ($item in $request.body.requests) {
            [pscustomobject]@{ method = $item.method; path = $version + $item.url; body = $item.PSObject.Properties['body'] ? $item.body : $null }
        }
    }
}

function Add-Fault { param([hashtable] $Fault) $null = Invoke-Control POST faults $Fault }

function New-Token {
    param([hashtable] $For = @{})
    (Invoke-Control POST tokens $For).token
}

# Runs a script in a fresh pwsh that has nothing loaded; gives its streams and exit code.
function Invoke-Fresh {
    param([string] $Script)
    $start = [Diagnostics.ProcessStartInfo]::new($env:MGP_PWSH)
    $start.RedirectStandardOutput = $start.RedirectStandardError = $start.RedirectStandardInput = $true
    foreach ($argument in '-NoProfile', '-NonInteractive', '-EncodedCommand', [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($Script))) {
        $start.ArgumentList.Add($argument)
    }
    $process = [Diagnostics.Process]::Start($start)
    $process.StandardInput.Close()
    $errors = $process.StandardError.ReadToEndAsync()
    $output = $process.StandardOutput.ReadToEnd()
    $process.WaitForExit()
    [pscustomobject]@{ Output = $output.Trim(); Error = $errors.Result.Trim(); ExitCode = $process.ExitCode }
}

# JSON with the members of each object in the order of their names, for comparing.
function Format-Json($Value) {
    if ($Value -is [Collections.IDictionary]) { $Value = [pscustomobject] $Value }
    if ($Value -is [pscustomobject]) {
        $members = $Value.PSObject.Properties | ForEach-Object Name | Sort-Object | ForEach-Object { "$(ConvertTo-Json $_): $(Format-Json $Value.$_)" }
        return "{$($members -join ', ')}"
    }
    if ($Value -is [array]) { return "[$(($Value | ForEach-Object { Format-Json $_ }) -join ', ')]" }
    ConvertTo-Json $Value -Compress
}

# Runs a script in this process as a host does, stops it as Ctrl+C does once it is where it should be, and gives the milliseconds that
# stopping took.
function Measure-Stop([string] $Script, [scriptblock] $Until) {
    $shell = [powershell]::Create().AddScript("Import-Module '$ModulePath'; $Script")
    try {
        $running = $shell.BeginInvoke()
        $deadline = [datetime]::UtcNow.AddSeconds(10)
        while (-not (& $Until) -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 10 }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $watch.Stop()
        $running.IsCompleted | Should -BeTrue
        $watch.ElapsedMilliseconds
    }
    finally { $shell.Dispose() }
}
