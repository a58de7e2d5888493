// What the library calls its options, in the words of Connect-MgPresence and Set-MgPresenceRequestContext: an error's advice names what a script can change.

using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace MgPresence;

internal static class ParameterNames
{
    private static readonly Dictionary<string, string> Parameters = new()
    {
        ["tenant_id"] = "-TenantId", ["client_id"] = "-ClientId", ["client_secret"] = "-ClientSecretCredential", ["login_hint"] = "-LoginHint",
        ["certificate_file"] = "-CertificatePath", ["certificate_password"] = "-CertificatePassword",
        ["assertion_file"] = "-FederatedTokenFile", ["client_assertion"] = "-FederatedToken",
        ["base_url"] = "-BaseUri", ["proxy_url"] = "-Proxy", ["ca_file"] = "-CaFile", ["interval"] = "-Interval",
        ["timeout"] = "-TimeoutSec of Connect-MgPresence", ["max_attempts"] = "-MaxAttempts of Connect-MgPresence",
        ["retry_budget"] = "-RetriesTimeLimit of Set-MgPresenceRequestContext",
    };

    // The library marks an option: "Option `ca_file` ...", "raise `timeout`".
    private static readonly Regex Marked = new("(Option )?`([a-z_]+)`", RegexOptions.CultureInvariant);

    /// <summary>The message with the names of parameters.</summary>
    internal static string In(string message) =>
        Marked.Replace(message, option => Parameters.TryGetValue(option.Groups[2].Value, out var parameter) ? parameter : option.Value);
}
