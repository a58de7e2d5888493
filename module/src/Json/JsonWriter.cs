// Converts PowerShell values to JSON text. netstandard2.0 does not have System.Text.Json, and a request body does not need more than this.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Text;
using System.Xml;

namespace MgPresence.Json;

/// <summary>Writes dictionaries, objects, lists and scalars, each as a script's author would expect to see it in a body.</summary>
internal static class JsonWriter
{
    // Deeper than any Graph body, but shallow enough that a cycle ends in an error and not in a stack overflow.
    private const int MaxDepth = 32;

    internal static string Write(object? value)
    {
        var json = new StringBuilder();
        Append(json, value, 0);
        return json.ToString();
    }

    /// <summary>ISO 8601 with Z for UTC, an offset for another zone, and neither for a time that has no zone.</summary>
    internal static string Text(DateTime time) =>
        time.Kind == DateTimeKind.Local ? Text(new DateTimeOffset(time)) : time.ToString("o", CultureInfo.InvariantCulture);

    /// <summary>ISO 8601 with Z for UTC, else with its offset.</summary>
    internal static string Text(DateTimeOffset time) => time.Offset == TimeSpan.Zero
        ? time.UtcDateTime.ToString("o", CultureInfo.InvariantCulture)
        : time.ToString("o", CultureInfo.InvariantCulture);

    private static void Append(StringBuilder json, object? value, int depth)
    {
        if (depth > MaxDepth) throw new ArgumentException($"A body that is nested deeper than {MaxDepth} levels cannot be written as JSON. Check whether it contains itself.");

        var bare = Bare.WithMembers(value);
        switch (bare)
        {
            case null: json.Append("null"); break;
            case string text: AppendText(json, text); break;
            case JsonLiteral literal: json.Append(literal); break;
            case bool flag: json.Append(flag ? "true" : "false"); break;
            case SwitchParameter flag: json.Append(flag ? "true" : "false"); break;
            case TimeSpan span: AppendText(json, XmlConvert.ToString(span)); break;
            case DateTime time: AppendText(json, Text(time)); break;
            case DateTimeOffset time: AppendText(json, Text(time)); break;
            case double number when double.IsNaN(number) || double.IsInfinity(number): AppendText(json, Invariant(number)); break;
            case double number: json.Append(number.ToString("R", CultureInfo.InvariantCulture)); break;
            case float number: Append(json, (double)number, depth); break;
            case byte or sbyte or short or ushort or int or uint or long or ulong or decimal when bare is not Enum: json.Append(Invariant(bare)); break;
            case BigInteger number: json.Append(Invariant(number)); break;
            case char or Enum or Guid or Uri or Duration: AppendText(json, Invariant(bare)); break;
            case var _ when Members.Of(bare) is { } members: AppendObject(json, members, depth); break;
            case IEnumerable items: AppendItems(json, items, depth); break;
            default: throw Members.NotJson(bare); // a struct of .NET or of a script
        }
    }

    private static void AppendObject(StringBuilder json, IEnumerable<KeyValuePair<string, object?>> members, int depth)
    {
        var first = true;
        json.Append('{');
        foreach (var member in members) AppendMember(json, member.Key, member.Value, depth, ref first);
        json.Append('}');
    }

    private static void AppendMember(StringBuilder json, string name, object? value, int depth, ref bool first)
    {
        if (!first) json.Append(',');
        first = false;
        AppendText(json, name);
        json.Append(':');
        Append(json, value, depth + 1);
    }

    private static void AppendItems(StringBuilder json, IEnumerable items, int depth)
    {
        var first = true;
        json.Append('[');
        foreach (var item in items)
        {
            if (!first) json.Append(',');
            first = false;
            Append(json, item, depth + 1);
        }
        json.Append(']');
    }

    private static void AppendText(StringBuilder json, string text)
    {
        var plain = 0; // the start of the text that was not written yet
        json.Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            if (Escape(text[i]) is not { } escape) continue;
            json.Append(text, plain, i - plain).Append(escape);
            plain = i + 1;
        }
        json.Append(text, plain, text.Length - plain).Append('"');
    }

    private static string? Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < ' ' => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string Invariant(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
