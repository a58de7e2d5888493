// clearAutomaticLocation: clears the work location that a device detected.

using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Clear-Mg…PresenceAutomaticLocation.</summary>
public abstract class ClearAutomaticLocationCmdlet : ClearCmdlet
{
    private protected sealed override Operation Operation => Operation.ClearAutomaticLocation;
}

/// <summary>Clear-MgUserPresenceAutomaticLocation: POST /users/{user-id}/presence/clearAutomaticLocation.</summary>
[Cmdlet(VerbsCommon.Clear, "MgUserPresenceAutomaticLocation", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class ClearMgUserPresenceAutomaticLocation : ClearAutomaticLocationCmdlet
{
    /// <summary>The users, by object id or user principal name. From the pipeline it also accepts rows and objects that have a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.Clear, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }
}

/// <summary>Clear-MgBetaUserPresenceAutomaticLocation: Clear-MgUserPresenceAutomaticLocation on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Clear, "MgBetaUserPresenceAutomaticLocation", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class ClearMgBetaUserPresenceAutomaticLocation : ClearMgUserPresenceAutomaticLocation
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}

/// <summary>Clear-MgCommunicationPresenceAutomaticLocation: POST /communications/presences/{presence-id}/clearAutomaticLocation.</summary>
[Cmdlet(VerbsCommon.Clear, "MgCommunicationPresenceAutomaticLocation", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class ClearMgCommunicationPresenceAutomaticLocation : ClearAutomaticLocationCmdlet
{
    /// <summary>The object ids of the users. From the pipeline it also accepts rows and objects that have a PresenceId, a UserId or an Id.</summary>
    [Parameter(ParameterSetName = Sets.Clear, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(PresenceId))]
    public string[]? PresenceId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override TargetKind Kind => TargetKind.Communications;
}

/// <summary>Clear-MgBetaCommunicationPresenceAutomaticLocation: Clear-MgCommunicationPresenceAutomaticLocation on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Clear, "MgBetaCommunicationPresenceAutomaticLocation", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class ClearMgBetaCommunicationPresenceAutomaticLocation : ClearMgCommunicationPresenceAutomaticLocation
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
