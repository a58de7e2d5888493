// A JSON object in PowerShell's hands: keys in any case, as in a hashtable, and in the order in which they came.

using System;
using System.Collections.Generic;

namespace MgPresence.Json;

/// <summary>Members of a JSON object. As text it is JSON, so that Export-Csv and string expansion show something.</summary>
public sealed class JsonObject() : Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
{
    internal string? Text(string name) => TryGetValue(name, out var value) ? value as string : null;

    internal JsonObject? Object(string name) => TryGetValue(name, out var value) ? value as JsonObject : null;

    /// <summary>The object as JSON text.</summary>
    public override string ToString() => JsonWriter.Write(this);
}
