// setStatusMessage: the message beside a user's name.

using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Set-Mg…PresenceStatusMessage.</summary>
public abstract class SetStatusMessageCmdlet : SetCmdlet
{
    /// <summary>A hashtable or an object: message has content and contentType, expiryDateTime has dateTime and timeZone. An empty content removes the message: @{ message = @{ content = '' } }. A message without content is refused.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded, ValueFromPipelineByPropertyName = true)]
    [Alias("S")] // keeps Microsoft's -S beside our -SkipValidation
    public object? StatusMessage { get => Value<object>(); set => SetValue(value); }

    private protected sealed override Operation Operation => Operation.SetStatusMessage;

    private protected sealed override BodyShape Shape => BodyShape.SetStatusMessage;
}

/// <summary>Set-MgUserPresenceStatusMessage: POST /users/{user-id}/presence/setStatusMessage.</summary>
[Cmdlet(VerbsCommon.Set, "MgUserPresenceStatusMessage", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class SetMgUserPresenceStatusMessage : SetStatusMessageCmdlet
{
    /// <summary>The users, by object id or user principal name. From the pipeline it also accepts rows and objects that have a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Set, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }
}

/// <summary>Set-MgBetaUserPresenceStatusMessage: Set-MgUserPresenceStatusMessage on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Set, "MgBetaUserPresenceStatusMessage", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class SetMgBetaUserPresenceStatusMessage : SetMgUserPresenceStatusMessage
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}

/// <summary>Set-MgCommunicationPresenceStatusMessage: POST /communications/presences/{presence-id}/setStatusMessage.</summary>
[Cmdlet(VerbsCommon.Set, "MgCommunicationPresenceStatusMessage", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class SetMgCommunicationPresenceStatusMessage : SetStatusMessageCmdlet
{
    /// <summary>The object ids of the users. From the pipeline it also accepts rows and objects that have a PresenceId, a UserId or an Id.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Set, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(PresenceId))]
    public string[]? PresenceId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override TargetKind Kind => TargetKind.Communications;
}

/// <summary>Set-MgBetaCommunicationPresenceStatusMessage: Set-MgCommunicationPresenceStatusMessage on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Set, "MgBetaCommunicationPresenceStatusMessage", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public sealed class SetMgBetaCommunicationPresenceStatusMessage : SetMgCommunicationPresenceStatusMessage
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
