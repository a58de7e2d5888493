// Handles Remove-Module: the presences that a runspace has started end with its module.

using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace MgPresence;

/// <summary>Runs when the module is removed.</summary>
public sealed class ModuleEvents : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (Runspace.DefaultRunspace is { } runspace) KeepAlives.EndOf(runspace.InstanceId);
    }
}
