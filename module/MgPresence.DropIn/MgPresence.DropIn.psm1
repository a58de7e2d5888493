<#
    The session commands of Microsoft.Graph.Authentication over MgPresence, for scripts that call them before a presence cmdlet and run
    where Microsoft's modules are not installed. A module of its own: MgPresence never takes these names.
#>
Set-StrictMode -Version Latest

# What the session was made of and when, so that Set-MgRequestContext can make it anew while it lasts.
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
    Takes the parameters of Microsoft's command. A token that the caller brings is the one sign-in that is offered here; the others are
    refused with a sentence. The variable MGPRESENCE_BASE_URI names an emulator in place of Graph, so that a script can be tried as it is.
.PARAMETER AccessToken
    A bearer token for Microsoft Graph.
.PARAMETER Environment
    The cloud by name.
.PARAMETER ClientTimeout
    Longest wait for an answer in seconds.
.PARAMETER NoWelcome
    Accepted; nothing is ever said.
.PARAMETER Scopes
    Refused: a sign-in that is not offered here.
.PARAMETER TenantId
    Accepted: the token has its tenant.
.PARAMETER ContextScope
    Accepted: the session is always the process's.
.PARAMETER ClientId
    Refused: a sign-in that is not offered here.
.PARAMETER Certificate
    Refused: a sign-in that is not offered here.
.PARAMETER CertificateThumbprint
    Refused: a sign-in that is not offered here.
.PARAMETER CertificateSubjectName
    Refused: a sign-in that is not offered here.
.PARAMETER SendCertificateChain
    Refused: a sign-in that is not offered here.
.PARAMETER ClientSecretCredential
    Refused: a sign-in that is not offered here.
.PARAMETER Identity
    Refused: a sign-in that is not offered here.
.PARAMETER EnvironmentVariable
    Refused: a sign-in that is not offered here.
.PARAMETER UseDeviceCode
    Refused: a sign-in that is not offered here.
.PARAMETER Break
    Refused: there is no .NET HTTP stack to break into.
.EXAMPLE
    Connect-MgGraph -AccessToken $token -NoWelcome
#>
function Connect-MgGraph {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '', Justification = 'bound as Microsoft has them; the set decides')]
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
        $failure = [NotSupportedException]::new('-Break belongs to the HTTP stack of Microsoft.Graph, which MgPresence does without; attach a debugger to the process, or see the requests with -Debug')
        $PSCmdlet.ThrowTerminatingError([Management.Automation.ErrorRecord]::new($failure, 'NotSupported', 'NotImplemented', 'Break'))
    }
    if ($PSCmdlet.ParameterSetName -eq 'Other') {
        $failure = [NotSupportedException]::new('MgPresence.DropIn signs in with -AccessToken only; get a token by other means, or use Microsoft.Graph.Authentication, whose session MgPresence takes over')
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
    Ends the session and gives the context that was.
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
    Gives the session in the form that scripts know from Microsoft's command, or nothing while nobody is connected.
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
    Sets how long requests may take and how often they are repeated.
.PARAMETER ClientTimeout
    Longest wait for an answer in seconds.
.PARAMETER MaxRetry
    How often a request is repeated at most.
.PARAMETER RetryDelay
    Accepted: MgPresence waits as long as Graph asks for.
.PARAMETER RetriesTimeLimit
    Accepted: the time that all attempts take is -ClientTimeout's.
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
    else { $script:connection = $null } # whoever disconnected or connected otherwise meant it
    [pscustomobject]@{
        PSTypeName = 'MgPresence.DropIn.RequestContext'
        ClientTimeout = $script:request['TimeoutSec']
        MaxRetry = if ($script:request['MaxAttempts']) { $script:request['MaxAttempts'] - 1 }
        RetryDelay = $RetryDelay
        RetriesTimeLimit = $RetriesTimeLimit
    }
}

Export-ModuleMember -Function Connect-MgGraph, Disconnect-MgGraph, Get-MgContext, Set-MgRequestContext -Alias Connect-Graph, Disconnect-Graph
