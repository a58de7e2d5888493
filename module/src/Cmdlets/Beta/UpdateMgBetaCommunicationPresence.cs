using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Update-MgBetaCommunicationPresence: Update-MgCommunicationPresence on Graph's beta.</summary>
[Cmdlet(VerbsData.Update, "MgBetaCommunicationPresence", DefaultParameterSetName = Sets.UpdateExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(Presence))]
public sealed class UpdateMgBetaCommunicationPresence : UpdateMgCommunicationPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
