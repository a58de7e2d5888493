using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Get-MgBetaCommunicationPresenceByUserId: Get-MgCommunicationPresenceByUserId on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Get, "MgBetaCommunicationPresenceByUserId", DefaultParameterSetName = Sets.GetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(Presence))]
public sealed class GetMgBetaCommunicationPresenceByUserId : GetMgCommunicationPresenceByUserId
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
