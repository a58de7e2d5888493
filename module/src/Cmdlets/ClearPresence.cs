// clearPresence: ends an application's session.

using System.Collections;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Clear-Mg…Presence.</summary>
public abstract class ClearPresenceCmdlet : ActionCmdlet
{
    /// <summary>Uses the signed-in user instead of an id. Requires a token for a user, not for an application.</summary>
    [Parameter(ParameterSetName = Sets.ClearMeExpanded, Mandatory = true)]
    [Parameter(ParameterSetName = Sets.ClearMe, Mandatory = true)]
    [GivenSwitch]
    public SwitchParameter Me { get; set; }

    /// <summary>An identity: an object or a hashtable that has the id as UserId, or as PresenceId for the cmdlets of /communications. Other properties are ignored.</summary>
    [Parameter(ParameterSetName = Sets.ClearViaIdentityExpanded, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = Sets.ClearViaIdentity, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get => GivenIdentity; set => GivenIdentity = value; }

    /// <summary>The whole body, as a hashtable, a dictionary, an object or JSON text. You can write Graph's own keys in any case; other keys are sent as you write them.</summary>
    [Parameter(ParameterSetName = Sets.Clear, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = Sets.ClearViaIdentity, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = Sets.ClearMe, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull] // refused in its turn
    public object? BodyParameter { get; set; }

    /// <summary>Properties of the body that do not have a parameter. A property without a value is left out.</summary>
    [Parameter(ParameterSetName = Sets.ClearExpanded)]
    [Parameter(ParameterSetName = Sets.ClearViaIdentityExpanded)]
    [Parameter(ParameterSetName = Sets.ClearMeExpanded)]
    [Alias("A")] // keeps Microsoft's -A beside our -AccessToken
    public Hashtable? AdditionalProperties { get; set; }

    /// <summary>The id of the application's session, which is the client id of the application. The default is the application of the token. The parameter is never read from a piped object, where SessionId is the key of a call record.</summary>
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
    /// <summary>The users, by object id or user principal name. From the pipeline it also accepts rows and objects that have a UserId, an Id or a UserPrincipalName.</summary>
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
    /// <summary>The object ids of the users. From the pipeline it also accepts rows and objects that have a PresenceId, a UserId or an Id.</summary>
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
