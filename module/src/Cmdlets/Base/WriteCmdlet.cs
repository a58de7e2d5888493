// Cmdlets that change something: they ask ShouldProcess, and their input is checked before it is sent.

using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>A cmdlet that changes a presence.</summary>
public abstract class WriteCmdlet : TargetedCmdlet
{
    // The values of the parameters that fill the body, by parameter.
    private readonly Dictionary<string, object?> values = [];

    /// <summary>Leaves the rules about presence to the service, which may have learned new pairs. An id that would change the address is refused all the same.</summary>
    [Parameter]
    public SwitchParameter SkipValidation { get; set; }

    private protected sealed override bool IsWrite => true;

    private protected override RequestOptions Options => SkipValidation ? RequestOptions.SkipValidation : RequestOptions.None;

    /// <summary>The body: of -BodyParameter as it is, or of single parameters.</summary>
    private protected object BodyOf(BodyShape shape, object? bodyParameter, Hashtable? additionalProperties) =>
        Sets.IsExpanded(ParameterSetName)
            ? BodyBuilder.Expand(shape, additionalProperties, TryGet)
            : BodyConverter.Convert(bodyParameter, shape);

    /// <summary>What a body parameter's property gives.</summary>
    private protected T? Value<T>([CallerMemberName] string parameter = "")
        where T : class => values.TryGetValue(parameter, out var value) ? (T?)value : null;

    /// <summary>What a body parameter's property takes. PowerShell takes a piped value back with null before the next record.</summary>
    private protected void Take(object? value, [CallerMemberName] string parameter = "") => values[parameter] = value;

    // An empty cell of a CSV file is no value; '' on the command line is one.
    private bool TryGet(string parameter, out object? value) =>
        values.TryGetValue(parameter, out value) && (IsNamed(parameter) || value is not (null or "" or Duration { Text: "" }));
}

/// <summary>A write that Graph answers with a status alone.</summary>
public abstract class ActionCmdlet : WriteCmdlet
{
    /// <summary>Gives $true for each user for whom it succeeded. Without it there is no output.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void WriteResult(Call call)
    {
        if (PassThru) WriteObject(true);
    }
}
