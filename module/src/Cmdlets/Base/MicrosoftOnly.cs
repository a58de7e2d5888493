// Parameters of Microsoft's cmdlets that control their HTTP stack. They exist so that a script fails with an error that says what to use
// instead, and not with "a parameter cannot be found".

using System;
using System.Management.Automation;

namespace MgPresence.Cmdlets;

internal static class MicrosoftOnly
{
    private static readonly (string Parameter, string Instead)[] Alternatives =
    [
        ("Break", "Attach a debugger to the process, or see the requests with -Debug."),
        ("HttpPipelineAppend", "Add headers with -Headers, or see the requests with -Debug."),
        ("HttpPipelinePrepend", "Add headers with -Headers, see the requests with -Debug, or test against Start-MgPresenceEmulator."),
    ];

    internal static void Refuse(PSCmdlet cmdlet)
    {
        foreach (var (parameter, instead) in Alternatives)
        {
            if (!cmdlet.MyInvocation.BoundParameters.TryGetValue(parameter, out var value) || value is null or SwitchParameter { IsPresent: false }) continue;
            cmdlet.ThrowTerminatingError(new ErrorRecord(
                new NotSupportedException($"-{parameter} belongs to the HTTP stack of Microsoft.Graph, which MgPresence does not use. {instead}"),
                "NotSupported", ErrorCategory.NotImplemented, parameter));
        }
    }
}
