# The example of Microsoft's help page for Set-MgUserPresence, with one line changed: Import-Module names MgPresence.
# Needs Connect-MgPresence before it, and the user in $userId.

Import-Module MgPresence

$params = @{
	sessionId = "22553876-f5ab-4529-bffb-cfe50aa89f87"
	availability = "Available"
	activity = "Available"
	expirationDuration = "PT1H"
}

Set-MgUserPresence -UserId $userId -BodyParameter $params
