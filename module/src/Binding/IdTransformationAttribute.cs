// Ids by value: a text, or anything that has an id.
// The binder tries -UserId before -InputObject and turns a hashtable into the text "System.Collections.Hashtable" when it may; returning
// the id lets strings, CSV rows, Get-MgUser's objects, identities and hashtables all bind as a person expects.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;

namespace MgPresence;

/// <summary>Takes the id out of what was given to -UserId or -PresenceId.</summary>
/// <param name="parameter">The parameter, whose name comes first among those that an object's id may have.</param>
public sealed class IdTransformationAttribute(string parameter) : ArgumentTransformationAttribute
{
    private readonly string[] names = [parameter, "UserId", "Id", "UserPrincipalName"];

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engine, object inputData)
    {
        if (inputData is null or PSObject { BaseObject: null }) return inputData;
        if (AsList(inputData) is not { } items) return IdOf(inputData);

        var ids = new List<string>();
        foreach (var item in items) ids.Add(IdOf(item));
        return ids.ToArray();
    }

    private static IEnumerable? AsList(object value) =>
        (value is PSObject wrapped ? wrapped.BaseObject : value) is var bare and not string and not IDictionary and IEnumerable ? (IEnumerable)bare : null;

    private string IdOf(object? value)
    {
        switch (value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value)
        {
            case null: return "";
            case string text: return text;
            case Guid id: return id.ToString();
            case ValueType number: return LanguagePrimitives.ConvertTo<string>(number);
        }

        foreach (var name in names)
            if (Member.Of(value, name) is { Length: > 0 } id) return id;
        throw new ArgumentTransformationMetadataException(
            $"{LanguagePrimitives.ConvertTo<string>(value)} has no id; give a text, or an object with {parameter}, Id or UserPrincipalName");
    }
}

/// <summary>Reads a member as text from a dictionary or an object, its name in any case.</summary>
internal static class Member
{
    internal static string? Of(object? value, string name)
    {
        var found = (value is PSObject wrapped ? wrapped.BaseObject : value) is IDictionary dictionary
            ? Entry(dictionary, name)
            : value is null ? null : PSObject.AsPSObject(value).Properties[name]?.Value;
        return found is null ? null : LanguagePrimitives.ConvertTo<string>(found);
    }

    private static object? Entry(IDictionary dictionary, string name)
    {
        foreach (DictionaryEntry entry in dictionary)
            if (entry.Key is string key && key.Equals(name, StringComparison.OrdinalIgnoreCase)) return entry.Value;
        return null;
    }
}
