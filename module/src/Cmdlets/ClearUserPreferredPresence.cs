// clearUserPreferredPresence: clears the preferred presence, so that the highest session shows again.

using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Clear-Mg…PresenceUserPreferredPresence.</summary>
public abstract class ClearUserPreferredPresenceCmdlet : ClearCmdlet
{
    private protected sealed override Operation Operation => Operation.ClearUserPreferredPresence;
}

/// <summary>Clear-MgUserPresenceUserPreferredPresence: POST /users/{user-id}/presence/clearUserPreferredPresence.</summary>
[Cmdlet(VerbsCommon.Clear, "MgUserPresenceUserPreferredPresence", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class ClearMgUserPresenceUserPreferredPresence : ClearUserPreferredPresenceCmdlet
{
    /// <summary>The users, by object id or user principal name. From the pipeline it also accepts rows and objects that have a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.Clear, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }
}

/// <summary>Clear-MgBetaUserPresenceUserPreferredPresence: Clear-MgUserPresenceUserPreferredPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Clear, "MgBetaUserPresenceUserPreferredPresence", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class ClearMgBetaUserPresenceUserPreferredPresence : ClearMgUserPresenceUserPreferredPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}

/// <summary>Clear-MgCommunicationPresenceUserPreferredPresence: POST /communications/presences/{presence-id}/clearUserPreferredPresence.</summary>
[Cmdlet(VerbsCommon.Clear, "MgCommunicationPresenceUserPreferredPresence", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class ClearMgCommunicationPresenceUserPreferredPresence : ClearUserPreferredPresenceCmdlet
{
    /// <summary>The object ids of the users. From the pipeline it also accepts rows and objects that have a PresenceId, a UserId or an Id.</summary>
    [Parameter(ParameterSetName = Sets.Clear, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(PresenceId))]
    public string[]? PresenceId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override TargetKind Kind => TargetKind.Communications;
}

/// <summary>Clear-MgBetaCommunicationPresenceUserPreferredPresence: Clear-MgCommunicationPresenceUserPreferredPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Clear, "MgBetaCommunicationPresenceUserPreferredPresence", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class ClearMgBetaCommunicationPresenceUserPreferredPresence : ClearMgCommunicationPresenceUserPreferredPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
