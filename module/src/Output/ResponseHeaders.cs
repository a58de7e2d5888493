// Response headers for -ResponseHeadersVariable, in the form of Microsoft's cmdlets.

using System;
using System.Collections.Generic;
using System.Linq;

namespace MgPresence;

internal static class ResponseHeaders
{
    // The library returns the names in lower case, as HTTP/2 sends them. This list has the names of Graph's headers in Graph's spelling.
    private static readonly Dictionary<string, string> Written = new[]
    {
        "Allow", "Cache-Control", "Connection", "Content-Encoding", "Content-Language", "Content-Length", "Content-Location", "Content-Type",
        "Date", "Deprecation", "ETag", "Expires", "Keep-Alive", "Last-Modified", "Link", "Location", "OData-Version", "Pragma", "Preference-Applied",
        "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After", "Server", "Set-Cookie", "Strict-Transport-Security", "Sunset",
        "Transfer-Encoding", "Vary", "Via", "Warning", "WWW-Authenticate",
    }.ToDictionary(name => name, StringComparer.OrdinalIgnoreCase);

    /// <summary>A case-insensitive dictionary from each name to an array of its values.</summary>
    internal static Dictionary<string, IEnumerable<string>> ToDictionary(IEnumerable<KeyValuePair<string, string>> headers) => headers
        .GroupBy(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(group => Name(group.Key), group => (IEnumerable<string>)group.ToArray(), StringComparer.OrdinalIgnoreCase);

    private static string Name(string name) => Written.TryGetValue(name, out var written) ? written : name;
}
