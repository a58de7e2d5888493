using System.Management.Automation;

namespace MgPresence.Cmdlets;

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
