// Refuses -Me:$false. A switch selects its parameter set even if it is false, so the command would apply to the signed-in user.

using System;
using System.Management.Automation;

namespace MgPresence.Cmdlets;

internal static class FalseSwitch
{
    /// <summary>Ends the command if a switch was given as false.</summary>
    /// <param name="cmdlet">The command.</param>
    /// <param name="name">The switch.</param>
    /// <param name="idParameter">The parameter that names users.</param>
    internal static void Refuse(PSCmdlet cmdlet, string name, string idParameter)
    {
        if (!cmdlet.MyInvocation.BoundParameters.TryGetValue(name, out var given) || (SwitchParameter)given) return;
        cmdlet.ThrowTerminatingError(new ErrorRecord(
            new ArgumentException($"-{name}:$false, or $null, does not name a user. Leave out -{name}, and name the user with -{idParameter}."),
            $"Not{name}", ErrorCategory.InvalidArgument, null));
    }
}
