using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Remove-MgBetaUserPresence: Remove-MgUserPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Remove, "MgBetaUserPresence", DefaultParameterSetName = Sets.Delete, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class RemoveMgBetaUserPresence : RemoveMgUserPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
