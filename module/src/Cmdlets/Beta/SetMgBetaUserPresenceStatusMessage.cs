using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Set-MgBetaUserPresenceStatusMessage: Set-MgUserPresenceStatusMessage on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Set, "MgBetaUserPresenceStatusMessage", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class SetMgBetaUserPresenceStatusMessage : SetMgUserPresenceStatusMessage
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
