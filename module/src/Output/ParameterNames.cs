// What the library calls its options, in the words of Connect-MgPresence and Set-MgPresenceRequestContext: an error's advice names what a script can change.

using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace MgPresence;

internal static class ParameterNames
{
    private static readonly Dictionary<string, string> Parameters = new()
    {
        ["tenant_id"] = "-TenantId", ["client_id"] = "-ClientId", ["client_secret"] = "-ClientSecretCredential", ["login_hint"] = "-LoginHint",
        ["certificate_file"] = "-CertificatePath", ["certificate_password"] = "-CertificatePassword",
        ["assertion_file"] = "-FederatedTokenFile", ["client_assertion"] = "-FederatedToken",
        ["base_url"] = "-BaseUri", ["proxy_url"] = "-Proxy", ["ca_file"] = "-CaFile",
        ["max_attempts"] = "-MaxAttempts of Connect-MgPresence", ["raise the retry budget"] = "raise -RetriesTimeLimit of Set-MgPresenceRequestContext",
        ["Raise the timeout"] = "Raise -TimeoutSec of Connect-MgPresence",
    };

    // As a word of the sentence, not within a link, a path, an id or quotation marks.
    private static readonly Regex Options = new(
        $@"(?<![\w/?&@.'""\\-])({string.Join("|", Parameters.Keys.Select(Regex.Escape))})(?![\w=@/'""\\-]|\.\w)", RegexOptions.CultureInvariant);

    /// <summary>The message with the names of parameters.</summary>
    internal static string In(string message) => Options.Replace(message, option => Parameters[option.Value]);
}
