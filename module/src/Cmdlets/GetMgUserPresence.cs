using System.Management.Automation;

namespace MgPresence.Cmdlets;

/// <summary>Get-MgUserPresence: GET /users/{user-id}/presence.</summary>
[Cmdlet(VerbsCommon.Get, "MgUserPresence", DefaultParameterSetName = Sets.Get)]
[OutputType(typeof(Presence))]
public class GetMgUserPresence : GetCmdlet
{
    /// <summary>The users: object ids or user principal names. From the pipeline also rows and objects with a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.Get, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }

    /// <summary>An identity: an object or a hashtable with the id as UserId, or as PresenceId for the cmdlets of /communications. Its other members do not count.</summary>
    [Parameter(ParameterSetName = Sets.GetViaIdentity, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get => GivenIdentity; set => GivenIdentity = value; }
}
