using System.Management.Automation;

namespace MgPresence.Cmdlets;

/// <summary>Stop-MgPresenceEmulator: stops the given emulators, or all that this PowerShell process started.</summary>
[Cmdlet(VerbsLifecycle.Stop, "MgPresenceEmulator", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class StopMgPresenceEmulator : PSCmdlet
{
    /// <summary>The emulators to stop, as Start-MgPresenceEmulator returned them.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public EmulatorProcess[]? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var emulator in InputObject ?? EmulatorProcess.All)
            if (ShouldProcess(emulator.ToString(), MyInvocation.MyCommand.Name)) emulator.Stop();
    }
}
