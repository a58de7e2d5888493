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
        if ((Session.Current ?? MicrosoftSession.Find(this))?.Context is not { } context) return;

        // Functions beat cmdlets: where Microsoft's module is loaded too, its functions have the names.
        WriteObject(context.For(InvokeCommand.GetCommand("Set-MgUserPresence", CommandTypes.All)?.ModuleName));
    }
}
