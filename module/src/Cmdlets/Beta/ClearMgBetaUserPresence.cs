using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Clear-MgBetaUserPresence: Clear-MgUserPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Clear, "MgBetaUserPresence", DefaultParameterSetName = Sets.ClearExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class ClearMgBetaUserPresence : ClearMgUserPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
