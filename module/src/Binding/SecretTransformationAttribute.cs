// Parameters whose type holds a secret: any other value is refused here, because PowerShell's binding error would show it, such as the
// object that has the secret instead of the secret.

using System;
using System.Management.Automation;

namespace MgPresence;

/// <summary>Refuses what is not of the parameter's type, and does not show it.</summary>
/// <param name="type">The parameter's type.</param>
/// <param name="source">A command that returns such a value.</param>
public sealed class SecretTransformationAttribute(Type type, string source) : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engine, object? inputData) =>
        Bare.Of(inputData) is var value && (value is null || type.IsInstanceOfType(value))
            ? value
            : throw new ArgumentTransformationMetadataException($"The value is not a {type.Name}. Give one, such as {source} returns.");
}
