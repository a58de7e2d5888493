using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Get-MgBetaUserPresence: Get-MgUserPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Get, "MgBetaUserPresence", DefaultParameterSetName = Sets.Get)]
[OutputType(typeof(Presence))]
public sealed class GetMgBetaUserPresence : GetMgUserPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
