<#
    The session commands of Microsoft.Graph.Authentication, for scripts that call them before a presence cmdlet and run where Microsoft's
    modules are not installed. They are in a separate module, so that MgPresence never takes these names.
#>
Set-StrictMode -Version Latest

# What the session was made from and when, so that Set-MgRequestContext can make it again while it lasts.
$script:connection = $null
$script:connectedAt = $null
$script:request = @{}

function Connect-Session([hashtable] $Connection, [hashtable] $Request) {
    Connect-MgPresence @Connection @Request
    $script:connection = $Connection
    $script:connectedAt = (Get-MgPresenceContext).ConnectedAt
}

<#
.SYNOPSIS
    Connects MgPresence to Microsoft Graph, as Connect-MgGraph -AccessToken does.
.DESCRIPTION
    Accepts the parameters of Microsoft's command. You sign in with a token that you already have; every other way to sign in is refused
    with an explanation. To try a script unchanged, set the environment variable MGPRESENCE_BASE_URI to the address of an emulator.
.PARAMETER AccessToken
    A bearer token for Microsoft Graph.
.PARAMETER Environment
    The name of the cloud.
.PARAMETER ClientTimeout
    The longest wait for an answer in seconds, retries included.
.PARAMETER NoWelcome
    Accepted. The command never shows a welcome message.
.PARAMETER Scopes
    Refused: this way to sign in is not supported.
.PARAMETER TenantId
    Accepted and ignored: the token determines the tenant.
.PARAMETER ContextScope
    Accepted and ignored: the session always belongs to the process.
.PARAMETER ClientId
    Refused: this way to sign in is not supported.
.PARAMETER Certificate
    Refused: this way to sign in is not supported.
.PARAMETER CertificateThumbprint
    Refused: this way to sign in is not supported.
.PARAMETER CertificateSubjectName
    Refused: this way to sign in is not supported.
.PARAMETER SendCertificateChain
    Refused: this way to sign in is not supported.
.PARAMETER ClientSecretCredential
    Refused: this way to sign in is not supported.
.PARAMETER Identity
    Refused: this way to sign in is not supported.
.PARAMETER EnvironmentVariable
    Refused: this way to sign in is not supported.
.PARAMETER UseDeviceCode
    Refused: this way to sign in is not supported.
.PARAMETER Break
    Refused: MgPresence does not use the .NET HTTP stack that this parameter breaks into.
.EXAMPLE
    Connect-MgGraph -AccessToken $token -NoWelcome
#>
function Connect-MgGraph {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '', Justification = 'Bound as in Microsoft''s command; the parameter set decides.')]
    [CmdletBinding(DefaultParameterSetName = 'Other')]
    [Alias('Connect-Graph')]
    [OutputType([void])]
    param(
        [Parameter(ParameterSetName = 'AccessToken', Mandatory, Position = 0)] [securestring] $AccessToken,
        [Alias('EnvironmentName', 'NationalCloud')] [ArgumentCompleter([MgPresence.CloudCompleter])] [string] $Environment,
        [ValidateRange(0, 86400)] [double] $ClientTimeout,
        [switch] $NoWelcome,
        [Alias('Audience', 'Tenant')] [string] $TenantId,
        [string] $ContextScope,
        [Parameter(DontShow)] [switch] $Break,
        [Parameter(ParameterSetName = 'Other')] [string[]] $Scopes,
        [Parameter(ParameterSetName = 'Other')] [Alias('AppId', 'ApplicationId')] [string] $ClientId,
        [Parameter(ParameterSetName = 'Other')] [object] $Certificate,
        [Parameter(ParameterSetName = 'Other')] [string] $CertificateThumbprint,
        [Parameter(ParameterSetName = 'Other')] [Alias('CertificateSubject', 'CertificateName')] [string] $CertificateSubjectName,
        [Parameter(ParameterSetName = 'Other')] [Alias('SendX5C')] [switch] $SendCertificateChain,
        [Parameter(ParameterSetName = 'Other')] [Alias('SecretCredential', 'Credential')] [pscredential] $ClientSecretCredential,
        [Parameter(ParameterSetName = 'Other')] [Alias('ManagedIdentity', 'ManagedServiceIdentity', 'MSI')] [switch] $Identity,
        [Parameter(ParameterSetName = 'Other')] [switch] $EnvironmentVariable,
        [Parameter(ParameterSetName = 'Other')] [Alias('UseDeviceAuthentication', 'DeviceCode', 'DeviceAuth', 'Device')] [switch] $UseDeviceCode
    )

    if ($Break) {
        $failure = [NotSupportedException]::new('-Break belongs to the HTTP stack of Microsoft.Graph, which MgPresence does not use. Attach a debugger to the process, or see the requests with -Debug.')
        $PSCmdlet.ThrowTerminatingError([Management.Automation.ErrorRecord]::new($failure, 'NotSupported', 'NotImplemented', 'Break'))
    }
    if ($PSCmdlet.ParameterSetName -eq 'Other') {
        $failure = [NotSupportedException]::new('MgPresence.DropIn signs in with -AccessToken only. Get a token in another way, or use Microsoft.Graph.Authentication, whose session MgPresence also uses.')
        $PSCmdlet.ThrowTerminatingError([Management.Automation.ErrorRecord]::new($failure, 'SignInNotSupported', 'NotImplemented', $null))
    }

    $connection = @{ AccessToken = $AccessToken }
    if ($Environment) { $connection.Environment = $Environment }
    if ($env:MGPRESENCE_BASE_URI) { $connection.BaseUri = $env:MGPRESENCE_BASE_URI }
    $request = $script:request.Clone()
    if ($ClientTimeout) { $request.TimeoutSec = $ClientTimeout }
    Connect-Session $connection $request
}

<#
.SYNOPSIS
    Ends the session and returns its context.
.EXAMPLE
    Disconnect-MgGraph
#>
function Disconnect-MgGraph {
    [CmdletBinding()]
    [Alias('Disconnect-Graph')]
    param()

    $context = Get-MgContext
    $null = Disconnect-MgPresence
    $script:connection = $null
    $context
}

<#
.SYNOPSIS
    Returns the session in the form of Microsoft's command, or nothing if there is no session.
.EXAMPLE
    if (-not (Get-MgContext)) { Connect-MgGraph -AccessToken $token }
#>
function Get-MgContext {
    [CmdletBinding()]
    param()

    $context = Get-MgPresenceContext
    if (-not $context) { return }
    [pscustomobject]@{
        PSTypeName = 'MgPresence.DropIn.AuthContext'
        AuthType = $context.AuthType
        TokenCredentialType = $context.AuthType
        Environment = $context.Environment
        ContextScope = 'Process'
        ClientId = $context.ClientId
        TenantId = $context.TenantId
        Account = $context.Account
        AppName = $null
        Scopes = $context.Scopes
        Certificate = $null
        CertificateThumbprint = $null
        CertificateSubjectName = $null
        SendCertificateChain = $false
        ClientSecret = $null
        ManagedIdentityId = $null
        PSHostVersion = $Host.Version
    }
}

<#
.SYNOPSIS
    Sets how long requests may take and how often they are retried.
.PARAMETER ClientTimeout
    The longest wait for an answer in seconds, retries included.
.PARAMETER MaxRetry
    The largest number of retries of a request.
.PARAMETER RetryDelay
    Accepted and ignored: MgPresence waits as long as Graph asks for.
.PARAMETER RetriesTimeLimit
    Accepted and ignored: -ClientTimeout limits the time of all attempts together.
.EXAMPLE
    Set-MgRequestContext -ClientTimeout 60 -MaxRetry 5
#>
function Set-MgRequestContext {
    [CmdletBinding(SupportsShouldProcess)]
    param(
        [ValidateRange(0, 86400)] [double] $ClientTimeout,
        [ValidateRange(0, 10)] [int] $MaxRetry,
        [ValidateRange(0, 180)] [int] $RetryDelay,
        [int] $RetriesTimeLimit
    )

    if (-not $PSCmdlet.ShouldProcess('MgPresence', 'Set-MgRequestContext')) { return }
    if ($PSBoundParameters.ContainsKey('ClientTimeout')) { $script:request.TimeoutSec = $ClientTimeout }
    if ($PSBoundParameters.ContainsKey('MaxRetry')) { $script:request.MaxAttempts = $MaxRetry + 1 }
    $context = Get-MgPresenceContext
    if ($context -and $context.ConnectedAt -eq $script:connectedAt) { Connect-Session $script:connection $script:request }
    else { $script:connection = $null } # a session that was ended or replaced in another way stays so
    [pscustomobject]@{
        PSTypeName = 'MgPresence.DropIn.RequestContext'
        ClientTimeout = $script:request['TimeoutSec']
        MaxRetry = if ($script:request['MaxAttempts']) { $script:request['MaxAttempts'] - 1 }
        RetryDelay = $RetryDelay
        RetriesTimeLimit = $RetriesTimeLimit
    }
}

Export-ModuleMember -Function Connect-MgGraph, Disconnect-MgGraph, Get-MgContext, Set-MgRequestContext -Alias Connect-Graph, Disconnect-Graph
