// A JSON value as the text that stands for it: what neither long nor double nor a nested dictionary holds goes out again as it came.

using System.Text.RegularExpressions;

namespace MgPresence.Json;

/// <summary>The text of a value.</summary>
internal readonly struct JsonLiteral(string text)
{
    private static readonly Regex Number = new(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant);

    /// <summary>Whether RFC 8259 calls the text a number.</summary>
    internal static bool IsNumber(string text) => Number.IsMatch(text);

    /// <inheritdoc/>
    public override string ToString() => text;
}
