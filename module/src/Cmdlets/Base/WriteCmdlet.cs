// Cmdlets that change something. Writes for one user are sent one after the other, so that the last one wins.
// Cmdlets without a body do not declare a parameter for one.

using System.Management.Automation;

namespace MgPresence.Cmdlets;

/// <summary>A cmdlet that changes a presence.</summary>
public abstract class WriteCmdlet : BodyCmdlet
{
    /// <summary>A file that remembers which inputs succeeded. If the pipeline ends early, even with the process, run the same command again with the same file: it sends only the inputs that are not in the file. An input is known by its operation, user and body, and by the service, the tenant and who signed in. Delete the file to send everything again.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ResumeFile { get; set; }

    private protected sealed override bool IsWrite => true;

    private protected sealed override string? ResumePath => ResumeFile;
}

/// <summary>A write whose response has no body.</summary>
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
