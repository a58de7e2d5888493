// Response headers in the form that -ResponseHeadersVariable has in Microsoft's cmdlets.

using System;
using System.Collections.Generic;
using System.Linq;

namespace MgPresence;

internal static class ResponseHeaders
{
    /// <summary>Names in any case, each with an array of its values.</summary>
    internal static Dictionary<string, IEnumerable<string>> ToDictionary(IEnumerable<KeyValuePair<string, string>> headers) => headers
        .GroupBy(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(group => group.Key, group => (IEnumerable<string>)group.ToArray(), StringComparer.OrdinalIgnoreCase);
}
