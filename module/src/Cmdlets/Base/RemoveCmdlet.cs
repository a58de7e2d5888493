// DELETE of a presence: in Graph's metadata and in Microsoft's cmdlets, undocumented.

using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Remove-Mg…Presence.</summary>
public abstract class RemoveCmdlet : ActionCmdlet
{
    /// <summary>The user of the token, in place of an id. Needs a token of a user, not of an application.</summary>
    [Parameter(ParameterSetName = Sets.DeleteMe, Mandatory = true)]
    public SwitchParameter Me { get; set; }

    /// <summary>An identity: an object or a hashtable with the id as UserId, or as PresenceId for the cmdlets of /communications. Its other members do not count.</summary>
    [Parameter(ParameterSetName = Sets.DeleteViaIdentity, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get => GivenIdentity; set => GivenIdentity = value; }

    /// <summary>An ETag: deletes only what still has it.</summary>
    [Parameter]
    public string? IfMatch { get; set; }

    private protected sealed override Operation Operation => Operation.DeletePresence;

    private protected sealed override IEnumerable<KeyValuePair<string, string>> OwnHeaders() =>
        IfMatch is null ? base.OwnHeaders() : base.OwnHeaders().Append(new("If-Match", IfMatch));
}
