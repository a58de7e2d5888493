using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Clear-MgBetaCommunicationPresenceLocation: Clear-MgCommunicationPresenceLocation on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Clear, "MgBetaCommunicationPresenceLocation", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class ClearMgBetaCommunicationPresenceLocation : ClearMgCommunicationPresenceLocation
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
