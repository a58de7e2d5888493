using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Clear-MgBetaCommunicationPresenceAutomaticLocation: Clear-MgCommunicationPresenceAutomaticLocation on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Clear, "MgBetaCommunicationPresenceAutomaticLocation", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class ClearMgBetaCommunicationPresenceAutomaticLocation : ClearMgCommunicationPresenceAutomaticLocation
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
