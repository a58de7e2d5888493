// What other people write, as a terminal may show it: a status message or an error code could otherwise move the cursor, change the
// title, or turn the direction of the text around. Properties keep the text as it came.

using System.Globalization;
using System.Linq;

namespace MgPresence;

internal static class Printable
{
    /// <summary>The text with control characters as escapes, such as \u{1b}; line breaks and tabs stay.</summary>
    internal static string Of(string text)
    {
        if (!text.Any(IsHidden)) return text;
        return string.Concat(text.Replace("\r\n", "\n").Select(c => IsHidden(c) ? Escape(c) : c.ToString()));
    }

    /// <summary>The same on one line.</summary>
    internal static string Line(string text) => Of(text).Replace('\n', ' ').Replace('\t', ' ');

    /// <summary>What an error shows of a value that may be long, or in the wrong place.</summary>
    internal static string Start(string text) => text.Length > 40 ? text.Substring(0, 40) + "…" : text;

    private static bool IsHidden(char c) => (char.IsControl(c) && c is not ('\n' or '\t')) || c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069';

    private static string Escape(char c) => $"\\u{{{((int)c).ToString("x", CultureInfo.InvariantCulture)}}}";
}
