// Unwraps a value: removes the PSObject that PowerShell wraps it in, and converts the types of other JSON libraries.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using MgPresence.Json;

namespace MgPresence;

internal static class Bare
{
    /// <summary>The value itself.</summary>
    internal static object? Of(object? value) => Plain(value is PSObject wrapped ? wrapped.BaseObject : value);

    /// <summary>The value itself, but a custom object in its wrapper, which has the members.</summary>
    internal static object? WithMembers(object? value) => value is PSObject { BaseObject: PSCustomObject } ? value : Of(value);

    private static object? Plain(object? value) => value switch
    {
        DBNull => null, // an empty cell of a DataRow
        null or string or IDictionary => value,
        IEnumerable<KeyValuePair<string, object?>> members => members.ToDictionary(member => member.Key, member => member.Value), // such as an ExpandoObject
        _ => ForeignJson.Read(value),
    };
}
