using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Get-MgCommunicationPresenceByUserId: POST /communications/getPresencesByUserId.</summary>
[Cmdlet(VerbsCommon.Get, "MgCommunicationPresenceByUserId", DefaultParameterSetName = Sets.GetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(Presence))]
public class GetMgCommunicationPresenceByUserId : WriteCmdlet
{
    private readonly List<string> piped = [];

    /// <summary>The whole body: a hashtable, a dictionary, an object or JSON text. Graph's own keys may be written in any case; others go out as they stand. From the pipeline also ids, and rows and objects with a UserId or an Id, which are asked for together.</summary>
    [Parameter(ParameterSetName = Sets.Get, Mandatory = true, ValueFromPipeline = true)]
    public object? BodyParameter { get; set; }

    /// <summary>Members of the body that have no parameter of their own. Those without a value are left out.</summary>
    [Parameter(ParameterSetName = Sets.GetExpanded)]
    [Alias("A")] // keeps Microsoft's -A beside our -AccessToken
    public Hashtable? AdditionalProperties { get; set; }

    /// <summary>The users' object ids.</summary>
    [Parameter(ParameterSetName = Sets.GetExpanded, Position = 0)]
    [IdTransformation("UserId")]
    public string[]? Ids { get => Value<string[]>(); set => Take(value); }

    private protected sealed override Operation Operation => Operation.GetPresencesByUserId;

    private protected sealed override IEnumerable<Target> Targets() => [Target.Collection];

    private protected sealed override object Body() => BodyOf(BodyShape.GetPresencesByUserId, BodyParameter, AdditionalProperties);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (PipedId() is { } id) piped.Add(id);
        else base.ProcessRecord();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (piped.Count > 0)
        {
            BodyParameter = new Hashtable { ["ids"] = piped.ToArray() };
            base.ProcessRecord();
        }
        base.EndProcessing();
    }

    // Body and id come by one parameter: a text that opens a JSON object is a body, and so is whatever has no id.
    private string? PipedId() =>
        ParameterSetName == Sets.Get && !IsNamed(nameof(BodyParameter))
        && Identity.Of(BodyParameter, "UserId") is { Length: > 0 } id && !id.TrimStart().StartsWith("{", StringComparison.Ordinal) ? id : null;

    private protected sealed override void WriteResult(Call call) => WritePresences(call);
}
