// countPresences: GET /communications/presences/$count.

using System.Collections.Generic;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Get-MgCommunicationPresenceCount: GET /communications/presences/$count.</summary>
[Cmdlet(VerbsCommon.Get, "MgCommunicationPresenceCount", DefaultParameterSetName = Sets.Get)]
[OutputType(typeof(int))]
public class GetMgCommunicationPresenceCount : PresenceCmdlet
{
    /// <summary>An OData expression that selects the presences ($filter).</summary>
    [Parameter]
    public string? Filter { get; set; }

    /// <summary>The text to search for ($search).</summary>
    [Parameter]
    [Alias("S")] // keeps Microsoft's -S beside our -SummaryVariable
    public string? Search { get; set; }

    private protected sealed override Operation Operation => Operation.CountPresences;

    private protected sealed override Target[] Targets() => [Target.Collection];

    private protected sealed override IList<KeyValuePair<string, string>> Query() =>
        new QueryOptions().Add("$filter", Filter).AddSearch(Search).Options;

    private protected sealed override void WriteResult(Call call)
    {
        if (call.Responses[0].Count is { } count) WriteObject((int)count);
    }
}

/// <summary>Get-MgBetaCommunicationPresenceCount: Get-MgCommunicationPresenceCount on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Get, "MgBetaCommunicationPresenceCount", DefaultParameterSetName = Sets.Get)]
[OutputType(typeof(int))]
public sealed class GetMgBetaCommunicationPresenceCount : GetMgCommunicationPresenceCount
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
