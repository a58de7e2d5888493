// A JSON object for PowerShell: keys ignore case, as in a hashtable, and keep their order.

using System;
using System.Collections.Generic;
using System.Linq;

namespace MgPresence.Json;

/// <summary>The members of a JSON object. Its text is JSON, so that Export-Csv and string expansion show the contents.</summary>
public sealed class JsonObject() : Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
{
    internal string? Text(string name) => TryGetValue(name, out var value) ? value as string : null;

    internal string[] Texts(string name) => TryGetValue(name, out var value) && value is object?[] items ? [.. items.OfType<string>()] : [];

    internal JsonObject? Object(string name) => TryGetValue(name, out var value) ? value as JsonObject : null;

    /// <summary>The object as JSON text.</summary>
    public override string ToString() => JsonWriter.Write(this);
}
