using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Clear-MgBetaUserPresenceLocation: Clear-MgUserPresenceLocation on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Clear, "MgBetaUserPresenceLocation", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class ClearMgBetaUserPresenceLocation : ClearMgUserPresenceLocation
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
