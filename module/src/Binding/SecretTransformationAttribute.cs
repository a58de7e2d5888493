// Parameters whose type holds a secret: what PowerShell cannot convert to the type is refused here, because PowerShell's binding error would
// show it, such as the object that has the secret instead of the secret, or the text of a private key.

using System;
using System.Globalization;
using System.Management.Automation;

namespace MgPresence;

/// <summary>Converts a value to the parameter's type as PowerShell does, and does not show one that cannot be converted.</summary>
/// <param name="type">The parameter's type.</param>
/// <param name="source">A command that returns such a value.</param>
public sealed class SecretTransformationAttribute(Type type, string source) : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engine, object? inputData) =>
        inputData is null ? null
        : LanguagePrimitives.TryConvertTo(inputData, type, CultureInfo.InvariantCulture, out var value) ? value
        : throw new ArgumentTransformationMetadataException($"The value is not a {type.Name}. Give one, such as {source} returns.");
}
