// getPresencesByUserId: many users in one request.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using MgPresence.Interop;
using MgPresence.Json;

namespace MgPresence.Cmdlets;

/// <summary>Get-MgCommunicationPresenceByUserId: POST /communications/getPresencesByUserId.</summary>
[Cmdlet(VerbsCommon.Get, "MgCommunicationPresenceByUserId", DefaultParameterSetName = Sets.GetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(Presence))]
public class GetMgCommunicationPresenceByUserId : BodyCmdlet
{
    private readonly List<string> piped = [];

    /// <summary>The whole body, as a hashtable, a dictionary, an object or JSON text. You can write Graph's own keys in any case; other keys are sent as you write them. From the pipeline it also accepts ids, and rows and objects that have a UserId or an Id; one request reads them all.</summary>
    [Parameter(ParameterSetName = Sets.Get, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull] // refused in its turn
    public object? BodyParameter { get; set; }

    /// <summary>Properties of the body that do not have a parameter. A property without a value is left out.</summary>
    [Parameter(ParameterSetName = Sets.GetExpanded)]
    [Alias("A")] // keeps Microsoft's -A beside our -AccessToken
    public Hashtable? AdditionalProperties { get; set; }

    /// <summary>The object ids of the users. Graph does not accept principal names here.</summary>
    [Parameter(ParameterSetName = Sets.GetExpanded, Position = 0)]
    [IdTransformation(nameof(Ids))]
    public string[]? Ids { get => TargetIds; set => SetValue(TargetIds = value); }

    private protected sealed override Operation Operation => Operation.GetPresencesByUserId;

    private protected sealed override string IdParameter => nameof(Ids);

    private protected sealed override Target[] Targets() => [Target.Collection];

    private protected sealed override int InputsIn(object? body) =>
        body is JsonObject members && members.TryGetValue("ids", out var ids) && ids is ICollection { Count: > 0 } all ? all.Count : 1;

    private protected sealed override object Body() => BodyOf(BodyShape.GetPresencesByUserId, BodyParameter, AdditionalProperties);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName != Sets.Get || IsNamed(nameof(BodyParameter)) || IsBody(BodyParameter))
        {
            SendPiped();
            base.ProcessRecord();
            return;
        }
        foreach (var id in IdTransformationAttribute.IdsOf(BodyParameter, nameof(Ids)))
        {
            if ((Identity.FaultOf(id) ?? RefusalOf(id)) is { } why) Refuse(why);
            else piped.Add(id);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        SendPiped();
        base.EndProcessing();
    }

    // One request reads all ids that came one after the other.
    private void SendPiped()
    {
        if (piped.Count == 0) return;
        var given = BodyParameter;
        BodyParameter = new Hashtable { ["ids"] = piped.ToArray() };
        base.ProcessRecord();
        BodyParameter = given;
        piped.Clear();
    }

    // The library refuses a request as a whole. An id that it would not accept is refused alone, before the request is made.
    private string? RefusalOf(string id)
    {
        var request = new PresenceRequest { Operation = Operation, Body = JsonWriter.Write(new JsonObject { ["ids"] = new[] { id } }), Options = Options };
        try
        {
            request.Check();
            return null;
        }
        catch (Exception refusal) when (refusal is PresenceException or ArgumentException)
        {
            return refusal.Message;
        }
    }

    // One parameter accepts both a body and an id. JSON text is a body, and so is an object that has ids but no id.
    private static bool IsBody(object? value) => Bare.Of(value) switch
    {
        string text => text.TrimStart().StartsWith("{", StringComparison.Ordinal),
        IEnumerable and not IDictionary => false,
        _ => Array.TrueForAll(Identity.OrFaults(value, nameof(Ids)), id => Identity.FaultOf(id) is not null) && Identity.Member(value, "ids") is not null,
    };

    private protected sealed override void WriteResult(Call call) => WritePresences(call);
}

/// <summary>Get-MgBetaCommunicationPresenceByUserId: Get-MgCommunicationPresenceByUserId on Graph's beta.</summary>
[Cmdlet(VerbsCommon.Get, "MgBetaCommunicationPresenceByUserId", DefaultParameterSetName = Sets.GetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(Presence))]
public sealed class GetMgBetaCommunicationPresenceByUserId : GetMgCommunicationPresenceByUserId
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
