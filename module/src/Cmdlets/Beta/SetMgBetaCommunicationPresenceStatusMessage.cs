using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Set-MgBetaCommunicationPresenceStatusMessage: Set-MgCommunicationPresenceStatusMessage on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Set, "MgBetaCommunicationPresenceStatusMessage", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class SetMgBetaCommunicationPresenceStatusMessage : SetMgCommunicationPresenceStatusMessage
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
