<#
    Set-MgUserPresence in each of its four parameter sets. After each it shows what the user's presence is now.
    Needs Connect-MgPresence before it.
#>
param(
    [Parameter(Mandatory)] [string] $UserId,
    [string] $SessionId = '22553876-f5ab-4529-bffb-cfe50aa89f87'
)

# SetExpanded: a parameter for each property.
Set-MgUserPresence -UserId $UserId -SessionId $SessionId -Availability Available -Activity Available -ExpirationDuration PT1H
Get-MgUserPresence -UserId $UserId

# Set: the whole body as a hashtable, an object or JSON text.
$body = @{ sessionId = $SessionId; availability = 'Busy'; activity = 'InACall' }
Set-MgUserPresence -UserId $UserId -BodyParameter $body
Get-MgUserPresence -UserId $UserId

# SetViaIdentityExpanded and SetViaIdentity: the user comes as an object that has the id.
$identity = @{ UserId = $UserId }
Set-MgUserPresence -InputObject $identity -SessionId $SessionId -Availability DoNotDisturb -Activity Presenting
Get-MgUserPresence -UserId $UserId

$body = @{ sessionId = $SessionId; availability = 'Away'; activity = 'Away' }
Set-MgUserPresence -InputObject $identity -BodyParameter $body
Get-MgUserPresence -UserId $UserId
