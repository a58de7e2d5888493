<#
    The session commands of Microsoft.Graph.Authentication, for scripts that call them before a presence cmdlet and run where Microsoft's
    modules are not installed. They are in a separate module, so that MgPresence never takes these names.
#>
Set-StrictMode -Version Latest

if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    throw "MgPresence.DropIn cannot run in $($ExecutionContext.SessionState.LanguageMode) mode. Sign it with a certificate that the policy of this machine trusts, or use Connect-MgPresence."
}

# The environments of Add-MgEnvironment, by name.
$script:environments = @{}

$script:builtIn = @(
    @{ Name = 'Global'; AzureADEndpoint = 'https://login.microsoftonline.com'; GraphEndpoint = 'https://graph.microsoft.com' }
    @{ Name = 'USGov'; AzureADEndpoint = 'https://login.microsoftonline.us'; GraphEndpoint = 'https://graph.microsoft.us' }
    @{ Name = 'USGovDoD'; AzureADEndpoint = 'https://login.microsoftonline.us'; GraphEndpoint = 'https://dod-graph.microsoft.us' }
    @{ Name = 'BleuCloud'; AzureADEndpoint = 'https://login.sovcloud-identity.fr'; GraphEndpoint = 'https://graph.svc.sovcloud.fr' }
)

# A script's preferences hold for its functions, and for compiled commands, but not for functions of a module. Each command dot-sources this.
$script:useCallersPreferences = {
    foreach ($common in 'ErrorAction', 'Warning', 'Information', 'Verbose', 'Debug', 'WhatIf', 'Confirm') {
        if ($PSCmdlet.MyInvocation.BoundParameters.ContainsKey($common)) { continue }
        $preference = $PSCmdlet.SessionState.PSVariable.GetValue("${common}Preference")
        if ($null -ne $preference) { Set-Variable "${common}Preference" $preference -WhatIf:$false -Confirm:$false }
    }
}

function ConvertTo-Environment([hashtable] $Of, [string] $Type) {
    [pscustomobject]@{
        PSTypeName = 'MgPresence.DropIn.Environment'
        Name = $Of.Name
        AzureADEndpoint = $Of.AzureADEndpoint
        GraphEndpoint = $Of.GraphEndpoint
        Type = $Type
    }
}

function ConvertTo-ErrorRecord([Exception] $Failure, [string] $Id, [Management.Automation.ErrorCategory] $Category, $Target) {
    [Management.Automation.ErrorRecord]::new($Failure, $Id, $Category, $Target)
}

<#
.SYNOPSIS
    Connects MgPresence to Microsoft Graph, with the parameters of Microsoft's command.
.DESCRIPTION
    Passes the parameters to Connect-MgPresence, which signs in: see Get-Help Connect-MgPresence. To try a script unchanged, set the
    environment variable MGPRESENCE_BASE_URI to the address of an emulator, where sign-in goes too.
.PARAMETER Scopes
    The delegated permissions to ask for. The default is User.Read, which Graph extends to all permissions that were consented before.
.PARAMETER TenantId
    The tenant, by id or by domain.
.PARAMETER ClientId
    The client id of the application, or of a user-assigned managed identity.
.PARAMETER UseDeviceCode
    Signs in with a code that is entered in a browser on any device.
.PARAMETER LoginHint
    The user principal name to suggest in the browser.
.PARAMETER Certificate
    A certificate with a private key.
.PARAMETER CertificateThumbprint
    The thumbprint of a certificate in the current user's store or the machine's.
.PARAMETER CertificateSubjectName
    The subject of a certificate in the current user's store or the machine's.
.PARAMETER SendCertificateChain
    Sends the public certificate along. Give $true or $false.
.PARAMETER ClientSecretCredential
    The client id as the user name, and the client secret as the password.
.PARAMETER Identity
    Signs in as the managed identity of this machine or service.
.PARAMETER EnvironmentVariable
    Signs in with the AZURE_ environment variables.
.PARAMETER AccessToken
    A bearer token for Microsoft Graph.
.PARAMETER ContextScope
    Process or CurrentUser. The default is Process.
.PARAMETER Environment
    The name of the cloud, or of an environment of Add-MgEnvironment.
.PARAMETER ClientTimeout
    The longest wait for an answer in seconds, retries included.
.PARAMETER NoWelcome
    Accepted. The command never shows a welcome message.
.PARAMETER Break
    Refused: MgPresence does not use the .NET HTTP stack that this parameter breaks into.
.EXAMPLE
    Connect-MgGraph -ClientId $clientId -TenantId $tenantId -CertificateThumbprint $thumbprint -NoWelcome
.EXAMPLE
    Connect-MgGraph -Identity
#>
function Connect-MgGraph {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '', Justification = 'Passed on as they were bound.')]
    [CmdletBinding(DefaultParameterSetName = 'UserParameterSet')]
    [Alias('Connect-Graph')]
    [OutputType([void])]
    param(
        [Parameter(ParameterSetName = 'UserParameterSet', Position = 1)] [string[]] $Scopes,
        [Parameter(ParameterSetName = 'UserParameterSet', Position = 4)]
        [Parameter(ParameterSetName = 'AppCertificateParameterSet')]
        [Parameter(ParameterSetName = 'AppSecretCredentialParameterSet')]
        [Parameter(ParameterSetName = 'AccessTokenParameterSet')]
        [Alias('Audience', 'Tenant')] [string] $TenantId,
        [Parameter(ParameterSetName = 'UserParameterSet')]
        [Parameter(ParameterSetName = 'AppCertificateParameterSet', Mandatory, Position = 1)]
        [Parameter(ParameterSetName = 'IdentityParameterSet')]
        [Alias('AppId', 'ApplicationId')] [string] $ClientId,
        [Parameter(ParameterSetName = 'UserParameterSet')] [Alias('UseDeviceAuthentication', 'DeviceCode', 'DeviceAuth', 'Device')] [switch] $UseDeviceCode,
        [Parameter(ParameterSetName = 'UserParameterSet')] [string] $LoginHint,
        [Parameter(ParameterSetName = 'AppCertificateParameterSet', Position = 2)] [Alias('CertificateSubject', 'CertificateName')] [string] $CertificateSubjectName,
        [Parameter(ParameterSetName = 'AppCertificateParameterSet', Position = 3)] [string] $CertificateThumbprint,
        [Parameter(ParameterSetName = 'AppCertificateParameterSet')] [MgPresence.SecretTransformation([Security.Cryptography.X509Certificates.X509Certificate2], 'Get-PfxCertificate')] [Security.Cryptography.X509Certificates.X509Certificate2] $Certificate,
        [Parameter(ParameterSetName = 'AppCertificateParameterSet')] [Alias('SendX5C')] [bool] $SendCertificateChain,
        [Parameter(ParameterSetName = 'AppSecretCredentialParameterSet', Mandatory)] [Alias('SecretCredential', 'Credential')] [MgPresence.SecretTransformation([pscredential], 'Get-Credential')] [pscredential] $ClientSecretCredential,
        [Parameter(ParameterSetName = 'IdentityParameterSet', Mandatory)] [Alias('ManagedIdentity', 'ManagedServiceIdentity', 'MSI')] [switch] $Identity,
        [Parameter(ParameterSetName = 'EnvironmentVariableParameterSet', Mandatory)] [switch] $EnvironmentVariable,
        [Parameter(ParameterSetName = 'AccessTokenParameterSet', Mandatory, Position = 1)] [MgPresence.AccessTokenTransformation()] [securestring] $AccessToken,
        [MgPresence.ContextScope] $ContextScope,
        [Alias('EnvironmentName', 'NationalCloud')] [ArgumentCompleter([MgPresence.CloudCompleter])] [ValidateNotNullOrEmpty()] [string] $Environment,
        [ValidateRange(0, 86400)] [double] $ClientTimeout,
        [switch] $NoWelcome,
        [Parameter(DontShow)] [switch] $Break
    )

    . $script:useCallersPreferences
    if ($Break) {
        $PSCmdlet.ThrowTerminatingError((ConvertTo-ErrorRecord -Failure ([NotSupportedException]::new('-Break belongs to the HTTP stack of Microsoft.Graph, which MgPresence does not use. Attach a debugger to the process, or see the requests with -Debug.')) -Id NotSupported -Category NotImplemented -Target Break))
    }

    $given = @{} + $PSBoundParameters
    $given.Remove('Break')
    if ($PSCmdlet.ParameterSetName -eq 'AccessTokenParameterSet') { 'TenantId', 'ContextScope' | ForEach-Object { $given.Remove($_) } } # the token determines them
    if ($PSCmdlet.ParameterSetName -eq 'UserParameterSet' -and -not $Scopes) { $given.Scopes = 'User.Read' }
    if ($Environment -and $script:environments.ContainsKey($Environment)) { $given.Environment = $script:environments[$Environment] }
    elseif ($env:MGPRESENCE_BASE_URI) {
        $given.Environment = @{ Name = 'Emulator'; GraphEndpoint = $env:MGPRESENCE_BASE_URI; AzureADEndpoint = $env:MGPRESENCE_BASE_URI }
    }
    try { Connect-MgPresence @given }
    catch { $PSCmdlet.ThrowTerminatingError($_) }
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

    . $script:useCallersPreferences
    $context = Get-MgContext
    try { $null = Disconnect-MgPresence -ErrorAction Stop }
    catch { $PSCmdlet.WriteError($_) } # so that $? says it
    $context
}

<#
.SYNOPSIS
    Returns the session in the form of Microsoft's command, or nothing if there is no session.
.EXAMPLE
    if (-not (Get-MgContext)) { Connect-MgGraph -Identity }
#>
function Get-MgContext {
    [CmdletBinding()]
    param()

    $context = Get-MgPresenceContext
    if (-not $context) { return }
    [pscustomobject]@{
        PSTypeName = 'MgPresence.DropIn.AuthContext'
        AuthType = $context.AuthType
        TokenCredentialType = $context.TokenCredentialType
        Environment = $context.Environment
        ContextScope = $context.ContextScope
        ClientId = $context.ClientId
        TenantId = $context.TenantId
        Account = $context.Account
        AppName = $null
        Scopes = $context.Scopes
        Certificate = $null
        CertificateThumbprint = $context.CertificateThumbprint
        CertificateSubjectName = $context.CertificateSubjectName
        SendCertificateChain = $context.SendCertificateChain
        ClientSecret = $null
        ManagedIdentityId = $context.ManagedIdentityId
        PSHostVersion = $Host.Version
    }
}

<#
.SYNOPSIS
    Returns how long requests may take and how often they are retried.
.EXAMPLE
    Get-MgRequestContext
#>
function Get-MgRequestContext {
    [CmdletBinding()]
    param()

    Get-MgPresenceRequestContext
}

<#
.SYNOPSIS
    Sets how long requests may take and how often they are retried, for the session and for later ones.
.PARAMETER ClientTimeout
    The longest wait for an answer in seconds, retries included.
.PARAMETER MaxRetry
    The largest number of retries of a request.
.PARAMETER RetryDelay
    The longest wait before the first retry in seconds, where Graph does not ask for another.
.PARAMETER RetriesTimeLimit
    The longest time in seconds that the waits of one request may take together.
.EXAMPLE
    Set-MgRequestContext -ClientTimeout 60 -MaxRetry 5
#>
function Set-MgRequestContext {
    [CmdletBinding(SupportsShouldProcess)]
    param(
        [ValidateRange(0, 86400)] [double] $ClientTimeout,
        [ValidateRange(0, 10)] [int] $MaxRetry,
        [ValidateRange(0, 180)] [int] $RetryDelay,
        [ValidateRange(0, 86400)] [int] $RetriesTimeLimit
    )

    . $script:useCallersPreferences
    if (-not $PSCmdlet.ShouldProcess('MgPresence', 'Set-MgRequestContext')) { return }
    $given = @{} + $PSBoundParameters
    'WhatIf', 'Confirm' | ForEach-Object { $given.Remove($_) }
    Set-MgPresenceRequestContext @given -Confirm:$false
}

<#
.SYNOPSIS
    Returns the clouds by name, and the environments of Add-MgEnvironment.
.PARAMETER Name
    The name of one environment. The default is all of them.
.EXAMPLE
    Get-MgEnvironment
#>
function Get-MgEnvironment {
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param([Parameter(Position = 1, ValueFromPipelineByPropertyName)] [string] $Name)

    begin { . $script:useCallersPreferences }
    process {
        $all = @($script:builtIn | ForEach-Object { ConvertTo-Environment $_ 'Built-in' }) +
            @($script:environments.Values | Sort-Object { $_.Name } | ForEach-Object { ConvertTo-Environment $_ 'User-defined' })
        $all | Where-Object { -not $Name -or $_.Name -eq $Name }
        if ($Name -and $all.Name -notcontains $Name) { $PSCmdlet.WriteError((Get-Missing $Name)) }
    }
}

<#
.SYNOPSIS
    Adds an environment for Connect-MgGraph -Environment, as long as the process lasts.
.PARAMETER Name
    The name of the environment.
.PARAMETER AzureADEndpoint
    The address of the sign-in service.
.PARAMETER GraphEndpoint
    The address of Microsoft Graph.
.EXAMPLE
    Add-MgEnvironment -Name Lab -AzureADEndpoint https://login.lab.example -GraphEndpoint https://graph.lab.example
#>
function Add-MgEnvironment {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 1, ValueFromPipelineByPropertyName)] [ValidateNotNullOrEmpty()] [string] $Name,
        [Parameter(Mandatory, Position = 2, ValueFromPipelineByPropertyName)] [ValidateNotNullOrEmpty()] [string] $AzureADEndpoint,
        [Parameter(Mandatory, Position = 3, ValueFromPipelineByPropertyName)] [ValidateNotNullOrEmpty()] [string] $GraphEndpoint
    )

    begin { . $script:useCallersPreferences }
    process {
        if (Test-BuiltIn $Name) { $PSCmdlet.ThrowTerminatingError((ConvertTo-ErrorRecord -Failure ([InvalidOperationException]::new("$Name is a built-in environment and cannot be changed. Choose another name.")) -Id BuiltInEnvironment -Category InvalidArgument -Target $Name)) }
        $script:environments[$Name] = @{ Name = $Name; AzureADEndpoint = $AzureADEndpoint; GraphEndpoint = $GraphEndpoint }
        ConvertTo-Environment $script:environments[$Name] 'User-defined'
    }
}

<#
.SYNOPSIS
    Changes an environment of Add-MgEnvironment.
.PARAMETER Name
    The name of the environment.
.PARAMETER AzureADEndpoint
    The address of the sign-in service. The default is the one that it has.
.PARAMETER GraphEndpoint
    The address of Microsoft Graph. The default is the one that it has.
.EXAMPLE
    Set-MgEnvironment -Name Lab -GraphEndpoint https://graph2.lab.example
#>
function Set-MgEnvironment {
    [CmdletBinding(SupportsShouldProcess)]
    param(
        [Parameter(Mandatory, Position = 1, ValueFromPipelineByPropertyName)] [ValidateNotNullOrEmpty()] [string] $Name,
        [Parameter(Position = 2, ValueFromPipelineByPropertyName)] [string] $AzureADEndpoint,
        [Parameter(Position = 3, ValueFromPipelineByPropertyName)] [string] $GraphEndpoint
    )

    begin { . $script:useCallersPreferences }
    process {
        $environment = Find-Environment $PSCmdlet $Name
        if (-not $PSCmdlet.ShouldProcess($Name, 'Set-MgEnvironment')) { return }
        if ($AzureADEndpoint) { $environment.AzureADEndpoint = $AzureADEndpoint }
        if ($GraphEndpoint) { $environment.GraphEndpoint = $GraphEndpoint }
        ConvertTo-Environment $environment 'User-defined'
    }
}

<#
.SYNOPSIS
    Removes an environment of Add-MgEnvironment.
.PARAMETER Name
    The name of the environment.
.PARAMETER PassThru
    Returns the environment that was removed.
.EXAMPLE
    Remove-MgEnvironment -Name Lab
#>
function Remove-MgEnvironment {
    [CmdletBinding(SupportsShouldProcess)]
    param(
        [Parameter(Mandatory, Position = 1, ValueFromPipelineByPropertyName)] [ValidateNotNullOrEmpty()] [string] $Name,
        [switch] $PassThru
    )

    begin { . $script:useCallersPreferences }
    process {
        $environment = Find-Environment $PSCmdlet $Name
        if (-not $PSCmdlet.ShouldProcess($Name, 'Remove-MgEnvironment')) { return }
        $script:environments.Remove($Name)
        if ($PassThru) { ConvertTo-Environment $environment 'User-defined' }
    }
}

function Get-Missing([string] $Name) {
    ConvertTo-ErrorRecord -Failure ([ArgumentException]::new("There is no environment $Name. Add it with Add-MgEnvironment.")) -Id NoEnvironment -Category ObjectNotFound -Target $Name
}

function Test-BuiltIn([string] $Name) { @($script:builtIn | Where-Object { $_.Name -eq $Name }).Count -gt 0 }

function Find-Environment([Management.Automation.PSCmdlet] $Caller, [string] $Name) {
    if (Test-BuiltIn $Name) { $Caller.ThrowTerminatingError((ConvertTo-ErrorRecord -Failure ([InvalidOperationException]::new("$Name is a built-in environment and cannot be changed. Choose another name.")) -Id BuiltInEnvironment -Category InvalidArgument -Target $Name)) }
    if (-not $script:environments.ContainsKey($Name)) { $Caller.ThrowTerminatingError((Get-Missing $Name)) }
    $script:environments[$Name]
}

Export-ModuleMember -Alias Connect-Graph, Disconnect-Graph -Function @(
    'Connect-MgGraph', 'Disconnect-MgGraph', 'Get-MgContext', 'Get-MgRequestContext', 'Set-MgRequestContext'
    'Get-MgEnvironment', 'Add-MgEnvironment', 'Set-MgEnvironment', 'Remove-MgEnvironment'
)
