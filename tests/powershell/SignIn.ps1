<#
    What the files of tests about signing in share: an emulator that is a sign-in service too, and certificates. Dot-source it after Common.ps1.
#>
$TenantId = 'aaaabbbb-0000-cccc-1111-dddd2222eeee' # the emulator's first tenant

# A self-signed RSA certificate with its key, as an application's owner makes one.
function New-Certificate([string] $Subject = 'CN=mgpresence-test', [int] $Days = 30) {
    $key = [Security.Cryptography.RSA]::Create(2048)
    $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new($Subject, $key, 'SHA256', [Security.Cryptography.RSASignaturePadding]::Pkcs1)
    $request.CreateSelfSigned([DateTimeOffset]::UtcNow.AddDays(-1), [DateTimeOffset]::UtcNow.AddDays($Days))
}

# Registers an application with the emulator; what a test says of it goes beside its id.
function Register-Application([string] $AppId, [hashtable] $With = @{}) {
    $null = Invoke-Control POST applications (@{ appId = $AppId; roles = @('Presence.ReadWrite.All', 'Presence.Read.All') } + $With)
}

# What -Environment takes: Graph and sign-in at the emulator.
function Get-Lab { @{ Name = 'Lab'; GraphEndpoint = $script:Emulator.url; AzureADEndpoint = $script:Emulator.url } }

# What a user does on another device while a sign-in waits: answers it. Dispose of what it returns.
function Start-Answer([hashtable] $Answer) {
    $shell = [powershell]::Create().AddScript({
        param($Control, $Answer)
        $deadline = [datetime]::UtcNow.AddSeconds(20)
        while ([datetime]::UtcNow -lt $deadline) {
            $open = @(Invoke-RestMethod "$Control/signIns" | ForEach-Object { $_ } | Where-Object state -EQ pending)
            if ($open) { return Invoke-RestMethod "$Control/signIns/$($open[0].userCode)" -Method Post -ContentType application/json -Body ($Answer | ConvertTo-Json) }
            Start-Sleep -Milliseconds 20
        }
    }).AddArgument($script:Emulator.control).AddArgument($Answer)
    $null = $shell.BeginInvoke()
    $shell
}

function New-Secret([string] $Text) { ConvertTo-SecureString $Text -AsPlainText -Force }

function New-ClientSecretCredential([string] $ClientId = $AppId, [string] $Secret = 'emulator-client-secret') { [pscredential]::new($ClientId, (New-Secret $Secret)) }

# The sign-ins that the emulator was asked for, by grant.
function Get-SignIn { Invoke-Control GET tokenRequests | ForEach-Object { $_ } }

# Lines for a fresh PowerShell that put a PFX file of the password "p" into the store of its user. On Linux and macOS that is a folder of HOME.
function Get-StoreScript([string] $Pfx) {
    @"
        `$store = [Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser')
        `$store.Open('ReadWrite')
        `$store.Add([Security.Cryptography.X509Certificates.X509Certificate2]::new('$Pfx', 'p', 'PersistKeySet'))
        `$store.Dispose()

"@
}

# Runs a block of tests with other variables in the environment, which fresh processes inherit.
function Invoke-WithEnvironment([hashtable] $Variables, [scriptblock] $WithThem) {
    $before = @{}
    foreach ($name in $Variables.Keys) {
        $before[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, $Variables[$name])
    }
    try { & $WithThem }
    finally { foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) } }
}
