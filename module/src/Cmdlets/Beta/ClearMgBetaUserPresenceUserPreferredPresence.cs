using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Clear-MgBetaUserPresenceUserPreferredPresence: Clear-MgUserPresenceUserPreferredPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Clear, "MgBetaUserPresenceUserPreferredPresence", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class ClearMgBetaUserPresenceUserPreferredPresence : ClearMgUserPresenceUserPreferredPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
