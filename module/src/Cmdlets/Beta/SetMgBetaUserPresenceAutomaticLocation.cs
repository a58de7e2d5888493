using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Set-MgBetaUserPresenceAutomaticLocation: Set-MgUserPresenceAutomaticLocation on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Set, "MgBetaUserPresenceAutomaticLocation", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class SetMgBetaUserPresenceAutomaticLocation : SetMgUserPresenceAutomaticLocation
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
