// Cmdlets that change something: they ask ShouldProcess, and their input is checked before it is sent.

using System.Collections;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>A cmdlet that changes a presence.</summary>
public abstract class WriteCmdlet : TargetedCmdlet
{
    /// <summary>Leaves the rules about presence to the service, which may have learned new ones.</summary>
    [Parameter]
    public SwitchParameter SkipValidation { get; set; }

    private protected sealed override bool IsWrite => true;

    private protected override RequestOptions Options => SkipValidation ? RequestOptions.SkipValidation : RequestOptions.None;

    /// <summary>The body: of -BodyParameter as it is, or of single parameters.</summary>
    private protected object BodyOf(BodyShape shape, object? bodyParameter, Hashtable? additionalProperties) =>
        Sets.IsExpanded(ParameterSetName)
            ? BodyBuilder.Expand(shape, additionalProperties, TryGet)
            : BodyConverter.Convert(bodyParameter, shape);

    private bool TryGet(string parameter, out object? value)
    {
        value = null;
        return IsGiven(parameter) && MyInvocation.BoundParameters.TryGetValue(parameter, out value);
    }
}

/// <summary>A write that Graph answers with a status alone.</summary>
public abstract class ActionCmdlet : WriteCmdlet
{
    /// <summary>Writes $true for each user for whom it succeeded.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void WriteResult(Call call)
    {
        if (PassThru) WriteObject(true);
    }
}
