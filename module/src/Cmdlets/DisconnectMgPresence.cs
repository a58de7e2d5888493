using System;
using System.Management.Automation;
using MgPresence.SignIn;

namespace MgPresence.Cmdlets;

/// <summary>Disconnect-MgPresence: ends a session and deletes its token. Like Disconnect-MgGraph, it returns the session's last context.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "MgPresence")]
[OutputType(typeof(PresenceContext))]
public sealed class DisconnectMgPresence : PSCmdlet
{
    /// <summary>The session to end: what Connect-MgPresence -PassThru returned. The default is the session that was connected last.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PresenceContext? Context { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var session = Session.Of(Context);
        if (session is not null && End(session))
        {
            WriteObject(session.Context);
            return;
        }
        WriteError(new ErrorRecord(
            new InvalidOperationException("No application to sign out from."), "NotConnected", ErrorCategory.CloseError, null));
    }

    private bool End(Session session)
    {
        try
        {
            return session.End();
        }
        catch (NoKeeperException reason)
        {
            WriteWarning($"The sign-in that is kept for later processes was not deleted. {reason.Message}");
            return true; // the session itself has ended
        }
    }
}
