# What Import-Module takes in a process that has loaded nothing before, in ms.
param([string] $Module)
$ErrorActionPreference = 'Stop'
$watch = [Diagnostics.Stopwatch]::StartNew()
Import-Module $Module
$watch.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)
