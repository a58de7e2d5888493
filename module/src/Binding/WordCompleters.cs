// Completes parameters that accept one of a few words. PowerShell 5.1 does not have ArgumentCompletions. Even a completer without
// results keeps PowerShell from offering file names.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace MgPresence;

/// <summary>Completes with the words of a list that begin as typed.</summary>
public abstract class WordCompleter : IArgumentCompleter
{
    private static readonly Regex Bareword = new(@"^[\w.][\w.@-]*$", RegexOptions.CultureInvariant);

    private protected abstract IEnumerable<string> Words { get; }

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = wordToComplete.Trim('\'', '"');
        return Words.Where(word => word.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).Select(word => new CompletionResult(Quoted(word), word, CompletionResultType.ParameterValue, word));
    }

    // A word that the shell would not read as it is, such as o'brien@contoso.example.
    private static string Quoted(string word) => Bareword.IsMatch(word) ? word : $"'{CodeGeneration.EscapeSingleQuotedStringContent(word)}'";
}

/// <summary>Completes -Environment with the clouds that have presence.</summary>
public sealed class CloudCompleter : WordCompleter
{
    private protected override IEnumerable<string> Words => ["Global", "USGov", "USGovDoD", "BleuCloud"];
}

/// <summary>Completes -WorkLocationType.</summary>
public sealed class WorkLocationTypeCompleter : WordCompleter
{
    private protected override IEnumerable<string> Words => ["office", "remote", "timeOff", "unspecified"];
}

/// <summary>Completes with the properties of a presence.</summary>
public sealed class PropertyCompleter : WordCompleter
{
    private protected override IEnumerable<string> Words => BodyShape.Presence.Keys.Select(key => key.Name).Append("sequenceNumber");
}

/// <summary>Completes with the users whose presence is kept alive.</summary>
public sealed class KeptUserCompleter : WordCompleter
{
    private protected override IEnumerable<string> Words => KeepAlives.All(out _).Select(presence => presence.UserId ?? "").Where(user => user.Length > 0).Distinct();
}
