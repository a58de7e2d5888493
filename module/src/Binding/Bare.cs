// What a value is without the PSObject that PowerShell wraps it in.

using System.Management.Automation;

namespace MgPresence;

internal static class Bare
{
    /// <summary>The value itself.</summary>
    internal static object? Of(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    /// <summary>The value itself, but a custom object in its wrapper, which has the members.</summary>
    internal static object? WithMembers(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
}
