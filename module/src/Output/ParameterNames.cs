// What the library calls its options, in the words of Connect-MgPresence and Set-MgPresenceRequestContext: an error's advice names what a script can change.

using System.Collections.Generic;
using System.Text.RegularExpressions;
using MgPresence.SignIn;

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

    // Where the values of these ways to sign in come from.
    private static readonly Dictionary<string, Dictionary<string, string>> OfSets = new()
    {
        [SignInSets.AppSecretCredential] = new()
        {
            ["client_id"] = "the user name of -ClientSecretCredential", ["client_secret"] = "the password of -ClientSecretCredential",
        },
        [SignInSets.EnvironmentVariable] = new()
        {
            ["tenant_id"] = "AZURE_TENANT_ID", ["client_id"] = "AZURE_CLIENT_ID", ["client_secret"] = "AZURE_CLIENT_SECRET",
            ["certificate_file"] = "AZURE_CLIENT_CERTIFICATE_PATH", ["certificate_password"] = "AZURE_CLIENT_CERTIFICATE_PASSWORD",
            ["assertion_file"] = "AZURE_FEDERATED_TOKEN_FILE",
        },
    };

    // The library marks an option: "Option `ca_file` ...", "raise `timeout`".
    private static readonly Regex Marked = new("(Option )?`([a-z_]+)`", RegexOptions.CultureInvariant);

    /// <summary>The message with the names of parameters, or with those of what a parameter set of Connect-MgPresence has in their place.</summary>
    internal static string In(string message, string? parameterSet = null)
    {
        var ofSet = parameterSet is not null && OfSets.TryGetValue(parameterSet, out var found) ? found : [];
        return Marked.Replace(message, option =>
            !ofSet.TryGetValue(option.Groups[2].Value, out var name) && !Parameters.TryGetValue(option.Groups[2].Value, out name) ? option.Value
            : option.Index > 0 ? name
            : char.ToUpperInvariant(name[0]) + name.Substring(1)); // the first word of a sentence
    }
}
