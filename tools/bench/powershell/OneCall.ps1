# A script with one call: import, connect, set. $env:MGP_URL and $env:MGP_TOKEN say where and with what.
param([string] $Module)
$ErrorActionPreference = 'Stop'
$token = ConvertTo-SecureString $env:MGP_TOKEN -AsPlainText -Force
Import-Module $Module
Connect-MgPresence -AccessToken $token -BaseUri $env:MGP_URL
Set-MgUserPresence adele -Availability Busy -Activity InACall -ExpirationDuration PT1H
