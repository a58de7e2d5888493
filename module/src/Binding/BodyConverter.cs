// Converts a script's body (hashtable, [ordered], dictionary, object, JSON text) to the body that is sent.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Xml;
using MgPresence.Json;

namespace MgPresence;

/// <summary>Converts as Microsoft's models do: Graph's own keys in any case to Graph's spelling, every other key unchanged.</summary>
internal static class BodyConverter
{
    /// <summary>A dictionary, or a text that is not a JSON object and that the library will refuse.</summary>
    internal static object Convert(object? body, BodyShape shape)
    {
        var bare = Bare.WithMembers(body);
        if (MembersOf(bare) is { } members) return Shape(members, shape);
        return bare as string ?? JsonWriter.Write(bare);
    }

    /// <summary>One value in the form that its key requires.</summary>
    internal static object? Value(BodyShape.Key key, object? value) => key.Kind switch
    {
        KeyKind.Text => Text(Items(value)),
        KeyKind.OptionalText => Items(value) is var items && IsNone(items) ? null : Text(items),
        KeyKind.OptionalObject when MembersOf(value) is { } members => Shape(members, key.Inner!) is { Count: > 0 } json ? json : null,
        KeyKind.Duration => Duration.From(value)?.Text,
        KeyKind.Ids => Ids(value),
        KeyKind.Object when MembersOf(value) is { } members => Shape(members, key.Inner!),
        _ => value,
    };

    // A nested list is flattened. A value that does not name a user makes the whole request fail.
    private static string[] Ids(object? value)
    {
        var ids = IdTransformationAttribute.IdsOf(value, nameof(Ids));
        return Array.Find(ids, id => Identity.FaultOf(id) is not null) is { } none ? throw new ArgumentException(Identity.FaultOf(none)) : ids;
    }

    // The items of what may be readable only once, such as $input; any other value as it is.
    private static object? Items(object? value) => Bare.Of(value) switch
    {
        IEnumerable => Identity.ListOf(value) is { } list ? list.Cast<object?>().ToArray() : value,
        IEnumerator items => Rest(items).ToArray(),
        _ => value,
    };

    private static IEnumerable<object?> Rest(IEnumerator items)
    {
        while (items.MoveNext()) yield return items.Current;
    }

    // A list without a value is not a text: "" would have a meaning.
    private static bool IsNone(object? value) => Bare.Of(value) is null || (Identity.ListOf(value) is { } list && list.Cast<object?>().All(item => Bare.Of(item) is null));

    // A known text without a value is sent as "", as by Microsoft's cmdlets. Anything else without a value is left out.
    private static JsonObject Shape(IEnumerable<KeyValuePair<string, object?>> members, BodyShape shape)
    {
        var json = new JsonObject();
        foreach (var member in members)
        {
            var key = shape.Find(member.Key);
            var given = Bare.Of(member.Value) is null ? null : member.Value;
            if (given is null && key?.Kind is not KeyKind.Text) continue;
            var value = key is null ? given : Value(key, given);
            if (value is not null) json[key?.Name ?? member.Key] = value;
        }
        return json;
    }

    /// <summary>Keys and values of a dictionary, an object or JSON text; null for what has none, such as a number or a list.</summary>
    private static IEnumerable<KeyValuePair<string, object?>>? MembersOf(object? value)
    {
        var bare = Bare.WithMembers(value);
        return bare is string text ? JsonReader.TryReadObject(text) : Members.Of(bare);
    }

    private static bool IsObject(object? bare) => bare is IDictionary or PSCustomObject;

    private static string Text(object? value) => Bare.Of(value) switch
    {
        null => "",
        TimeSpan span => XmlConvert.ToString(span),
        DateTime time => JsonWriter.Text(time),
        DateTimeOffset time => JsonWriter.Text(time),
        var other when IsObject(other) || (Identity.ListOf(other) is { } list && list.Cast<object?>().Any(item => IsObject(Bare.Of(item)))) =>
            throw new ArgumentException("A text is wanted where an object was given. Give the property that has the text, such as $row.Note."),
        var other => LanguagePrimitives.ConvertTo<string>(other),
    };
}
