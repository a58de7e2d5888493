// -Headers: a value that is not a dictionary is refused here, because PowerShell's binding error would show it, and headers may be secret.

using System.Collections;
using System.Management.Automation;

namespace MgPresence;

/// <summary>Refuses what is not a dictionary.</summary>
public sealed class HeadersTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engine, object? inputData) =>
        Bare.Of(inputData) is var headers and (null or IDictionary)
            ? headers
            : throw new ArgumentTransformationMetadataException("Headers are a dictionary, such as @{ Prefer = 'respond-async' }.");
}
