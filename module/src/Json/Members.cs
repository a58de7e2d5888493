// Decides which PowerShell values are JSON objects.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;

namespace MgPresence.Json;

/// <summary>The members of dictionaries and objects.</summary>
internal static class Members
{
    /// <summary>The keys and values of a dictionary or an object; null for a value without members, such as a text, a number or a list.</summary>
    /// <exception cref="ArgumentException">The object has a type of .NET, such as a file, whose properties are not meant as JSON.</exception>
    internal static IEnumerable<KeyValuePair<string, object?>>? Of(object? value) => Bare.WithMembers(value) switch
    {
        IDictionary dictionary => Entries(dictionary),
        GraphObject model => model.Json,
        PSObject custom => Properties(custom),
        null or IEnumerable or Enum or Uri or Duration or JsonLiteral => null,
        var other when !IsOfDotNet(other.GetType()) => Properties(PSObject.AsPSObject(other)),
        ValueType => null,
        var other => throw NotJson(other),
    };

    internal static ArgumentException NotJson(object value) =>
        new($"A {value.GetType().FullName} cannot be sent as JSON. Give a hashtable, an object that has the members as properties, or JSON text.");

    private static bool IsOfDotNet(Type type) => type.Namespace is { } home && (home == "System" || home.StartsWith("System.", StringComparison.Ordinal));

    private static IEnumerable<KeyValuePair<string, object?>> Entries(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary)
            yield return new(LanguagePrimitives.ConvertTo<string>(entry.Key), entry.Value);
    }

    private static IEnumerable<KeyValuePair<string, object?>> Properties(PSObject custom)
    {
        foreach (var property in custom.Properties)
            if (property.IsGettable) yield return new(property.Name, property.Value);
    }
}
