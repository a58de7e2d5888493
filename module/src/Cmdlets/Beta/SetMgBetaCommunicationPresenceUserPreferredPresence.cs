using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Set-MgBetaCommunicationPresenceUserPreferredPresence: Set-MgCommunicationPresenceUserPreferredPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Set, "MgBetaCommunicationPresenceUserPreferredPresence", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class SetMgBetaCommunicationPresenceUserPreferredPresence : SetMgCommunicationPresenceUserPreferredPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
