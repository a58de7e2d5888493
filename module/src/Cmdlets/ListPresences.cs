// listPresences, and getPresence below /communications: one cmdlet for both, as Microsoft has it.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Get-MgCommunicationPresence: GET /communications/presences[/{presence-id}].</summary>
[Cmdlet(VerbsCommon.Get, "MgCommunicationPresence", DefaultParameterSetName = Sets.List)]
[OutputType(typeof(Presence))]
public class GetMgCommunicationPresence : GetPresenceCmdlet
{
    // The links followed so far. If the service returned one of them again, the pages would never end.
    private readonly HashSet<string> followed = [];
    private OutputVariable? countVariable;
    private int received, written;

    /// <summary>The object ids of the users. From the pipeline it also accepts rows and objects that have a PresenceId, a UserId or an Id.</summary>
    [Parameter(ParameterSetName = Sets.Get, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(PresenceId))]
    public string[]? PresenceId { get => TargetIds; set => TargetIds = value; }

    // Not from the pipeline, because PowerShell could not decide between this parameter and -PresenceId.
    /// <summary>An identity: an object or a hashtable that has the id as UserId, or as PresenceId for the cmdlets of /communications. Other properties are ignored.</summary>
    [Parameter(ParameterSetName = Sets.GetViaIdentity, Mandatory = true)]
    [AllowNull]
    public PSObject? InputObject { get => GivenIdentity; set => GivenIdentity = value; }

    /// <summary>An OData expression that selects the presences ($filter).</summary>
    [Parameter(ParameterSetName = Sets.List)]
    public string? Filter { get; set; }

    /// <summary>The text to search for ($search).</summary>
    [Parameter(ParameterSetName = Sets.List)]
    public string? Search { get; set; }

    /// <summary>The number of presences to skip at the beginning.</summary>
    [Parameter(ParameterSetName = Sets.List)]
    public int Skip { get; set; }

    /// <summary>The properties to sort by ($orderby).</summary>
    [Parameter(ParameterSetName = Sets.List)]
    [Alias("OrderBy")]
    [ArgumentCompleter(typeof(PropertyCompleter))]
    public string[]? Sort { get; set; }

    /// <summary>The largest number of presences to return.</summary>
    [Parameter(ParameterSetName = Sets.List)]
    [Alias("Limit")]
    public int Top { get; set; }

    /// <summary>The number of presences in one page.</summary>
    [Parameter(ParameterSetName = Sets.List)]
    public int PageSize { get; set; }

    /// <summary>Reads every page. Without it, only the first page is read.</summary>
    [Parameter(ParameterSetName = Sets.List)]
    [Alias("A")] // keeps Microsoft's -A beside our -AccessToken
    public SwitchParameter All { get; set; }

    /// <summary>The name of a global variable that receives the total number of presences.</summary>
    [Parameter(ParameterSetName = Sets.List)]
    [ValidateNotNullOrEmpty]
    [Alias("CV", "C", "Co")] // the last two keep what they mean at Microsoft's beside our -Context
    public string? CountVariable { get; set; }

    private int? Limit => Given(nameof(Top), Top);

    private int? Given(string parameter, int value) => IsNamed(parameter) ? value : null;

    private bool IsList => ParameterSetName == Sets.List;

    private protected sealed override TargetKind Kind => TargetKind.Communications;

    private protected sealed override Operation Operation => IsList ? Operation.ListPresences : Operation.GetPresence;

    private protected sealed override Target[] Targets() => IsList ? [Target.Collection] : base.Targets();

    private protected sealed override IList<KeyValuePair<string, string>> Query() => Selection()
        .Add("$filter", Filter)
        .AddSearch(Search)
        .Add("$skip", Given(nameof(Skip), Skip))
        .Add("$orderby", Sort)
        .Add("$top", Given(nameof(PageSize), PageSize) ?? Limit)
        .Add("$count", CountVariable is null ? null : "true")
        .Options;

    private protected sealed override Func<Call, PresenceRequest?>? Next => IsList ? NextPage : null;

    private protected sealed override bool IsPaged => IsList;

    private PresenceRequest? NextPage(Call call)
    {
        var page = call.Responses[call.Responses.Count - 1];
        received += page.Presences.Count;
        if (page.NextLink is null || !(All || received < Limit)) return null;
        if (!followed.Add(page.NextLink))
        {
            call.Refuse(new ErrorRecord(
                new InvalidDataException($"The service gave the link to the next page twice, so the pages would never end: {page.NextLink}. Read fewer presences with -Top, or report it to the service's owner."),
                "RepeatedNextLink", ErrorCategory.InvalidResult, page.NextLink));
            return null;
        }
        var next = RequestFor(Operation.ListPresences, Target.Collection);
        next.NextLink = page.NextLink;
        return next;
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (CountVariable is { } name) countVariable = new OutputVariable(this, nameof(CountVariable), OutputVariable.Global(name), 0L);
    }

    private protected sealed override void WriteResult(Call call)
    {
        countVariable?.Set(call.Responses[0].Count);
        countVariable = null; // the first page has the count
        var presences = call.Responses.SelectMany(response => response.Presences);
        foreach (var presence in !All && Limit is { } top ? presences.Take(top - written) : presences)
        {
            written++;
            WriteObject(Presence.Read(presence));
        }
    }
}

/// <summary>Get-MgBetaCommunicationPresence: Get-MgCommunicationPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Get, "MgBetaCommunicationPresence", DefaultParameterSetName = Sets.List)]
[OutputType(typeof(Presence))]
public sealed class GetMgBetaCommunicationPresence : GetMgCommunicationPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
