// Redacts secrets in the caller's headers for error records, which are logged, mailed and pasted into tickets.

using System;
using System.Collections;
using System.Collections.Specialized;
using System.Linq;
using MgPresence.Interop;

namespace MgPresence;

internal static class SecretHeaders
{
    private const string Redacted = "[redacted]";

    /// <summary>The headers as they are sent, with secret values redacted. For rejected headers, all values are redacted, because a misspelled name may hide a secret.</summary>
    internal static IDictionary? Redact(IDictionary? headers, bool areRefused)
    {
        if (headers is null) return null;
        var shown = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry header in headers)
        {
            string[] values = [.. HeaderValues.Of(header.Value)];
            if (areRefused || IsSecret(HeaderValues.Text(header.Key), values)) values = [Redacted];
            shown[header.Key] = values.Length > 1 ? values : values.FirstOrDefault();
        }
        return shown;
    }

    private static bool IsSecret(string name, string[] values) =>
        Array.Exists(Secrets.PartsOfHeaderNames, secret => name.IndexOf(secret, StringComparison.OrdinalIgnoreCase) >= 0)
        || Array.Exists(values, value => Array.Exists(Secrets.StartsOfValues, start => value.TrimStart().StartsWith(start, StringComparison.OrdinalIgnoreCase)));
}
