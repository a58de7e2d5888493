// Converts JSON text to dictionaries, lists and scalars: presences from Graph, and bodies that a script gives as text. A value that
// PowerShell has no type for stays text, so that an odd value in one property does not affect the others.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace MgPresence.Json;

/// <summary>Reads RFC 8259 JSON. Objects become dictionaries in the order of the text, arrays become arrays, numbers long or double.</summary>
internal sealed class JsonReader
{
    // Less than JsonWriter's depth, so that a value that was read can be part of a body. Deeper values stay text.
    private const int MaxDepth = 24;

    private readonly string text;
    private readonly bool keepsNumbers;
    private int at;
    private int depth;

    private JsonReader(string text, bool keepsNumbers) => (this.text, this.keepsNumbers) = (text, keepsNumbers);

    /// <exception cref="FormatException">The text is not JSON.</exception>
    internal static object? Read(string text) => ReadWhole(text, keepsNumbers: false);

    private static object? ReadWhole(string text, bool keepsNumbers)
    {
        var reader = new JsonReader(text, keepsNumbers);
        var value = reader.Value();
        reader.SkipSpace();
        return reader.at == text.Length ? value : throw reader.Unexpected();
    }

    /// <summary>A JSON object whose numbers are <see cref="JsonLiteral"/>, so that it can be written again as it was; null where the text is not a JSON object.</summary>
    internal static JsonObject? TryReadObject(string text)
    {
        try { return ReadExact(text) as JsonObject; }
        catch (FormatException) { return null; }
    }

    /// <summary>Any JSON value, its numbers as in <see cref="TryReadObject"/>.</summary>
    /// <exception cref="FormatException">The text is not JSON.</exception>
    internal static object? ReadExact(string text) => ReadWhole(text, keepsNumbers: true);

    private object? Value()
    {
        SkipSpace();
        if (depth == MaxDepth && Peek() is '{' or '[') return Nested();
        depth++;
        object? value = Peek() switch
        {
            '{' => Object(),
            '[' => Array(),
            '"' => Text(),
            't' => Word("true", true),
            'f' => Word("false", false),
            'n' => Word("null", null),
            _ => Number(),
        };
        depth--;
        return value;
    }

    private JsonObject Object()
    {
        var members = new JsonObject();
        at++;
        SkipSpace();
        if (Accept('}')) return members;
        do
        {
            SkipSpace();
            if (Peek() != '"') throw Unexpected();
            var name = Text();
            SkipSpace();
            Expect(':');
            members[name] = Value(); // of two members with one name the last one wins
            SkipSpace();
        }
        while (Accept(','));
        Expect('}');
        return members;
    }

    private object?[] Array()
    {
        var items = new List<object?>();
        at++;
        SkipSpace();
        if (Accept(']')) return [];
        do
        {
            items.Add(Value());
            SkipSpace();
        }
        while (Accept(','));
        Expect(']');
        return [.. items];
    }

    // An object or array as its text. Counts brackets instead of calling itself: a thousand of them take no stack.
    private JsonLiteral Nested()
    {
        var start = at;
        var open = 0;
        do
        {
            switch (Peek())
            {
                case '"': Text(); continue;
                case '{' or '[': open++; break;
                case '}' or ']': open--; break;
                case '\0': throw Unexpected();
            }
            at++;
        }
        while (open > 0);
        return new JsonLiteral(text.Substring(start, at - start));
    }

    private string Text()
    {
        var value = new StringBuilder();
        at++;
        while (true)
        {
            var c = Peek();
            at++;
            if (c == '"') return value.ToString();
            if (c < ' ') throw Unexpected();
            value.Append(c == '\\' ? Escape() : c);
        }
    }

    private char Escape()
    {
        var c = Peek();
        at++;
        switch (c)
        {
            case '"' or '\\' or '/': return c;
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when at + 4 <= text.Length
                && ushort.TryParse(text.Substring(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                at += 4;
                return (char)code;
            default: throw Unexpected();
        }
    }

    private object Number()
    {
        var start = at;
        while (at < text.Length && (char.IsDigit(text[at]) || text[at] is '+' or '-' or '.' or 'e' or 'E')) at++;
        var number = text.Substring(start, at - start);
        if (!JsonLiteral.IsNumber(number))
        {
            at = start;
            throw Unexpected();
        }
        if (keepsNumbers) return new JsonLiteral(number);
        if (long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return whole;
        if (double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && !double.IsInfinity(real)) return real;
        return new JsonLiteral(number); // such as 1e400, which .NET Framework refuses to read
    }

    private object? Word(string word, object? value)
    {
        if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0) throw Unexpected();
        at += word.Length;
        return value;
    }

    private char Peek() => at < text.Length ? text[at] : '\0';

    private bool Accept(char c)
    {
        if (Peek() != c) return false;
        at++;
        return true;
    }

    private void Expect(char c)
    {
        if (!Accept(c)) throw Unexpected();
    }

    private void SkipSpace()
    {
        while (Peek() is ' ' or '\t' or '\r' or '\n') at++;
    }

    private FormatException Unexpected() =>
        new(at < text.Length ? $"The JSON text has an unexpected '{text[at]}' at position {at}." : "The JSON text ends too early.");
}
