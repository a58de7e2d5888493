<#
    Runs one file of tests and prints a line for each: "ok ", "FAILED " or "SKIPPED: ", as tools/count reads them.
#>
param([Parameter(Mandatory)] [string] $Path)

Import-Module Pester -MinimumVersion 5.0
$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'None'
$result = Invoke-Pester -Configuration $configuration

# The message, and where in our own files.
function Format-Failure($ErrorRecord) {
    foreach ($failure in $ErrorRecord) {
        "    $($failure.Exception.Message)"
        ($failure.ScriptStackTrace -split "`n" -match 'tests/powershell/(?!Invoke-TestFile)').ForEach{ "    $_" }
    }
}

foreach ($test in $result.Tests) {
    $name = $test.ExpandedPath -replace '[\r\n]+', '\n' -replace '(.{200}).+', '$1…'
    switch ($test.Result) {
        'Passed' { "ok $name" }
        'Skipped' { "SKIPPED: ${name}: $($test.ErrorRecord.Exception.Message)" }
        default { "FAILED $name"; Format-Failure $test.ErrorRecord }
    }
}
foreach ($block in @($result.Containers) + @($result.FailedBlocks) | Where-Object { $_.ErrorRecord }) {
    "FAILED $($block.Name ?? $block.Item)"; Format-Failure $block.ErrorRecord
}
if (-not $result.Tests) { "FAILED $Path has no tests" }
