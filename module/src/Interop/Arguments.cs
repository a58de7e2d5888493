// Arguments that must not be null, for callers without nullable reference types.

using System;

namespace MgPresence.Interop;

internal static class Arguments
{
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    internal static T Required<T>(this T? value, string name)
        where T : class => value ?? throw new ArgumentNullException(name);
}
