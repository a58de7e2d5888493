using System;
using System.Management.Automation;
using System.Security;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Connect-MgPresence: makes the session that the other cmdlets use. Nothing is sent.</summary>
[Cmdlet(VerbsCommunications.Connect, "MgPresence")]
[OutputType(typeof(void))]
public sealed class ConnectMgPresence : PSCmdlet
{
    /// <summary>A bearer token for Microsoft Graph, as a SecureString. Text is taken too; it stays in the history of the shell and in transcripts.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AccessTokenTransformation]
    public SecureString? AccessToken { get; set; }

    /// <summary>The cloud by name: Global, USGov, USGovDoD or BleuCloud. China and DelosCloud have no presence.</summary>
    [Parameter]
    [Alias("EnvironmentName", "NationalCloud")]
    [ArgumentCompleter(typeof(CloudCompleter))]
    public string? Environment { get; set; }

    /// <summary>An origin in place of the cloud's: https, or http on this machine.</summary>
    [Parameter]
    public Uri? BaseUri { get; set; }

    /// <summary>A proxy in place of the system's; '' for none.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Proxy { get; set; }

    /// <summary>A PEM file with certificates that are trusted beside the system's.</summary>
    [Parameter]
    public string? CaFile { get; set; }

    /// <summary>Longest wait for an answer in seconds, repeated attempts included; the library's own when left out.</summary>
    [Parameter]
    [ValidateRange(0, 86400)]
    public double TimeoutSec { get; set; }

    /// <summary>How often a request is sent at most; 1 sends it once.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaxAttempts { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var caFile = CaFile is null ? null : GetUnresolvedProviderPathFromPSPath(CaFile);
        try
        {
            if (caFile is not null) CertificateFile.Check(caFile);
            Session.Connect(
                new PresenceClientOptions
                {
                    Cloud = Environment,
                    ProxyUrl = Proxy,
                    CaFile = caFile,
                    Timeout = TimeSpan.FromMilliseconds(Math.Ceiling(TimeoutSec * 1000)), // 0 is the library's default, and little is not 0
                    MaxAttempts = MaxAttempts,
                },
                AccessToken,
                BaseUri);
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
