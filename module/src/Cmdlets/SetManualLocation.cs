// setManualLocation: sets a user's work location, as the user can do in Teams.

using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Set-Mg…PresenceManualLocation.</summary>
public abstract class SetManualLocationCmdlet : SetLocationCmdlet
{
    private protected sealed override Operation Operation => Operation.SetManualLocation;
}

/// <summary>Set-MgUserPresenceManualLocation: POST /users/{user-id}/presence/setManualLocation.</summary>
[Cmdlet(VerbsCommon.Set, "MgUserPresenceManualLocation", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class SetMgUserPresenceManualLocation : SetManualLocationCmdlet
{
    /// <summary>The users, by object id or user principal name. From the pipeline it also accepts rows and objects that have a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Set, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }
}

/// <summary>Set-MgBetaUserPresenceManualLocation: Set-MgUserPresenceManualLocation on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Set, "MgBetaUserPresenceManualLocation", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class SetMgBetaUserPresenceManualLocation : SetMgUserPresenceManualLocation
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}

/// <summary>Set-MgCommunicationPresenceManualLocation: POST /communications/presences/{presence-id}/setManualLocation.</summary>
[Cmdlet(VerbsCommon.Set, "MgCommunicationPresenceManualLocation", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class SetMgCommunicationPresenceManualLocation : SetManualLocationCmdlet
{
    /// <summary>The object ids of the users. From the pipeline it also accepts rows and objects that have a PresenceId, a UserId or an Id.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Set, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(PresenceId))]
    public string[]? PresenceId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override TargetKind Kind => TargetKind.Communications;
}

/// <summary>Set-MgBetaCommunicationPresenceManualLocation: Set-MgCommunicationPresenceManualLocation on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Set, "MgBetaCommunicationPresenceManualLocation", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class SetMgBetaCommunicationPresenceManualLocation : SetMgCommunicationPresenceManualLocation
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
