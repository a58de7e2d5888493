<#
.SYNOPSIS
    Sets the same presence in several tenants, signed in to each with the certificate of one application.
.DESCRIPTION
    Each sign-in gives a context, and -Context names the one that a call uses: no write can reach another tenant.
.PARAMETER TenantId
    The tenants.
.PARAMETER ClientId
    The application, which has Presence.ReadWrite.All in each of them.
.PARAMETER Certificate
    Its certificate, for example (Get-Item Cert:\CurrentUser\My\$thumbprint).
.PARAMETER UserId
    The users to set, by object id or user principal name.
#>
param(
    [Parameter(Mandatory)] [string[]] $TenantId,
    [Parameter(Mandatory)] [string] $ClientId,
    [Parameter(Mandatory)] [Security.Cryptography.X509Certificates.X509Certificate2] $Certificate,
    [Parameter(Mandatory)] [string[]] $UserId
)
#Requires -Modules MgPresence

$contexts = foreach ($tenant in $TenantId) {
    Connect-MgPresence -TenantId $tenant -ClientId $ClientId -Certificate $Certificate -PassThru
}
foreach ($context in $contexts) {
    $UserId | Set-MgUserPresence -SessionId $ClientId -Availability Away -Activity Away -Context $context
    [pscustomobject]@{ Tenant = $context.TenantId; Seen = ($UserId | Get-MgUserPresence -Context $context).Availability }
}
$null = $contexts | Disconnect-MgPresence
