using System.Management.Automation;

namespace MgPresence.Cmdlets;

/// <summary>Set-MgUserPresenceStatusMessage: POST /users/{user-id}/presence/setStatusMessage.</summary>
[Cmdlet(VerbsCommon.Set, "MgUserPresenceStatusMessage", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class SetMgUserPresenceStatusMessage : SetStatusMessageCmdlet
{
    /// <summary>The users: object ids or user principal names. From the pipeline also rows and objects with a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Set, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }
}
