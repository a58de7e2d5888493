// A number of a body as it was written: neither long nor double holds every number that JSON has.

using System.Text.RegularExpressions;

namespace MgPresence.Json;

/// <summary>The digits of a number.</summary>
internal readonly struct JsonNumber(string text)
{
    private static readonly Regex Grammar = new(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant);

    /// <summary>Whether RFC 8259 calls the text a number.</summary>
    internal static bool IsNumber(string text) => Grammar.IsMatch(text);

    /// <inheritdoc/>
    public override string ToString() => text;
}
