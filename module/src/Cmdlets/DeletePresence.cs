// delete presence: an operation that is in Graph's metadata and in Microsoft's cmdlets, but not in Graph's documentation.

using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Remove-Mg…Presence.</summary>
public abstract class DeletePresenceCmdlet : ActionCmdlet
{
    /// <summary>Uses the signed-in user instead of an id. Requires a token for a user, not for an application.</summary>
    [Parameter(ParameterSetName = Sets.DeleteMe, Mandatory = true)]
    [GivenSwitch]
    public SwitchParameter Me { get; set; }

    /// <summary>An identity: an object or a hashtable that has the id as UserId, or as PresenceId for the cmdlets of /communications. Other properties are ignored.</summary>
    [Parameter(ParameterSetName = Sets.DeleteViaIdentity, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get => GivenIdentity; set => GivenIdentity = value; }

    /// <summary>An ETag. The presence is deleted only if it still has this ETag.</summary>
    [Parameter]
    public string? IfMatch { get; set; }

    private protected sealed override Operation Operation => Operation.DeletePresence;

    private protected sealed override IEnumerable<KeyValuePair<string, string>> OwnHeaders() =>
        IfMatch is null ? base.OwnHeaders() : base.OwnHeaders().Append(new("If-Match", IfMatch));
}

/// <summary>Remove-MgUserPresence: DELETE /users/{user-id}/presence.</summary>
[Cmdlet(VerbsCommon.Remove, "MgUserPresence", DefaultParameterSetName = Sets.Delete, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class RemoveMgUserPresence : DeletePresenceCmdlet
{
    /// <summary>The users, by object id or user principal name. From the pipeline it also accepts rows and objects that have a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.Delete, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }
}

/// <summary>Remove-MgBetaUserPresence: Remove-MgUserPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Remove, "MgBetaUserPresence", DefaultParameterSetName = Sets.Delete, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class RemoveMgBetaUserPresence : RemoveMgUserPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}

/// <summary>Remove-MgCommunicationPresence: DELETE /communications/presences/{presence-id}.</summary>
[Cmdlet(VerbsCommon.Remove, "MgCommunicationPresence", DefaultParameterSetName = Sets.Delete, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class RemoveMgCommunicationPresence : DeletePresenceCmdlet
{
    /// <summary>The object ids of the users. From the pipeline it also accepts rows and objects that have a PresenceId, a UserId or an Id.</summary>
    [Parameter(ParameterSetName = Sets.Delete, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(PresenceId))]
    public string[]? PresenceId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override TargetKind Kind => TargetKind.Communications;
}

/// <summary>Remove-MgBetaCommunicationPresence: Remove-MgCommunicationPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Remove, "MgBetaCommunicationPresence", DefaultParameterSetName = Sets.Delete, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class RemoveMgBetaCommunicationPresence : RemoveMgCommunicationPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
