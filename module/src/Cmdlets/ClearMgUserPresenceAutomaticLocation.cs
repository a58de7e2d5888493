using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Clear-MgUserPresenceAutomaticLocation: POST /users/{user-id}/presence/clearAutomaticLocation.</summary>
[Cmdlet(VerbsCommon.Clear, "MgUserPresenceAutomaticLocation", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class ClearMgUserPresenceAutomaticLocation : ClearCmdlet
{
    /// <summary>The users: object ids or user principal names. From the pipeline also rows and objects with a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.Clear, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override Operation Operation => Operation.ClearAutomaticLocation;
}
