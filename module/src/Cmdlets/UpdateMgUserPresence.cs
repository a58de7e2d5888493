using System.Management.Automation;

namespace MgPresence.Cmdlets;

/// <summary>Update-MgUserPresence: PATCH /users/{user-id}/presence.</summary>
[Cmdlet(VerbsData.Update, "MgUserPresence", DefaultParameterSetName = Sets.UpdateExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(Presence))]
public class UpdateMgUserPresence : UpdateCmdlet
{
    /// <summary>The users: object ids or user principal names. From the pipeline also rows and objects with a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.UpdateExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Update, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }
}
