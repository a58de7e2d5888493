// clearPresence: ends an application's session.

using System.Collections;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Clear-Mg…Presence.</summary>
public abstract class ClearPresenceCmdlet : ActionCmdlet
{
    /// <summary>The user of the token, in place of an id. Needs a token of a user, not of an application.</summary>
    [Parameter(ParameterSetName = Sets.ClearMeExpanded, Mandatory = true)]
    [Parameter(ParameterSetName = Sets.ClearMe, Mandatory = true)]
    public SwitchParameter Me { get; set; }

    /// <summary>An identity: an object or a hashtable with the id as UserId, or as PresenceId for the cmdlets of /communications. Its other members do not count.</summary>
    [Parameter(ParameterSetName = Sets.ClearViaIdentityExpanded, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = Sets.ClearViaIdentity, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get => GivenIdentity; set => GivenIdentity = value; }

    /// <summary>The whole body: a hashtable, a dictionary, an object or JSON text. Graph's own keys may be written in any case; others go out as they stand.</summary>
    [Parameter(ParameterSetName = Sets.Clear, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = Sets.ClearViaIdentity, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = Sets.ClearMe, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull] // refused in its turn
    public object? BodyParameter { get; set; }

    /// <summary>Members of the body that have no parameter of their own. Those without a value are left out.</summary>
    [Parameter(ParameterSetName = Sets.ClearExpanded)]
    [Parameter(ParameterSetName = Sets.ClearViaIdentityExpanded)]
    [Parameter(ParameterSetName = Sets.ClearMeExpanded)]
    [Alias("A")] // keeps Microsoft's -A beside our -AccessToken
    public Hashtable? AdditionalProperties { get; set; }

    /// <summary>The application's session: its client id. Left out, the application of the token is taken. It is never read from a piped object, whose SessionId is a key of call records.</summary>
    [Parameter(ParameterSetName = Sets.ClearExpanded)]
    [Parameter(ParameterSetName = Sets.ClearViaIdentityExpanded)]
    [Parameter(ParameterSetName = Sets.ClearMeExpanded)]
    [Alias("S")] // keeps Microsoft's -S beside our -SkipValidation
    public string? SessionId { get => Value<string>(); set => SetValue(value); }

    private protected sealed override Operation Operation => Operation.ClearPresence;

    private protected sealed override object Body() => BodyOf(BodyShape.ClearPresence, BodyParameter, AdditionalProperties);

    private protected sealed override RequestOptions Options =>
        base.Options | (Sets.IsExpanded(ParameterSetName) ? RequestOptions.DefaultSessionId : RequestOptions.None);
}

/// <summary>Clear-MgUserPresence: POST /users/{user-id}/presence/clearPresence.</summary>
[Cmdlet(VerbsCommon.Clear, "MgUserPresence", DefaultParameterSetName = Sets.ClearExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class ClearMgUserPresence : ClearPresenceCmdlet
{
    /// <summary>The users: object ids or user principal names. From the pipeline also rows and objects with a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.ClearExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Clear, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }
}

/// <summary>Clear-MgBetaUserPresence: Clear-MgUserPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Clear, "MgBetaUserPresence", DefaultParameterSetName = Sets.ClearExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class ClearMgBetaUserPresence : ClearMgUserPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}

/// <summary>Clear-MgCommunicationPresence: POST /communications/presences/{presence-id}/clearPresence.</summary>
[Cmdlet(VerbsCommon.Clear, "MgCommunicationPresence", DefaultParameterSetName = Sets.ClearExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class ClearMgCommunicationPresence : ClearPresenceCmdlet
{
    /// <summary>The users' object ids. From the pipeline also rows and objects with a PresenceId, a UserId or an Id.</summary>
    [Parameter(ParameterSetName = Sets.ClearExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Clear, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(PresenceId))]
    public string[]? PresenceId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override TargetKind Kind => TargetKind.Communications;
}

/// <summary>Clear-MgBetaCommunicationPresence: Clear-MgCommunicationPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Clear, "MgBetaCommunicationPresence", DefaultParameterSetName = Sets.ClearExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class ClearMgBetaCommunicationPresence : ClearMgCommunicationPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
