# How many calls one process made, and the seconds that the last of them took. .NET compiles what runs often again and again, for
# seconds, until it is as fast as it can be: calls before that would measure the compiler.
#   -WarmUp Seconds of calls before those that are measured
#   -Kind   Set, Rest, Pipe; WhatIf, Refused: calls that send nothing
#   -Users  of the emulator, user1 to user10000; adele without it
param([string] $Kind, [double] $WarmUp, [int] $Count, [string] $Module, [switch] $Users)
$ErrorActionPreference = 'Stop'
$token = ConvertTo-SecureString $env:MGP_TOKEN -AsPlainText -Force
Import-Module $Module
Connect-MgPresence -AccessToken $token -BaseUri $env:MGP_URL -RequestsPer30Seconds 0
$ids = if ($Users) { 1..10000 | ForEach-Object { "user$_" } } else { @('adele') * $Count }
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

$measured = $ids[0..($Count - 1)]
$few = $ids[0..99]
$calls = $measured.Count
$watch = [Diagnostics.Stopwatch]::StartNew()
while ($watch.Elapsed.TotalSeconds -lt $WarmUp) {
    Invoke-Call $few
    $calls += $few.Count
}
$watch.Restart()
Invoke-Call $measured
"$calls $($watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture))"
