using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Clear-MgBetaUserPresenceAutomaticLocation: Clear-MgUserPresenceAutomaticLocation on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Clear, "MgBetaUserPresenceAutomaticLocation", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class ClearMgBetaUserPresenceAutomaticLocation : ClearMgUserPresenceAutomaticLocation
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
