// setUserPreferredPresence: the preferred presence of a user, which outranks every session.

using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Set-Mg…PresenceUserPreferredPresence.</summary>
public abstract class SetUserPreferredPresenceCmdlet : SetPairCmdlet
{
    /// <summary>How long the preference lasts: a TimeSpan, ISO 8601 text such as PT8H, or 08:00:00. The default is one day for Busy and DoNotDisturb, and seven days for the others.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded, ValueFromPipelineByPropertyName = true)]
    [DurationTransformation]
    public Duration? ExpirationDuration { get => Value<Duration>(); set => SetValue(value); }

    private protected sealed override Operation Operation => Operation.SetUserPreferredPresence;

    private protected sealed override BodyShape Shape => BodyShape.SetUserPreferredPresence;
}

/// <summary>Set-MgUserPresenceUserPreferredPresence: POST /users/{user-id}/presence/setUserPreferredPresence.</summary>
[Cmdlet(VerbsCommon.Set, "MgUserPresenceUserPreferredPresence", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class SetMgUserPresenceUserPreferredPresence : SetUserPreferredPresenceCmdlet
{
    /// <summary>The users, by object id or user principal name. From the pipeline it also accepts rows and objects that have a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Set, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }
}

/// <summary>Set-MgBetaUserPresenceUserPreferredPresence: Set-MgUserPresenceUserPreferredPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Set, "MgBetaUserPresenceUserPreferredPresence", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class SetMgBetaUserPresenceUserPreferredPresence : SetMgUserPresenceUserPreferredPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}

/// <summary>Set-MgCommunicationPresenceUserPreferredPresence: POST /communications/presences/{presence-id}/setUserPreferredPresence.</summary>
[Cmdlet(VerbsCommon.Set, "MgCommunicationPresenceUserPreferredPresence", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class SetMgCommunicationPresenceUserPreferredPresence : SetUserPreferredPresenceCmdlet
{
    /// <summary>The object ids of the users. From the pipeline it also accepts rows and objects that have a PresenceId, a UserId or an Id.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Set, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(PresenceId))]
    public string[]? PresenceId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override TargetKind Kind => TargetKind.Communications;
}

/// <summary>Set-MgBetaCommunicationPresenceUserPreferredPresence: Set-MgCommunicationPresenceUserPreferredPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Set, "MgBetaCommunicationPresenceUserPreferredPresence", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class SetMgBetaCommunicationPresenceUserPreferredPresence : SetMgCommunicationPresenceUserPreferredPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
