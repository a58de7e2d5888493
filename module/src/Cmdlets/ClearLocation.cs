// clearLocation: clears a user's work location, whether the user or a device set it.

using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Clear-Mg…PresenceLocation.</summary>
public abstract class ClearLocationCmdlet : ClearCmdlet
{
    private protected sealed override Operation Operation => Operation.ClearLocation;
}

/// <summary>Clear-MgUserPresenceLocation: POST /users/{user-id}/presence/clearLocation.</summary>
[Cmdlet(VerbsCommon.Clear, "MgUserPresenceLocation", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class ClearMgUserPresenceLocation : ClearLocationCmdlet
{
    /// <summary>The users, by object id or user principal name. From the pipeline it also accepts rows and objects that have a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.Clear, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }
}

/// <summary>Clear-MgBetaUserPresenceLocation: Clear-MgUserPresenceLocation on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Clear, "MgBetaUserPresenceLocation", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class ClearMgBetaUserPresenceLocation : ClearMgUserPresenceLocation
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}

/// <summary>Clear-MgCommunicationPresenceLocation: POST /communications/presences/{presence-id}/clearLocation.</summary>
[Cmdlet(VerbsCommon.Clear, "MgCommunicationPresenceLocation", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class ClearMgCommunicationPresenceLocation : ClearLocationCmdlet
{
    /// <summary>The object ids of the users. From the pipeline it also accepts rows and objects that have a PresenceId, a UserId or an Id.</summary>
    [Parameter(ParameterSetName = Sets.Clear, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(PresenceId))]
    public string[]? PresenceId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override TargetKind Kind => TargetKind.Communications;
}

/// <summary>Clear-MgBetaCommunicationPresenceLocation: Clear-MgCommunicationPresenceLocation on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Clear, "MgBetaCommunicationPresenceLocation", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class ClearMgBetaCommunicationPresenceLocation : ClearMgCommunicationPresenceLocation
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
