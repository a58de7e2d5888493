// PowerShell takes -Me:$null for -Me, so a variable without a value would mean the signed-in user, or with -All every presence.

using System.Management.Automation;

namespace MgPresence;

/// <summary>Reads a switch that was given without a value as False.</summary>
public sealed class GivenSwitchAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engine, object? inputData) => Bare.Of(inputData) is null ? new SwitchParameter(false) : inputData;
}
