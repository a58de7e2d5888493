// getPresence: the presence of a user, with $select and $expand as in Microsoft's Get- cmdlets.

using System.Collections.Generic;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>A cmdlet that reads presence.</summary>
public abstract class GetPresenceCmdlet : TargetedCmdlet
{
    /// <summary>Uses the signed-in user instead of an id. Requires a token for a user, not for an application.</summary>
    [Parameter(ParameterSetName = Sets.GetMe, Mandatory = true)]
    [GivenSwitch]
    public SwitchParameter Me { get; set; }

    /// <summary>The properties to read. The default is all properties.</summary>
    [Parameter]
    [Alias("Select", "S")] // the latter keeps Microsoft's -S beside our -SummaryVariable
    [ArgumentCompleter(typeof(PropertyCompleter))]
    public string[]? Property { get; set; }

    /// <summary>The related entities to read with the presence.</summary>
    [Parameter]
    [Alias("Expand")]
    public string[]? ExpandProperty { get; set; }

    private protected override Operation Operation => Operation.GetPresence;

    private protected override IList<KeyValuePair<string, string>> Query() => Selection().Options;

    private protected QueryOptions Selection() => new QueryOptions().Add("$select", Property).Add("$expand", ExpandProperty);

    private protected override void WriteResult(Call call) => WritePresences(call);
}

/// <summary>Get-MgUserPresence: GET /users/{user-id}/presence.</summary>
[Cmdlet(VerbsCommon.Get, "MgUserPresence", DefaultParameterSetName = Sets.Get)]
[OutputType(typeof(Presence))]
public class GetMgUserPresence : GetPresenceCmdlet
{
    /// <summary>The users, by object id or user principal name. From the pipeline it also accepts rows and objects that have a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.Get, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }

    /// <summary>An identity: an object or a hashtable that has the id as UserId, or as PresenceId for the cmdlets of /communications. Other properties are ignored.</summary>
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
