// -Headers: headers prove who sends them, and the binding error of PowerShell would show a value that is not a dictionary.

using System.Collections;
using System.Management.Automation;

namespace MgPresence;

/// <summary>Refuses what is not a dictionary.</summary>
public sealed class HeadersTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engine, object? inputData) =>
        Bare.Of(inputData) is null or IDictionary
            ? inputData
            : throw new ArgumentTransformationMetadataException("Headers are a dictionary, such as @{ Prefer = 'respond-async' }.");
}
