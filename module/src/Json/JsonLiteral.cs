// A JSON value as its text, so that a value that long, double or a nested dictionary cannot represent is sent unchanged.

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
