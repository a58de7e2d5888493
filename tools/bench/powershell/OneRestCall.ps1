# The same call with Invoke-RestMethod, and the same token.
$ErrorActionPreference = 'Stop'
$token = ConvertTo-SecureString $env:MGP_TOKEN -AsPlainText -Force
$body = @{
    sessionId = '22553876-f5ab-4529-bffb-cfe50aa89f87'
    availability = 'Busy'
    activity = 'InACall'
    expirationDuration = 'PT1H'
} | ConvertTo-Json
$null = Invoke-RestMethod "$env:MGP_URL/v1.0/users/adele/presence/setPresence" -Method Post -Body $body `
    -ContentType application/json -Authentication Bearer -Token $token -AllowUnencryptedAuthentication
