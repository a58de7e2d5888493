// setAutomaticLocation: sets the work location that a device detected.

using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Set-Mg…PresenceAutomaticLocation.</summary>
public abstract class SetAutomaticLocationCmdlet : SetLocationCmdlet
{
    private protected sealed override Operation Operation => Operation.SetAutomaticLocation;
}

/// <summary>Set-MgUserPresenceAutomaticLocation: POST /users/{user-id}/presence/setAutomaticLocation.</summary>
[Cmdlet(VerbsCommon.Set, "MgUserPresenceAutomaticLocation", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class SetMgUserPresenceAutomaticLocation : SetAutomaticLocationCmdlet
{
    /// <summary>The users, by object id or user principal name. From the pipeline it also accepts rows and objects that have a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Set, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }
}

/// <summary>Set-MgBetaUserPresenceAutomaticLocation: Set-MgUserPresenceAutomaticLocation on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Set, "MgBetaUserPresenceAutomaticLocation", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class SetMgBetaUserPresenceAutomaticLocation : SetMgUserPresenceAutomaticLocation
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}

/// <summary>Set-MgCommunicationPresenceAutomaticLocation: POST /communications/presences/{presence-id}/setAutomaticLocation.</summary>
[Cmdlet(VerbsCommon.Set, "MgCommunicationPresenceAutomaticLocation", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class SetMgCommunicationPresenceAutomaticLocation : SetAutomaticLocationCmdlet
{
    /// <summary>The object ids of the users. From the pipeline it also accepts rows and objects that have a PresenceId, a UserId or an Id.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Set, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(PresenceId))]
    public string[]? PresenceId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override TargetKind Kind => TargetKind.Communications;
}

/// <summary>Set-MgBetaCommunicationPresenceAutomaticLocation: Set-MgCommunicationPresenceAutomaticLocation on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Set, "MgBetaCommunicationPresenceAutomaticLocation", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class SetMgBetaCommunicationPresenceAutomaticLocation : SetMgCommunicationPresenceAutomaticLocation
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
