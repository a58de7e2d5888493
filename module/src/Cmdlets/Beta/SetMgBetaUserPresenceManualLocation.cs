using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Set-MgBetaUserPresenceManualLocation: Set-MgUserPresenceManualLocation on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Set, "MgBetaUserPresenceManualLocation", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class SetMgBetaUserPresenceManualLocation : SetMgUserPresenceManualLocation
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
