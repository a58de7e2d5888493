using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Remove-MgBetaCommunicationPresence: Remove-MgCommunicationPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Remove, "MgBetaCommunicationPresence", DefaultParameterSetName = Sets.Delete, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class RemoveMgBetaCommunicationPresence : RemoveMgCommunicationPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
