using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Clear-MgUserPresenceLocation: POST /users/{user-id}/presence/clearLocation.</summary>
[Cmdlet(VerbsCommon.Clear, "MgUserPresenceLocation", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class ClearMgUserPresenceLocation : ClearCmdlet
{
    /// <summary>The users: object ids or user principal names. From the pipeline also rows and objects with a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.Clear, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override Operation Operation => Operation.ClearLocation;
}
