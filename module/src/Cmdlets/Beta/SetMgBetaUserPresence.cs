using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Set-MgBetaUserPresence: Set-MgUserPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Set, "MgBetaUserPresence", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class SetMgBetaUserPresence : SetMgUserPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
