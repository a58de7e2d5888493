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
