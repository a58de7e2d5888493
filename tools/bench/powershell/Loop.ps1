# The seconds that some calls take in one process, after the first ones: .NET compiles for speed what has run often.
#   -Kind   Set, Rest, Pipe; WhatIf, Refused: calls that send nothing
#   -Users  of the emulator, user1 to user10000; adele without it
param([string] $Kind, [int] $WarmUp, [int] $Count, [string] $Module, [switch] $Users)
$ErrorActionPreference = 'Stop'
$token = ConvertTo-SecureString $env:MGP_TOKEN -AsPlainText -Force
Import-Module $Module
Connect-MgPresence -AccessToken $token -BaseUri $env:MGP_URL -RequestsPer30Seconds 0
$ids = if ($Users) { 1..10000 | ForEach-Object { "user$_" } } else { @('adele') * [Math]::Max($Count, $WarmUp) }
$busy = @{ Availability = 'Busy'; Activity = 'InACall'; ExpirationDuration = 'PT1H' }
$wrong = @{ Availability = 'Busy'; Activity = 'Busy'; ErrorAction = 'SilentlyContinue' }
$body = @{ sessionId = '22553876-f5ab-4529-bffb-cfe50aa89f87'; availability = 'Busy'; activity = 'InACall'; expirationDuration = 'PT1H' }
$rest = @{ Method = 'Post'; ContentType = 'application/json'; Authentication = 'Bearer'; Token = $token; AllowUnencryptedAuthentication = $true }

function Invoke-Call([string[]] $Ids) {
    switch ($Kind) {
        Set { foreach ($id in $Ids) { Set-MgUserPresence $id @busy } }
        Rest {
            foreach ($id in $Ids) {
                $null = Invoke-RestMethod "$env:MGP_URL/v1.0/users/$id/presence/setPresence" -Body (ConvertTo-Json $body) @rest
            }
        }
        Pipe { $Ids | Set-MgUserPresence @busy -ErrorAction Continue } # with Stop, inputs go one by one
        WhatIf { foreach ($id in $Ids) { Set-MgUserPresence $id @busy -WhatIf } }
        Refused { foreach ($id in $Ids) { Set-MgUserPresence $id @wrong } }
    }
}

Invoke-Call $ids[0..($WarmUp - 1)]
$measured = $ids[0..($Count - 1)]
$watch = [Diagnostics.Stopwatch]::StartNew()
Invoke-Call $measured
"seconds $($watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture))"
