using System;
using System.Management.Automation;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using MgPresence.Interop;
using MgPresence.SignIn;

namespace MgPresence.Cmdlets;

/// <summary>Connect-MgPresence: signs in and makes the session that the other cmdlets use. With a token, nothing is sent.</summary>
[Cmdlet(VerbsCommunications.Connect, "MgPresence", DefaultParameterSetName = SignInSets.User)]
[OutputType(typeof(PresenceContext))]
public sealed class ConnectMgPresence : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource stop = new();

    /// <summary>The delegated permissions to ask for, such as Presence.ReadWrite.All. The default is Presence.ReadWrite.</summary>
    [Parameter(ParameterSetName = SignInSets.User)]
    public string[]? Scopes { get; set; }

    /// <summary>The tenant, by id or by domain. A user's sign-in without it accepts every work or school account.</summary>
    [Parameter(ParameterSetName = SignInSets.User)]
    [Parameter(ParameterSetName = SignInSets.AppCertificate)]
    [Parameter(ParameterSetName = SignInSets.AppSecretCredential)]
    [Parameter(ParameterSetName = SignInSets.FederatedToken)]
    [Parameter(ParameterSetName = SignInSets.FederatedTokenFile)]
    [Parameter(ParameterSetName = SignInSets.GitHubActions)]
    [Alias("Audience", "Tenant")]
    public string? TenantId { get; set; }

    /// <summary>The client id of the application. The default for users is the application of Microsoft Graph PowerShell. With -Identity, the client id of a user-assigned managed identity.</summary>
    [Parameter(ParameterSetName = SignInSets.User)]
    [Parameter(ParameterSetName = SignInSets.AppCertificate, Mandatory = true)]
    [Parameter(ParameterSetName = SignInSets.Identity)]
    [Parameter(ParameterSetName = SignInSets.FederatedToken, Mandatory = true)]
    [Parameter(ParameterSetName = SignInSets.FederatedTokenFile, Mandatory = true)]
    [Parameter(ParameterSetName = SignInSets.GitHubActions, Mandatory = true)]
    [Alias("AppId", "ApplicationId")]
    public string? ClientId { get; set; }

    /// <summary>Signs in with a code that is entered in a browser on any device, instead of a browser on this machine.</summary>
    [Parameter(ParameterSetName = SignInSets.User)]
    [Alias("UseDeviceAuthentication", "DeviceCode", "DeviceAuth", "Device")]
    public SwitchParameter UseDeviceCode { get; set; }

    /// <summary>The user principal name to suggest in the browser. With -ContextScope CurrentUser, a kept sign-in of another user is not used, and the new one replaces it.</summary>
    [Parameter(ParameterSetName = SignInSets.User)]
    public string? LoginHint { get; set; }

    /// <summary>A certificate with a private key. The key may be one that cannot be exported.</summary>
    [Parameter(ParameterSetName = SignInSets.AppCertificate)]
    [SecretTransformation(typeof(X509Certificate2), "Get-PfxCertificate")]
    public X509Certificate2? Certificate { get; set; }

    /// <summary>The thumbprint of a certificate in Cert:\CurrentUser\My or Cert:\LocalMachine\My.</summary>
    [Parameter(ParameterSetName = SignInSets.AppCertificate)]
    public string? CertificateThumbprint { get; set; }

    /// <summary>The subject of a certificate in Cert:\CurrentUser\My or Cert:\LocalMachine\My: the distinguished name or the common name in it. If there are several, the one that is valid for longest is used.</summary>
    [Parameter(ParameterSetName = SignInSets.AppCertificate)]
    [Alias("CertificateSubject", "CertificateName")]
    public string? CertificateSubjectName { get; set; }

    /// <summary>A file with a certificate and its private key: PFX (PKCS #12) or PEM.</summary>
    [Parameter(ParameterSetName = SignInSets.AppCertificate)]
    public string? CertificatePath { get; set; }

    /// <summary>The password of the file that -CertificatePath names.</summary>
    [Parameter(ParameterSetName = SignInSets.AppCertificate)]
    [SecretTransformation(typeof(SecureString), "Read-Host -AsSecureString")]
    public SecureString? CertificatePassword { get; set; }

    /// <summary>Sends the public certificate along, for applications that trust a subject name and an issuer. Give $true or $false.</summary>
    [Parameter(ParameterSetName = SignInSets.AppCertificate)]
    [Alias("SendX5C")]
    public bool SendCertificateChain { get; set; }

    /// <summary>The client id of an application as the user name, and its client secret as the password.</summary>
    [Parameter(ParameterSetName = SignInSets.AppSecretCredential, Mandatory = true)]
    [Alias("SecretCredential", "Credential")]
    [SecretTransformation(typeof(PSCredential), "Get-Credential")]
    public PSCredential? ClientSecretCredential { get; set; }

    /// <summary>Signs in as the managed identity of this machine, App Service, Function, Container App or Arc server.</summary>
    [Parameter(ParameterSetName = SignInSets.Identity, Mandatory = true)]
    [Alias("ManagedIdentity", "ManagedServiceIdentity", "MSI")]
    public SwitchParameter Identity { get; set; }

    /// <summary>Signs in with the variables AZURE_TENANT_ID, AZURE_CLIENT_ID and one of AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH and AZURE_FEDERATED_TOKEN_FILE.</summary>
    [Parameter(ParameterSetName = SignInSets.EnvironmentVariable, Mandatory = true)]
    public SwitchParameter EnvironmentVariable { get; set; }

    /// <summary>A token of another identity provider that the application trusts (workload identity federation): a SecureString, text, or a script block that returns one whenever a new token is needed.</summary>
    [Parameter(ParameterSetName = SignInSets.FederatedToken, Mandatory = true)]
    [Alias("ClientAssertion")]
    [FederatedTokenTransformation]
    public object? FederatedToken { get; set; }

    /// <summary>A file with a token of another identity provider, as Kubernetes writes it. It is read again whenever a new token is needed.</summary>
    [Parameter(ParameterSetName = SignInSets.FederatedTokenFile, Mandatory = true)]
    public string? FederatedTokenFile { get; set; }

    /// <summary>Signs in with the token of the GitHub Actions job. The job needs the permission id-token: write.</summary>
    [Parameter(ParameterSetName = SignInSets.GitHubActions, Mandatory = true)]
    public SwitchParameter GitHubActions { get; set; }

    /// <summary>A bearer token for Microsoft Graph, as a SecureString. Text is accepted, but it stays in the history of the shell and in transcripts.</summary>
    [Parameter(ParameterSetName = SignInSets.AccessToken, Mandatory = true, Position = 0)]
    [AccessTokenTransformation]
    public SecureString? AccessToken { get; set; }

    /// <summary>Process: the sign-in ends with this process. CurrentUser: a user's sign-in is kept in the system's keeper of secrets (DPAPI, Keychain, Secret Service), and later processes use it. The default is Process.</summary>
    [Parameter(ParameterSetName = SignInSets.User)]
    [Parameter(ParameterSetName = SignInSets.AppCertificate)]
    [Parameter(ParameterSetName = SignInSets.AppSecretCredential)]
    [Parameter(ParameterSetName = SignInSets.Identity)]
    [Parameter(ParameterSetName = SignInSets.EnvironmentVariable)]
    [Parameter(ParameterSetName = SignInSets.FederatedToken)]
    [Parameter(ParameterSetName = SignInSets.FederatedTokenFile)]
    [Parameter(ParameterSetName = SignInSets.GitHubActions)]
    public ContextScope ContextScope { get; set; }

    /// <summary>The name of the cloud: Global, USGov, USGovDoD or BleuCloud. China and DelosCloud do not offer presence. Also the endpoints of another one: an object or a hashtable with Name, GraphEndpoint and AzureADEndpoint, or what Start-MgPresenceEmulator returns.</summary>
    [Parameter]
    [Alias("EnvironmentName", "NationalCloud")]
    [ArgumentCompleter(typeof(CloudCompleter))]
    [EnvironmentTransformation]
    [ValidateNotNull]
    public PresenceEnvironment? Environment { get; set; }

    /// <summary>The scheme, host and port of Graph to use instead of the cloud's address: https, or http on this machine, where sign-in goes there too.</summary>
    [Parameter]
    [ValidateNotNull] // the cloud would be another service
    public Uri? BaseUri { get; set; }

    /// <summary>The URL of a proxy to use instead of the system's proxy. Use '' for a direct connection.</summary>
    [Parameter]
    [AllowEmptyString]
    [ValidateNotNull]
    public string? Proxy { get; set; }

    /// <summary>A PEM file with certificates to trust in addition to the system's certificates.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CaFile { get; set; }

    /// <summary>The longest wait for an answer in seconds, retries included. The default is the library's timeout.</summary>
    [Parameter]
    [Alias("ClientTimeout")]
    [ValidateRange(0.0, 86400.0)]
    public double TimeoutSec { get; set; }

    /// <summary>The largest number of times that a request is sent. Use 1 to turn retries off.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaxAttempts { get; set; }

    /// <summary>How many requests the application may send to the tenant within 30 seconds, if you know the limit. Pipelines with many inputs then use it from the start. With 0, the module sets no limit: Graph then refuses what is too much, and inputs that it keeps refusing end in errors with status 429. The default begins carefully and finds the limit. A value applies to the application and tenant until PowerShell ends or another value is given. Single requests, such as the first input of a pipeline, never wait for it.</summary>
    [Parameter]
    [ValidateRange(0, 1000000)]
    public int RequestsPer30Seconds { get; set; }

    /// <summary>Accepted so that existing scripts run. The cmdlet never shows a welcome message.</summary>
    [Parameter]
    public SwitchParameter NoWelcome { get; set; }

    /// <summary>Returns the context of the session. Give it to a cmdlet with -Context, to work with several tenants at the same time.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // PowerShell would report each input, and the default set would then ask a person to sign in.
        if (MyInvocation.ExpectingInput)
            ThrowTerminatingError(new ErrorRecord(new ArgumentException("Connect-MgPresence takes no input. Give a token with -AccessToken."), "Input", ErrorCategory.InvalidArgument, null));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            var session = ParameterSetName == SignInSets.AccessToken ? WithToken() : WithSignIn();
            session.MakeCurrent();
            if (PassThru) WriteObject(session.Context);
        }
        catch (ArgumentException failure)
        {
            ThrowTerminatingError(new ErrorRecord(failure, "Option", ErrorCategory.InvalidArgument, null)); // the library's name for it
        }
        catch (PresenceException failure)
        {
            ThrowTerminatingError(ErrorRecords.ForSignIn(failure, ParameterSetName));
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => stop.Cancel();

    /// <inheritdoc/>
    public void Dispose() => stop.Dispose();

    private Endpoints Endpoints => new(Environment, BaseUri);

    private Session WithToken() =>
        new(ClientOptions(PresenceCredential.FromToken(AccessToken!)), Located(new PresenceContext("UserProvidedAccessToken", "UserProvidedAccessToken")), Limits());

    private Session WithSignIn()
    {
        var host = new HostCalls();
        var plan = new SignInPlan(this, host);
        var credential = new SignInRun(this, plan, host, stop.Token).SignIn(Endpoints, Proxy, CertificatesToTrust(), out var kept);
        return new Session(ClientOptions(credential), Located(plan.Context), Limits(), host, kept);
    }

    private PresenceContext Located(PresenceContext context)
    {
        (context.Environment, context.BaseUri) = (Endpoints.Name, Endpoints.Graph);
        return context;
    }

    private PresenceClientOptions ClientOptions(PresenceCredential? credential)
    {
        var options = new PresenceClientOptions { Credential = credential, ProxyUrl = Proxy, CaFile = CertificatesToTrust() };
        Endpoints.ApplyTo(options);
        if (MyInvocation.BoundParameters.ContainsKey(nameof(RequestsPer30Seconds))) options.RequestsPer30Seconds = (uint)RequestsPer30Seconds;
        return options;
    }

    // 0 is the library's default, as without the parameter.
    private PresenceRequestContext Limits()
    {
        var limits = PresenceRequestContext.OfProcess.Copy();
        if (TimeoutSec > 0) limits.ClientTimeout = TimeoutSec;
        if (MaxAttempts > 0) limits.MaxRetry = MaxAttempts - 1;
        return limits;
    }

    private string? CertificatesToTrust()
    {
        if (CaFile is null) return null;
        var path = FilePath.Of(this, CaFile);
        CertificateFile.Check(path);
        return path;
    }
}
