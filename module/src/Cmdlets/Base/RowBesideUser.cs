// Refuses a piped row beside -UserId or -Me: PowerShell binds its columns, and its user would be ignored.

using System;
using System.Linq;
using System.Management.Automation;

namespace MgPresence.Cmdlets;

internal static class RowBesideUser
{
    /// <summary>Throws if the user is on the command line, and one of these parameters was bound to a column of the input.</summary>
    /// <param name="cmdlet">The command, which has an input.</param>
    /// <param name="isNamed">Whether a parameter is on the command line.</param>
    /// <param name="columns">The parameters.</param>
    internal static void Refuse(PSCmdlet cmdlet, Predicate<string> isNamed, params string[] columns)
    {
        if (!isNamed("UserId") && !isNamed("Me")) return;
        if (columns.FirstOrDefault(name => cmdlet.MyInvocation.BoundParameters.ContainsKey(name) && !isNamed(name)) is { } column)
            throw new ArgumentException($"The piped object has a {column}, and its user would be ignored. Name the user once: pipe the object alone, or give -{column}.");
    }
}
