// create presence: an operation that is in Graph's metadata and in Microsoft's cmdlets, but not in Graph's documentation.

using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>New-MgCommunicationPresence: POST /communications/presences. Like the update, Graph does not document it.</summary>
[Cmdlet(VerbsCommon.New, "MgCommunicationPresence", DefaultParameterSetName = Sets.CreateExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(Presence))]
public class NewMgCommunicationPresence : WriteCmdlet
{
    /// <summary>The whole body, as a hashtable, a dictionary, an object or JSON text. You can write Graph's own keys in any case; other keys are sent as you write them.</summary>
    [Parameter(ParameterSetName = Sets.Create, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull] // refused in its turn
    public object? BodyParameter { get; set; }

    /// <summary>Properties of the body that do not have a parameter. A property without a value is left out.</summary>
    [Parameter(ParameterSetName = Sets.CreateExpanded)]
    public Hashtable? AdditionalProperties { get; set; }

    /// <summary>The object id of the user for whom the presence is created.</summary>
    [Parameter(ParameterSetName = Sets.CreateExpanded)]
    public string? Id { get => Value<string>(); set => SetValue(value); }

    /// <summary>The availability of the presence object.</summary>
    [Parameter(ParameterSetName = Sets.CreateExpanded)]
    [ArgumentCompleter(typeof(PairCompleter))]
    public string? Availability { get => Value<string>(); set => SetValue(value); }

    /// <summary>The activity of the presence object.</summary>
    [Parameter(ParameterSetName = Sets.CreateExpanded)]
    [Alias("Ac")] // keeps Microsoft's -Ac beside our -AccessToken
    [ArgumentCompleter(typeof(PairCompleter))]
    public string? Activity { get => Value<string>(); set => SetValue(value); }

    /// <summary>A hashtable or an object with isOutOfOffice and message.</summary>
    [Parameter(ParameterSetName = Sets.CreateExpanded)]
    public object? OutOfOfficeSettings { get => Value<object>(); set => SetValue(value); }

    /// <summary>A hashtable or an object with message and expiryDateTime.</summary>
    [Parameter(ParameterSetName = Sets.CreateExpanded)]
    [Alias("S")] // keeps Microsoft's -S beside our -SkipValidation
    public object? StatusMessage { get => Value<object>(); set => SetValue(value); }

    /// <summary>A hashtable or an object with workLocationType and placeId.</summary>
    [Parameter(ParameterSetName = Sets.CreateExpanded)]
    public object? WorkLocation { get => Value<object>(); set => SetValue(value); }

    private protected sealed override Operation Operation => Operation.CreatePresence;

    private protected sealed override Target[] Targets() => [Target.Collection];

    private protected sealed override object Body() => BodyOf(BodyShape.Presence, BodyParameter, AdditionalProperties);

    private protected sealed override void WriteResult(Call call) => WritePresences(call);
}

/// <summary>New-MgBetaCommunicationPresence: New-MgCommunicationPresence on Graph's beta.</summary>
[Cmdlet(VerbsCommon.New, "MgBetaCommunicationPresence", DefaultParameterSetName = Sets.CreateExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(Presence))]
public sealed class NewMgBetaCommunicationPresence : NewMgCommunicationPresence
{
    private protected override ApiVersion ApiVersion => ApiVersion.Beta;
}
