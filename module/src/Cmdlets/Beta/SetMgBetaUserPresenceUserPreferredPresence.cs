using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Set-MgBetaUserPresenceUserPreferredPresence: Set-MgUserPresenceUserPreferredPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Set, "MgBetaUserPresenceUserPreferredPresence", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class SetMgBetaUserPresenceUserPreferredPresence : SetMgUserPresenceUserPreferredPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
