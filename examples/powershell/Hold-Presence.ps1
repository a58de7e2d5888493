<#
    Keeps the presences of a CSV file (UserId, Availability, Activity, ExpirationDuration) alive, as a service does: until it is stopped.
    Writes a line when something happens to a user, but not for each renewal.
    Needs Connect-MgPresence before it.
#>
param([Parameter(Mandatory)] [string] $Path)

Import-Csv $Path | Start-MgPresenceKeepAlive -ClearOnStop -ErrorAction Continue
try {
    Get-MgPresenceKeepAlive -Wait | Where-Object State -NotIn Pending, Renewed | ForEach-Object {
        '{0:u} {1} {2}' -f $_.Since, $_, $_.Error
    }
}
finally { Stop-MgPresenceKeepAlive -All }
