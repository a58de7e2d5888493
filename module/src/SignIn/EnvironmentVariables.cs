// The environment variables that PowerShell shows. On Linux and macOS, $env: changes .NET's copy of them, which the library cannot see.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

namespace MgPresence.SignIn;

internal static class EnvironmentVariables
{
    // What the ways to sign in read, and what names a proxy.
    private static readonly string[] Prefixes = ["AZURE_", "IDENTITY_", "IMDS_", "MSI_", "ACTIONS_ID_TOKEN_", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD"];

    /// <summary>Those that the library reads, as NAME=value; null where it sees them itself.</summary>
    internal static string[]? Ours => RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? null : [.. Read()];

    private static IEnumerable<string> Read() =>
        from DictionaryEntry variable in Environment.GetEnvironmentVariables()
        let name = (string)variable.Key
        where Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        select $"{name}={variable.Value}";
}
