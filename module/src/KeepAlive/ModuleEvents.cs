// Remove-Module: what a runspace has started ends with its module.

using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace MgPresence;

/// <summary>What happens when the module goes.</summary>
public sealed class ModuleEvents : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (Runspace.DefaultRunspace is { } runspace) KeepAlives.EndOf(runspace.InstanceId);
    }
}
