using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Set-MgBetaCommunicationPresenceManualLocation: Set-MgCommunicationPresenceManualLocation on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Set, "MgBetaCommunicationPresenceManualLocation", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class SetMgBetaCommunicationPresenceManualLocation : SetMgCommunicationPresenceManualLocation
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
