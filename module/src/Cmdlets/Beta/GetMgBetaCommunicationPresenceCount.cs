using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Get-MgBetaCommunicationPresenceCount: Get-MgCommunicationPresenceCount on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Get, "MgBetaCommunicationPresenceCount", DefaultParameterSetName = Sets.Get)]
[OutputType(typeof(int))]
public sealed class GetMgBetaCommunicationPresenceCount : GetMgCommunicationPresenceCount
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
