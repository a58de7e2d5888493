// setPresence: the session of an application for a user.

using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Set-Mg…Presence.</summary>
public abstract class SetPresenceCmdlet : SetPairCmdlet
{
    /// <summary>The id of the application's session, which is the client id of the application. The default is the application of the token. The parameter is never read from a piped object, where SessionId is the key of a call record.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded)]
    [Alias("S")] // keeps Microsoft's -S beside our -SkipValidation
    public string? SessionId { get => Value<string>(); set => SetValue(value); }

    /// <summary>How long the session lasts: a TimeSpan, ISO 8601 text such as PT30M, or 00:30:00. Graph accepts 5 minutes to 4 hours. The default is 5 minutes.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded, ValueFromPipelineByPropertyName = true)]
    [DurationTransformation]
    public Duration? ExpirationDuration { get => Value<Duration>(); set => SetValue(value); }

    private protected sealed override Operation Operation => Operation.SetPresence;

    private protected sealed override BodyShape Shape => BodyShape.SetPresence;

    // Only if the cmdlet builds the body. A -BodyParameter is sent unchanged.
    private protected sealed override RequestOptions Options =>
        base.Options | (Sets.IsExpanded(ParameterSetName) ? RequestOptions.DefaultSessionId : RequestOptions.None);
}

/// <summary>Set-MgUserPresence: POST /users/{user-id}/presence/setPresence.</summary>
[Cmdlet(VerbsCommon.Set, "MgUserPresence", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class SetMgUserPresence : SetPresenceCmdlet
{
    /// <summary>The users, by object id or user principal name. From the pipeline it also accepts rows and objects that have a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Set, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }
}

/// <summary>Set-MgBetaUserPresence: Set-MgUserPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Set, "MgBetaUserPresence", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class SetMgBetaUserPresence : SetMgUserPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}

/// <summary>Set-MgCommunicationPresence: POST /communications/presences/{presence-id}/setPresence.</summary>
[Cmdlet(VerbsCommon.Set, "MgCommunicationPresence", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class SetMgCommunicationPresence : SetPresenceCmdlet
{
    /// <summary>The object ids of the users. From the pipeline it also accepts rows and objects that have a PresenceId, a UserId or an Id.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Set, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(PresenceId))]
    public string[]? PresenceId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override TargetKind Kind => TargetKind.Communications;
}

/// <summary>Set-MgBetaCommunicationPresence: Set-MgCommunicationPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Set, "MgBetaCommunicationPresence", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class SetMgBetaCommunicationPresence : SetMgCommunicationPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
