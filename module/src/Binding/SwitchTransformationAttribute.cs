// A switch in a row of a CSV file is text, which PowerShell would silently leave unbound.

using System;
using System.Management.Automation;

namespace MgPresence;

/// <summary>Reads True and False, and an empty cell as False.</summary>
public sealed class SwitchTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engine, object? inputData) => Read(inputData);

    /// <summary>A switch; throws for a text that is neither.</summary>
    internal static SwitchParameter Read(object? value) => Bare.Of(value) switch
    {
        null or "" => false,
        SwitchParameter given => given,
        string text => bool.TryParse(text, out var isOn) ? isOn : throw new ArgumentException($"\"{text}\" is neither True nor False."),
        var other => LanguagePrimitives.IsTrue(other),
    };
}
