using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Update-MgBetaUserPresence: Update-MgUserPresence on Graph's beta.</summary>
[Cmdlet(VerbsData.Update, "MgBetaUserPresence", DefaultParameterSetName = Sets.UpdateExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(Presence))]
public sealed class UpdateMgBetaUserPresence : UpdateMgUserPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
