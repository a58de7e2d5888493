// Get- and Set-MgPresenceRequestContext, the equivalents of Get- and Set-MgRequestContext in Microsoft's module.

using System;
using System.Management.Automation;
using System.Security.Authentication;

namespace MgPresence.Cmdlets;

/// <summary>Get-MgPresenceRequestContext: the limits for sessions that are connected later.</summary>
[Cmdlet(VerbsCommon.Get, "MgPresenceRequestContext")]
[OutputType(typeof(PresenceRequestContext))]
public sealed class GetMgPresenceRequestContext : PSCmdlet
{
    /// <summary>The session to show the limits of: what Connect-MgPresence -PassThru returned. The default is what later sessions begin with.</summary>
    [Parameter]
    [ValidateNotNull]
    public PresenceContext? Context { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => WriteObject((Context?.Session.Limits ?? PresenceRequestContext.OfProcess).Copy());
}

/// <summary>Set-MgPresenceRequestContext: changes the limits of the default session and of later sessions, or of one given session.</summary>
[Cmdlet(VerbsCommon.Set, "MgPresenceRequestContext", SupportsShouldProcess = true)]
[OutputType(typeof(PresenceRequestContext))]
public sealed class SetMgPresenceRequestContext : PSCmdlet
{
    /// <summary>The longest wait for an answer in seconds, retries included. 0 is the library's default.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double ClientTimeout { get; set; }

    /// <summary>The largest number of times that a request is sent again. 0 turns retries off.</summary>
    [Parameter]
    [ValidateRange(0, 99)]
    public int MaxRetry { get; set; }

    /// <summary>The longest wait before the first retry in seconds, where Graph does not ask for another. It is doubled for each further retry. 0 is the default of the library.</summary>
    [Parameter]
    [ValidateRange(0.0, 180.0)]
    public double RetryDelay { get; set; }

    /// <summary>The longest time in seconds that the waits between the attempts of one request may take together. 0 is the library's default.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double RetriesTimeLimit { get; set; }

    /// <summary>The session whose limits change: what Connect-MgPresence -PassThru returned. The default is the session that was connected last, and those that are connected later.</summary>
    [Parameter]
    [ValidateNotNull]
    public PresenceContext? Context { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Context is { Session.HasEnded: true })
            ThrowTerminatingError(new ErrorRecord(new AuthenticationException(Session.Disconnected), "NoCredential", ErrorCategory.AuthenticationError, null));
        if (!ShouldProcess("MgPresence", MyInvocation.MyCommand.Name)) return;
        if (Context is null) PresenceRequestContext.OfProcess = Changed(PresenceRequestContext.OfProcess.Copy());
        foreach (var session in Context is null ? Session.WithLimitsOfProcess : [Context.Session]) session.Configure(Changed(session.Limits.Copy()));
        WriteObject((Session.Of(Context)?.Limits ?? PresenceRequestContext.OfProcess).Copy());
    }

    private PresenceRequestContext Changed(PresenceRequestContext limits)
    {
        if (IsGiven(nameof(ClientTimeout))) limits.ClientTimeout = OrDefault(ClientTimeout);
        if (IsGiven(nameof(MaxRetry))) limits.MaxRetry = MaxRetry;
        if (IsGiven(nameof(RetryDelay))) limits.RetryDelay = OrDefault(RetryDelay);
        if (IsGiven(nameof(RetriesTimeLimit))) limits.RetriesTimeLimit = OrDefault(RetriesTimeLimit);
        return limits;
    }

    private bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private static double? OrDefault(double seconds) => seconds > 0 ? seconds : null;
}
