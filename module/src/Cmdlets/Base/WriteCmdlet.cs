// Cmdlets that change something: writes for one user go one after the other, so that the last one wins.
// Those without a body declare no parameter for one.

using System.Management.Automation;

namespace MgPresence.Cmdlets;

/// <summary>A cmdlet that changes a presence.</summary>
public abstract class WriteCmdlet : BodyCmdlet
{
    private protected sealed override bool IsWrite => true;
}

/// <summary>A write that Graph answers with a status alone.</summary>
public abstract class ActionCmdlet : WriteCmdlet
{
    /// <summary>Returns $true for each user for whom the request succeeded. Without it, there is no output.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void WriteResult(Call call)
    {
        if (PassThru) WriteObject(true);
    }
}
