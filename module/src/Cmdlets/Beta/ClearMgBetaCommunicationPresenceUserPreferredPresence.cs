using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Clear-MgBetaCommunicationPresenceUserPreferredPresence: Clear-MgCommunicationPresenceUserPreferredPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Clear, "MgBetaCommunicationPresenceUserPreferredPresence", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class ClearMgBetaCommunicationPresenceUserPreferredPresence : ClearMgCommunicationPresenceUserPreferredPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
