// Redacts secrets in the caller's headers for error records, which are logged, mailed and pasted into tickets.

using System;
using System.Collections;
using System.Collections.Specialized;
using MgPresence.Interop;

namespace MgPresence;

internal static class SecretHeaders
{
    private const string Redacted = "[redacted]";

    /// <summary>A copy with secret values redacted. For rejected headers, all values are redacted, because a misspelled name may hide a secret.</summary>
    internal static IDictionary? Redact(IDictionary? headers, bool areRefused)
    {
        if (headers is null) return null;
        var shown = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry header in headers)
            shown[header.Key] = areRefused || IsSecret(header) ? Redacted : header.Value;
        return shown;
    }

    private static bool IsSecret(DictionaryEntry header)
    {
        var name = header.Key.ToString();
        return Array.Exists(Secrets.PartsOfHeaderNames, secret => name.IndexOf(secret, StringComparison.OrdinalIgnoreCase) >= 0)
            || header.Value?.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) == true;
    }
}
