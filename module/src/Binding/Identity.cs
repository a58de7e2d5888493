// The id in whatever names a user: a text, a Guid, a row, a user object, an identity of Microsoft's modules, a hashtable.

using System;
using System.Collections;
using System.Management.Automation;

namespace MgPresence;

internal static class Identity
{
    /// <summary>The id; null where there is none.</summary>
    /// <param name="value">What was given.</param>
    /// <param name="parameter">UserId or PresenceId: where to look first.</param>
    internal static string? Of(object? value, string parameter) => Bare(value) switch
    {
        null => "",
        string text => text,
        Guid id => id.ToString(),
        ValueType number => LanguagePrimitives.ConvertTo<string>(number),
        _ => Member(value, parameter) ?? Member(value, "UserId") ?? Member(value, "Id") ?? Member(value, "UserPrincipalName"),
    };

    /// <summary>A member of a dictionary or an object as text, its name in any case; null where it is absent or empty.</summary>
    internal static string? Member(object? value, string name)
    {
        var found = Bare(value) is IDictionary dictionary ? Entry(dictionary, name)
            : value is null ? null
            : PSObject.AsPSObject(value).Properties[name]?.Value;
        return found is not null && LanguagePrimitives.ConvertTo<string>(found) is { Length: > 0 } text ? text : null;
    }

    private static object? Entry(IDictionary dictionary, string name)
    {
        foreach (DictionaryEntry entry in dictionary)
            if (entry.Key is string key && key.Equals(name, StringComparison.OrdinalIgnoreCase)) return entry.Value;
        return null;
    }

    private static object? Bare(object? value) => value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;
}
