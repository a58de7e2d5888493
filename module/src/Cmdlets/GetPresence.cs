// Reading presence: $select and $expand as Microsoft's Get- cmdlets have them.

using System.Collections.Generic;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>A cmdlet that reads presence.</summary>
public abstract class GetCmdlet : TargetedCmdlet
{
    /// <summary>The user of the token, in place of an id. Needs a token of a user, not of an application.</summary>
    [Parameter(ParameterSetName = Sets.GetMe, Mandatory = true)]
    public SwitchParameter Me { get; set; }

    /// <summary>Properties to read, all when left out.</summary>
    [Parameter]
    [Alias("Select")]
    [ArgumentCompleter(typeof(PropertyCompleter))]
    public string[]? Property { get; set; }

    /// <summary>Related entities to read along.</summary>
    [Parameter]
    [Alias("Expand")]
    public string[]? ExpandProperty { get; set; }

    private protected override Operation Operation => Operation.GetPresence;

    private protected override IReadOnlyList<KeyValuePair<string, string>> Query() => Selection().Options;

    private protected QueryOptions Selection() => new QueryOptions().Add("$select", Property).Add("$expand", ExpandProperty);

    private protected override void WriteResult(Call call) => WritePresences(call);
}

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

/// <summary>Get-MgBetaUserPresence: Get-MgUserPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Get, "MgBetaUserPresence", DefaultParameterSetName = Sets.Get)]
[OutputType(typeof(Presence))]
public sealed class GetMgBetaUserPresence : GetMgUserPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
