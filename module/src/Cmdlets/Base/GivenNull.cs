// Refuses $null on the command line where the default would differ from what the script asks for, such as an empty variable.

using System;
using System.Linq;
using System.Management.Automation;

namespace MgPresence.Cmdlets;

internal static class GivenNull
{
    /// <summary>Ends the command if one of these parameters was given as $null. An empty property from the pipeline is ignored.</summary>
    /// <param name="cmdlet">The command, before its first input.</param>
    /// <param name="parameters">The parameters.</param>
    internal static void Refuse(PSCmdlet cmdlet, params string[] parameters)
    {
        if (parameters.FirstOrDefault(name => cmdlet.MyInvocation.BoundParameters.TryGetValue(name, out var given) && given is null) is not { } parameter) return;
        cmdlet.ThrowTerminatingError(new ErrorRecord(
            new ArgumentException($"-{parameter} has no value: it was given as $null. Give a value, or leave the parameter out."), "NoValue", ErrorCategory.InvalidArgument, null));
    }
}
