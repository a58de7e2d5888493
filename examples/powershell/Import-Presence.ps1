<#
    Sets the presence of many users, thousands if need be, from a CSV file with the columns UserId, Availability, Activity and
    ExpirationDuration. An empty cell counts as left out. What failed is shown at the end, with the user and what to do.
    If it is interrupted, run it again: the file of -ResumeFile has the rows that succeeded, and only the others are sent.
    Needs Connect-MgPresence before it.
#>
param([Parameter(Mandatory)] [string] $Path, [string] $ResumeFile = "$Path.resume")

$ErrorActionPreference = 'Stop' # for a file that cannot be read
Set-StrictMode -Off # the target of an error has no UserId if the row had none

Import-Csv $Path | Set-MgUserPresence -ResumeFile $ResumeFile -SummaryVariable summary -ErrorAction SilentlyContinue -ErrorVariable failures

"$($summary.Succeeded) users set in $($summary.Seconds) s, $($summary.Skipped) were set by an earlier run, $($summary.Failed) failed"
foreach ($failure in $failures) { "$($failure.TargetObject.UserId): $($failure.Exception.Message)" }
if (-not $failures -and $summary.Succeeded + $summary.Skipped) { Remove-Item $ResumeFile } # the next import begins anew
