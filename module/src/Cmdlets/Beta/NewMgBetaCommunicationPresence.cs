using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>New-MgBetaCommunicationPresence: New-MgCommunicationPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.New, "MgBetaCommunicationPresence", DefaultParameterSetName = Sets.CreateExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(Presence))]
public sealed class NewMgBetaCommunicationPresence : NewMgCommunicationPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
