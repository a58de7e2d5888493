// Extracts the id from anything that names a user: a text, a Guid, a row, a user object, an identity of Microsoft's modules, a hashtable.

using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Xml;

namespace MgPresence;

internal static class Identity
{
    // Marks a text as the reason why there is no id. Ids do not contain this character.
    private const char FaultMark = '\0';

    // What an id was taken from, for as long as the id lives: a parameter of ids has no room for it. Only of a single piped object does PowerShell
    // bind the members by itself.
    private static readonly ConditionalWeakTable<string, object> Sources = new();

    /// <summary>
    /// The id, or else a text for <see cref="FaultOf"/>; several if the member that has the id has a list of them. A parameter that does not
    /// bind is an error at once, before the results of earlier inputs; a parameter that binds to this text is refused in its turn.
    /// </summary>
    internal static string[] OrFaults(object? value, string parameter)
    {
        try
        {
            var name = NameIn(value, parameter);
            var source = Bare.WithMembers(value);
            if (ListOf(name) is { } names) return [.. names.Cast<object?>().Select(one => From(source, Read(one, one, parameter)))];
            return [From(source, Read(name, value, parameter))];
        }
        catch (ExtendedTypeSystemException failure) { return [$"{FaultMark}{failure.Message}"]; } // of a property that throws
    }

    /// <summary>A list that is not itself a text, a row or a body; null for anything else.</summary>
    internal static IEnumerable? ListOf(object? value) =>
        Bare.Of(value) is var bare and not (string or IDictionary or XmlNode) and IEnumerable ? (IEnumerable)bare : null;

    /// <summary>Why there is no id; null if there is one.</summary>
    internal static string? FaultOf(string id) => id.Length > 0 && id[0] == FaultMark ? id.Substring(1) : null;

    /// <summary>The row that the id was taken from: a hashtable or an object; null for a text.</summary>
    internal static object? RowOf(string id) => Sources.TryGetValue(id, out var source) ? source : null;

    /// <summary>The kept presence that the id, or the text without one, was taken from; null where it came in another way.</summary>
    internal static KeptPresence? KeptOf(string id) => RowOf(id) as KeptPresence;

    /// <summary>The id without what it was taken from, for what stays after the cmdlet has ended.</summary>
    internal static string Alone(string id) => new(id.ToCharArray());

    /// <summary>
    /// A parameter's value, else that of the row that the id was taken from. Null where neither has one; an empty cell does not give a value.
    /// </summary>
    internal static string? Cell(string? id, string name, string? bound)
    {
        var value = bound is null or "" && id is not null && RowOf(id) is { } row ? LanguagePrimitives.ConvertTo<string>(Member(row, name)) : bound;
        return value is "" ? null : value;
    }

    /// <summary>A value that is an id, as text; null for anything else.</summary>
    internal static string? Text(object? value) => Bare.Of(value) switch
    {
        null => "",
        string text => text,
        Guid id => id.ToString(),
        IConvertible and ValueType and not (bool or char or DateTime) => LanguagePrimitives.ConvertTo<string>(value), // $true does not name a user
        _ => null,
    };

    /// <summary>A member of a dictionary or an object, ignoring the case of its name; null if it is absent or empty.</summary>
    internal static object? Member(object? value, string name)
    {
        var found = Bare.WithMembers(value) is IDictionary dictionary ? Entry(dictionary, name)
            : value is null ? null
            : PSObject.AsPSObject(value).Properties[name]?.Value;
        return Bare.Of(found) is null or "" or ICollection { Count: 0 } ? null : found;
    }

    /// <summary>A value of a dictionary, ignoring the case of its key; null if it is absent.</summary>
    private static object? Entry(IDictionary dictionary, string name)
    {
        foreach (DictionaryEntry entry in dictionary)
            if (entry.Key is string key && key.Equals(name, StringComparison.OrdinalIgnoreCase)) return entry.Value;
        return null;
    }

    // The value itself, or its member that has the id. Graph knows a user by the principal name for -UserId alone. It does not know the Id of an
    // object of Exchange or of another system, but it knows its principal name.
    private static object? NameIn(object? value, string parameter)
    {
        if (Bare.WithMembers(value) is null or string or ValueType) return value;
        foreach (var name in Members(parameter))
        {
            if (Member(value, name) is not { } member) continue;
            var isOfGraph = name != "Id" || parameter != "UserId" || Text(member) is not { } id || Guid.TryParse(id, out _);
            return isOfGraph ? member : Member(value, "UserPrincipalName") ?? member;
        }
        return null;
    }

    private static string Read(object? name, object? value, string parameter)
    {
        if (Text(name) is not { Length: > 0 } id) return $"{FaultMark}{Show(value)} has no id. Give {Wanted(parameter)}.";
        if (id[0] == FaultMark) return $"{FaultMark}Text with a NUL character (U+0000) cannot be passed on.";
        if (Guid.TryParseExact(id.Trim(), "B", out var guid)) return $"{FaultMark}{Show(id)} has braces, which no id has. Write {guid}.";
        if (id.TrimStart().StartsWith("{", StringComparison.Ordinal)) return $"{FaultMark}{Show(id)} is JSON and not an id. Name the user with -{parameter} in addition to the body.";
        return id;
    }

    private static string[] Members(string parameter) => parameter switch
    {
        "UserId" => ["UserId", "Id", "UserPrincipalName"],
        "PresenceId" => ["PresenceId", "UserId", "Id"],
        _ => ["UserId", "Id"],
    };

    private static string Wanted(string parameter)
    {
        var members = Members(parameter);
        var last = members.Length - 1;
        return $"{(parameter == "UserId" ? "a text" : "an object id as text")}, or an object with {string.Join(", ", members.Take(last))} or {members[last]}";
    }

    // Always a text of its own: the text that was given may be one that another cmdlet took from a row and returned, or that others share.
    private static string From(object? source, string id)
    {
        var own = Alone(id);
        if (source is not (null or string or ValueType)) Sources.Add(own, source);
        return own;
    }

    // As PowerShell formats an object, even for a hashtable, for which PowerShell shows the type.
    private static string Show(object? value)
    {
        var text = Bare.WithMembers(value) switch
        {
            null or "" => "An empty value",
            IDictionary row => $"@{{{string.Join("; ", row.Keys.Cast<object>().Select(key => $"{key}={row[key]}"))}}}",
            _ => LanguagePrimitives.ConvertTo<string>(value),
        };
        return text.Length > 100 ? text.Substring(0, 100) + "…" : text;
    }
}
