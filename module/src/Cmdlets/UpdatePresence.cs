// updatePresence: PATCH of a presence. It is in Graph's metadata and in Microsoft's cmdlets but undocumented. The live service answers 404.

using System.Collections;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Update-Mg…Presence.</summary>
public abstract class UpdatePresenceCmdlet : WriteCmdlet
{
    /// <summary>Uses the signed-in user instead of an id. Requires a token for a user, not for an application.</summary>
    [Parameter(ParameterSetName = Sets.UpdateMeExpanded, Mandatory = true)]
    [Parameter(ParameterSetName = Sets.UpdateMe, Mandatory = true)]
    [GivenSwitch]
    public SwitchParameter Me { get; set; }

    /// <summary>An identity: an object or a hashtable that has the id as UserId, or as PresenceId for the cmdlets of /communications. Other properties are ignored.</summary>
    [Parameter(ParameterSetName = Sets.UpdateViaIdentityExpanded, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = Sets.UpdateViaIdentity, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get => GivenIdentity; set => GivenIdentity = value; }

    /// <summary>The whole body, as a hashtable, a dictionary, an object or JSON text. You can write Graph's own keys in any case; other keys are sent as you write them.</summary>
    [Parameter(ParameterSetName = Sets.Update, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = Sets.UpdateViaIdentity, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = Sets.UpdateMe, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull] // refused in its turn
    public object? BodyParameter { get; set; }

    /// <summary>Properties of the body that do not have a parameter. A property without a value is left out.</summary>
    [Parameter(ParameterSetName = Sets.UpdateExpanded)]
    [Parameter(ParameterSetName = Sets.UpdateViaIdentityExpanded)]
    [Parameter(ParameterSetName = Sets.UpdateMeExpanded)]
    public Hashtable? AdditionalProperties { get; set; }

    /// <summary>The id property of the body.</summary>
    [Parameter(ParameterSetName = Sets.UpdateExpanded)]
    [Parameter(ParameterSetName = Sets.UpdateViaIdentityExpanded)]
    [Parameter(ParameterSetName = Sets.UpdateMeExpanded)]
    public string? Id { get => Value<string>(); set => SetValue(value); }

    /// <summary>The availability of the presence object.</summary>
    [Parameter(ParameterSetName = Sets.UpdateExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.UpdateViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.UpdateMeExpanded, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PairCompleter))]
    public string? Availability { get => Value<string>(); set => SetValue(value); }

    /// <summary>The activity of the presence object.</summary>
    [Parameter(ParameterSetName = Sets.UpdateExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.UpdateViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.UpdateMeExpanded, ValueFromPipelineByPropertyName = true)]
    [Alias("Ac")] // keeps Microsoft's -Ac beside our -AccessToken
    [ArgumentCompleter(typeof(PairCompleter))]
    public string? Activity { get => Value<string>(); set => SetValue(value); }

    /// <summary>A hashtable or an object with isOutOfOffice and message.</summary>
    [Parameter(ParameterSetName = Sets.UpdateExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.UpdateViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.UpdateMeExpanded, ValueFromPipelineByPropertyName = true)]
    public object? OutOfOfficeSettings { get => Value<object>(); set => SetValue(value); }

    /// <summary>A hashtable or an object with message and expiryDateTime.</summary>
    [Parameter(ParameterSetName = Sets.UpdateExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.UpdateViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.UpdateMeExpanded, ValueFromPipelineByPropertyName = true)]
    [Alias("S")] // keeps Microsoft's -S beside our -SkipValidation
    public object? StatusMessage { get => Value<object>(); set => SetValue(value); }

    /// <summary>A hashtable or an object with workLocationType and placeId.</summary>
    [Parameter(ParameterSetName = Sets.UpdateExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.UpdateViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.UpdateMeExpanded, ValueFromPipelineByPropertyName = true)]
    public object? WorkLocation { get => Value<object>(); set => SetValue(value); }

    private protected sealed override Operation Operation => Operation.UpdatePresence;

    private protected sealed override object Body() => BodyOf(BodyShape.Presence, BodyParameter, AdditionalProperties);

    // Nothing is written for an answer of 204.
    private protected sealed override void WriteResult(Call call) => WritePresences(call);
}

/// <summary>Update-MgUserPresence: PATCH /users/{user-id}/presence.</summary>
[Cmdlet(VerbsData.Update, "MgUserPresence", DefaultParameterSetName = Sets.UpdateExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(Presence))]
public class UpdateMgUserPresence : UpdatePresenceCmdlet
{
    /// <summary>The users, by object id or user principal name. From the pipeline it also accepts rows and objects that have a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.UpdateExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Update, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }
}

/// <summary>Update-MgBetaUserPresence: Update-MgUserPresence on Graph's beta.</summary>
[Cmdlet(VerbsData.Update, "MgBetaUserPresence", DefaultParameterSetName = Sets.UpdateExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(Presence))]
public sealed class UpdateMgBetaUserPresence : UpdateMgUserPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}

/// <summary>Update-MgCommunicationPresence: PATCH /communications/presences/{presence-id}.</summary>
[Cmdlet(VerbsData.Update, "MgCommunicationPresence", DefaultParameterSetName = Sets.UpdateExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(Presence))]
public class UpdateMgCommunicationPresence : UpdatePresenceCmdlet
{
    /// <summary>The object ids of the users. From the pipeline it also accepts rows and objects that have a PresenceId, a UserId or an Id.</summary>
    [Parameter(ParameterSetName = Sets.UpdateExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Update, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(PresenceId))]
    public string[]? PresenceId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override TargetKind Kind => TargetKind.Communications;
}

/// <summary>Update-MgBetaCommunicationPresence: Update-MgCommunicationPresence on Graph's beta.</summary>
[Cmdlet(VerbsData.Update, "MgBetaCommunicationPresence", DefaultParameterSetName = Sets.UpdateExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(Presence))]
public sealed class UpdateMgBetaCommunicationPresence : UpdateMgCommunicationPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
