using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Get-MgPresenceContext: the session, or nothing while there is no session.</summary>
[Cmdlet(VerbsCommon.Get, "MgPresenceContext")]
[OutputType(typeof(PresenceContext))]
public sealed class GetMgPresenceContext : PSCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Find()?.Context is not { } context) return;

        // A function takes precedence over a cmdlet. If Microsoft's module is loaded too, the names run its functions.
        WriteObject(context.For(InvokeCommand.GetCommand("Set-MgUserPresence", CommandTypes.All)?.ModuleName));
    }

    private Session? Find()
    {
        try
        {
            return Session.Current ?? MicrosoftSession.Find(this);
        }
        catch (RuntimeException failure) when (failure is not PipelineStoppedException)
        {
            WriteVerbose($"Connect-MgGraph did not return a token: {failure.ErrorRecord.Exception.Message}");
            return null;
        }
        catch (PresenceException failure)
        {
            WriteVerbose($"The session of Connect-MgGraph cannot be used: {failure.Message}");
            return null;
        }
    }
}
