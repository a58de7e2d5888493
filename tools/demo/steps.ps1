# The demo's part in PowerShell: Set-MgUserPresence in each of its four parameter sets, in a fresh process.
$ErrorActionPreference = 'Stop'
$root = Resolve-Path "$PSScriptRoot/../.."
Import-Module "$root/module/MgPresence/MgPresence.psd1"
Connect-MgPresence -AccessToken (ConvertTo-SecureString $env:MGP_TOKEN -AsPlainText -Force) -BaseUri $env:MGP_BASE_URL -Proxy ''

# The values of Microsoft's own example.
$userId = 'fa8bf3dc-eca7-46b7-bad1-db199b62afc3'
$params = @{
    sessionId          = '22553876-f5ab-4529-bffb-cfe50aa89f87'
    availability       = 'Available'
    activity           = 'Available'
    expirationDuration = 'PT1H'
}
$expanded = @{
    SessionId          = $params.sessionId
    Availability       = $params.availability
    Activity           = $params.activity
    ExpirationDuration = New-TimeSpan -Hours 1
}
$steps = [ordered]@{
    '-UserId … -Availability … (SetExpanded)'                 = { Set-MgUserPresence -UserId $userId @expanded -PassThru }
    '-UserId … -BodyParameter … (Set)'                        = { Set-MgUserPresence -UserId $userId -BodyParameter $params -PassThru }
    '-InputObject … -Availability … (SetViaIdentityExpanded)' = { Set-MgUserPresence -InputObject @{ UserId = $userId } @expanded -PassThru }
    '-InputObject … -BodyParameter … (SetViaIdentity)'        = { Set-MgUserPresence -InputObject @{ UserId = $userId } -BodyParameter $params -PassThru }
}

"  PowerShell $($PSVersionTable.PSVersion), Set-MgUserPresence of MgPresence $((Get-Module MgPresence).Version)"
$failed = 0
foreach ($step in $steps.GetEnumerator()) {
    try {
        $result = & $step.Value
        $now = Get-MgUserPresence -UserId $userId
        if ($result -ne $true) { throw "it returned '$result' and not True" }
        '    {0,-57} {1}   {2} is now {3}/{4}' -f $step.Key, $result, $userId.Substring(0, 8), $now.Availability, $now.Activity
    } catch {
        '    {0,-57} failed: {1}' -f $step.Key, $_
        $failed++
    }
}
$null = Disconnect-MgPresence
exit $failed
