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
    /// <summary>The whole body: a hashtable, a dictionary, an object or JSON text. Graph's own keys may be written in any case; others go out as they stand.</summary>
    [Parameter(ParameterSetName = Sets.Get, Mandatory = true, ValueFromPipeline = true)]
    public object? BodyParameter { get; set; }

    /// <summary>Members of the body that have no parameter of their own. Those without a value are left out.</summary>
    [Parameter(ParameterSetName = Sets.GetExpanded)]
    [Alias("A")] // keeps Microsoft's -A beside our -AccessToken
    public Hashtable? AdditionalProperties { get; set; }

    /// <summary>The users' object ids.</summary>
    [Parameter(ParameterSetName = Sets.GetExpanded, Position = 0)]
    public string[]? Ids { get => Value<string[]>(); set => Take(value); }

    private protected sealed override Operation Operation => Operation.GetPresencesByUserId;

    private protected sealed override IEnumerable<Target> Targets() => [Target.Collection];

    private protected sealed override object Body() => BodyOf(BodyShape.GetPresencesByUserId, BodyParameter, AdditionalProperties);

    private protected sealed override void WriteResult(Call call) => WritePresences(call);
}
