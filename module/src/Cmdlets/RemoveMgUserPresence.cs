using System.Management.Automation;

namespace MgPresence.Cmdlets;

/// <summary>Remove-MgUserPresence: DELETE /users/{user-id}/presence.</summary>
[Cmdlet(VerbsCommon.Remove, "MgUserPresence", DefaultParameterSetName = Sets.Delete, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class RemoveMgUserPresence : RemoveCmdlet
{
    /// <summary>The users: object ids or user principal names. From the pipeline also rows and objects with a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.Delete, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }
}
