<#
    Sets the presence of many users from a CSV file with the columns UserId, Availability, Activity and ExpirationDuration. An empty
    cell counts as left out. What failed is shown at the end, with the user and what to do.
    Needs Connect-MgPresence before it.
#>
param([Parameter(Mandatory)] [string] $Path)

$people = @(Import-Csv $Path)
$set = @($people | Set-MgUserPresence -PassThru -ErrorAction SilentlyContinue -ErrorVariable failures)

"$($set.Count) of $($people.Count) users set"
foreach ($failure in $failures) { "$($failure.TargetObject.UserId): $($failure.Exception.Message)" }
