// Sets the variables that parameters such as -CountVariable name.

using System;
using System.Management.Automation;

namespace MgPresence.Cmdlets;

/// <summary>A variable of the caller.</summary>
internal sealed class OutputVariable
{
    private readonly PSCmdlet cmdlet;
    private readonly string parameter, name;

    /// <summary>Ends the pipeline, before anything is sent, if the variable cannot be set, such as a read-only one.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="parameter">The parameter that names it.</param>
    /// <param name="name">Its name.</param>
    /// <param name="sample">A value of the type that it will get.</param>
    internal OutputVariable(PSCmdlet cmdlet, string parameter, string name, object sample)
    {
        (this.cmdlet, this.parameter, this.name) = (cmdlet, parameter, name);
        Try(() =>
        {
            if (cmdlet.SessionState.PSVariable.Get(name) is not { } variable) return;
            var before = variable.Value;
            variable.Value = sample;
            variable.Value = before;
        });
    }

    /// <summary>As Microsoft's cmdlets set theirs: a name without a scope is a global variable.</summary>
    internal static string Global(string name) => name.IndexOf(':') < 0 ? $"global:{name}" : name;

    internal void Set(object? value) => Try(() => cmdlet.SessionState.PSVariable.Set(name, value));

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (RuntimeException failure)
        {
            cmdlet.ThrowTerminatingError(new ErrorRecord(
                new ArgumentException($"-{parameter} names the variable {name}, which cannot be set. Name another one. {failure.Message}", failure),
                "InvalidVariable", ErrorCategory.InvalidArgument, name));
        }
    }
}
