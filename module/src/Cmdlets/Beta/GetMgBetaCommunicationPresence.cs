using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Get-MgBetaCommunicationPresence: Get-MgCommunicationPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Get, "MgBetaCommunicationPresence", DefaultParameterSetName = Sets.List)]
[OutputType(typeof(Presence))]
public sealed class GetMgBetaCommunicationPresence : GetMgCommunicationPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
