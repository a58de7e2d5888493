using System;
using System.Management.Automation;

namespace MgPresence.Cmdlets;

/// <summary>Disconnect-MgPresence: forgets the session and its token. Gives the context that was, as Disconnect-MgGraph does.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "MgPresence")]
[OutputType(typeof(PresenceContext))]
public sealed class DisconnectMgPresence : PSCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Session.Replace(null) is { } session)
        {
            WriteObject(session.Context);
            return;
        }
        WriteError(new ErrorRecord(
            new InvalidOperationException("No application to sign out from."), "NotConnected", ErrorCategory.CloseError, null));
    }
}
