using System;
using System.Management.Automation;
using System.Security;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Connect-MgPresence: makes the session that the other cmdlets use. Nothing is sent.</summary>
[Cmdlet(VerbsCommunications.Connect, "MgPresence")]
[OutputType(typeof(PresenceContext))]
public sealed class ConnectMgPresence : PSCmdlet
{
    /// <summary>A bearer token for Microsoft Graph, as a SecureString. Text is accepted, but it stays in the history of the shell and in transcripts.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AccessTokenTransformation]
    public SecureString? AccessToken { get; set; }

    /// <summary>The name of the cloud: Global, USGov, USGovDoD or BleuCloud. China and DelosCloud do not offer presence.</summary>
    [Parameter]
    [Alias("EnvironmentName", "NationalCloud")]
    [ArgumentCompleter(typeof(CloudCompleter))]
    public string? Environment { get; set; }

    /// <summary>The scheme, host and port to use instead of the cloud's address: https, or http on this machine.</summary>
    [Parameter]
    public Uri? BaseUri { get; set; }

    /// <summary>The URL of a proxy to use instead of the system's proxy. Use '' for a direct connection.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Proxy { get; set; }

    /// <summary>A PEM file with certificates to trust in addition to the system's certificates.</summary>
    [Parameter]
    public string? CaFile { get; set; }

    /// <summary>The longest wait for an answer in seconds, retries included. The default is the library's timeout.</summary>
    [Parameter]
    [ValidateRange(0, 86400)]
    public double TimeoutSec { get; set; }

    /// <summary>The largest number of times that a request is sent. Use 1 to turn retries off.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaxAttempts { get; set; }

    /// <summary>How many requests the application may send to the tenant within 30 seconds, if you know the limit. Pipelines with many inputs then use it from the start. 0 sends them without a limit of the module's own. The default begins carefully and finds the limit. Single requests never wait for it.</summary>
    [Parameter]
    [ValidateRange(0, 1000000)]
    public int RequestsPer30Seconds { get; set; }

    /// <summary>Returns the context of the session. Give it to a cmdlet with -Context, to work with several tenants at the same time.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var caFile = CaFile is null ? null : GetUnresolvedProviderPathFromPSPath(CaFile);
        try
        {
            if (caFile is not null) CertificateFile.Check(caFile);
            var session = Session.Connect(
                new PresenceClientOptions
                {
                    Cloud = Environment,
                    ProxyUrl = Proxy,
                    CaFile = caFile,
                    Timeout = TimeSpan.FromMilliseconds(Math.Ceiling(TimeoutSec * 1000)), // 0 is the library's default, and little is not 0
                    MaxAttempts = MaxAttempts,
                    RequestsPer30Seconds = MyInvocation.BoundParameters.ContainsKey(nameof(RequestsPer30Seconds)) ? (uint)RequestsPer30Seconds : null,
                },
                AccessToken,
                BaseUri);
            if (PassThru) WriteObject(session.Context);
        }
        catch (ArgumentException failure)
        {
            ThrowTerminatingError(new ErrorRecord(failure, "Option", ErrorCategory.InvalidArgument, null)); // the library's name for it
        }
        catch (PresenceException failure)
        {
            ThrowTerminatingError(new ErrorRecord(failure, failure.StatusName, ErrorCategory.InvalidArgument, null)); // the cmdlet has the token
        }
    }
}
