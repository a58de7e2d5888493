using System.Management.Automation;

namespace MgPresence.Cmdlets;

/// <summary>Get-MgPresenceContext: the session, or nothing while nobody is connected.</summary>
[Cmdlet(VerbsCommon.Get, "MgPresenceContext")]
[OutputType(typeof(PresenceContext))]
public sealed class GetMgPresenceContext : PSCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Session.Current is { } session) WriteObject(session.Context);
    }
}
