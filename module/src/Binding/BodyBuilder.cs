// Builds the body of an expanded parameter set: each bound parameter under Graph's name, and -AdditionalProperties.

using System;
using System.Collections;
using System.Management.Automation;
using MgPresence.Json;

namespace MgPresence;

internal static class BodyBuilder
{
    /// <param name="shape">The keys that Graph knows.</param>
    /// <param name="additional">-AdditionalProperties.</param>
    /// <param name="given">The value of a parameter that was given; else null, and false.</param>
    internal static JsonObject Expand(BodyShape shape, Hashtable? additional, TryGet given)
    {
        var body = new JsonObject();
        if (additional is not null) Add(body, shape, additional, given);
        foreach (var key in shape.Keys)
            if (given(key.Parameter, out var value) && BodyConverter.Value(key, value) is { } converted) body[key.Name] = converted;
        return body;
    }

    private static void Add(JsonObject body, BodyShape shape, Hashtable additional, TryGet given)
    {
        foreach (DictionaryEntry entry in additional)
        {
            var name = LanguagePrimitives.ConvertTo<string>(entry.Key);
            var key = shape.Find(name);
            if (key is not null && given(key.Parameter, out _))
                throw new ArgumentException($"{key.Name} is given twice: by -{key.Parameter} and in -AdditionalProperties. Give it once.");
            if (Bare.Of(entry.Value) is not null) body[key?.Name ?? name] = key is null ? entry.Value : BodyConverter.Value(key, entry.Value);
        }
    }

    internal delegate bool TryGet(string parameter, out object? value);
}
