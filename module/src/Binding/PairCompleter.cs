// Completes -Availability and -Activity with the pairs that the cmdlet's operation accepts; for activities, only those that fit the
// availability typed. The pairs come from the library. Update and create have no pairs of their own, so all words are offered.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using MgPresence.Interop;
using MgPresence.Json;

namespace MgPresence;

/// <summary>Completes with the pairs of the cmdlet's operation.</summary>
public sealed class PairCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = wordToComplete.Trim('\'', '"');
        return Words(OperationsOf(commandName, fakeBoundParameters), parameterName, fakeBoundParameters)
            .Where(word => word.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Distinct()
            .Select(word => new CompletionResult(word));
    }

    // Finds the operation by the command's name, which may have a module qualifier or a prefix.
    private static Operation[] OperationsOf(string command, IDictionary bound)
    {
        bool Begins(string verb) => command.Substring(command.IndexOf('\\') + 1).StartsWith(verb, StringComparison.OrdinalIgnoreCase);

        if (Begins("Update-") || Begins("New-")) return [Operation.SetPresence, Operation.SetUserPreferredPresence];
        var isPreferred = command.EndsWith("UserPreferredPresence", StringComparison.OrdinalIgnoreCase) || LanguagePrimitives.IsTrue(bound["Preferred"]);
        return [isPreferred ? Operation.SetUserPreferredPresence : Operation.SetPresence];
    }

    private static IEnumerable<string> Words(Operation[] operations, string parameter, IDictionary bound)
    {
        var (own, other, counterpart) = parameter.Equals("Availability", StringComparison.OrdinalIgnoreCase) ? (0, 1, "Activity") : (1, 0, "Availability");
        var given = bound[counterpart] as string;
        return operations.SelectMany(Pairs).Where(pair => string.IsNullOrEmpty(given) || pair[other].Equals(given, StringComparison.OrdinalIgnoreCase)).Select(pair => pair[own]);
    }

    // [["Available","Available"],…]
    private static IEnumerable<string[]> Pairs(Operation operation) =>
        JsonReader.Read(Operations.Pairs(operation) ?? "[]") is object?[] pairs
            ? pairs.OfType<object?[]>().Select(pair => pair.Cast<string>().ToArray())
            : [];
}
