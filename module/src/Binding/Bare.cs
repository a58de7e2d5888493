// Unwraps a value: removes the PSObject that PowerShell wraps it in, and converts the types of other JSON libraries.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Internal;
using MgPresence.Json;

namespace MgPresence;

internal static class Bare
{
    /// <summary>The value itself.</summary>
    internal static object? Of(object? value) => IsNothing(value) ? null : Plain(value is PSObject wrapped ? wrapped.BaseObject : value);

    /// <summary>The value itself, but a custom object in its wrapper, which has the members.</summary>
    internal static object? WithMembers(object? value) => value is PSObject { BaseObject: PSCustomObject } && !IsNothing(value) ? value : Of(value);

    // The result of a statement without one, such as an if, where PowerShell's own parameters take null.
    private static bool IsNothing(object? value) => ReferenceEquals(value, AutomationNull.Value);

    private static object? Plain(object? value) => value switch
    {
        DBNull => null, // an empty cell of a DataRow
        null or string or IDictionary => value,
        IEnumerable<KeyValuePair<string, object?>> members => members.ToDictionary(member => member.Key, member => member.Value), // such as an ExpandoObject
        _ => ForeignJson.Read(value),
    };
}
