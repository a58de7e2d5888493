using System.Management.Automation;

namespace MgPresence.Cmdlets;

/// <summary>Clear-MgUserPresence: POST /users/{user-id}/presence/clearPresence.</summary>
[Cmdlet(VerbsCommon.Clear, "MgUserPresence", DefaultParameterSetName = Sets.ClearExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class ClearMgUserPresence : ClearPresenceCmdlet
{
    /// <summary>The user: object id or user principal name.</summary>
    [Parameter(ParameterSetName = Sets.ClearExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Clear, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }
}
