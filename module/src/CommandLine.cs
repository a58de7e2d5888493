// Joins the arguments of a program to the string for ProcessStartInfo; netstandard2.0 does not have its ArgumentList.
// Windows programs split that string by the rules of their C runtime, and .NET splits it by the same rules on Unix.
// https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace MgPresence;

internal static class CommandLine
{
    /// <summary>Joins the arguments so that the program receives exactly these.</summary>
    /// <exception cref="ArgumentException">An argument contains U+0000, which ends an argument on every system.</exception>
    internal static string Join(IEnumerable<string> arguments) => string.Join(" ", arguments.Select(Quote));

    private static string Quote(string argument)
    {
        if (argument.Contains('\0')) throw new ArgumentException("A NUL character (U+0000) cannot be part of an argument.");

        var quoted = new StringBuilder("\"");
        var backslashes = 0;
        foreach (var character in argument)
        {
            // Backslashes are themselves, except in front of a quote, where each needs another one.
            if (character == '"') quoted.Append('\\', backslashes + 1);
            backslashes = character == '\\' ? backslashes + 1 : 0;
            quoted.Append(character);
        }
        return quoted.Append('\\', backslashes).Append('"').ToString();
    }
}
