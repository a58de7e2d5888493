// The values of a header in -Headers, as they are sent.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace MgPresence;

internal static class HeaderValues
{
    /// <summary>A text for each value of an array, one for any other value, and none for $null.</summary>
    internal static IEnumerable<string> Of(object? value) =>
        from one in LanguagePrimitives.GetEnumerable(value)?.Cast<object?>() ?? [value]
        where one is not null
        select Text(one);

    internal static string Text(object value) => Convert.ToString(Bare.Of(value), CultureInfo.InvariantCulture) ?? "";
}
