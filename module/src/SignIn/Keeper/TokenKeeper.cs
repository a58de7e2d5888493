// The system's secret store, the only place where a refresh token is kept after the process ends. It is not loaded until a session uses
// -ContextScope CurrentUser.

using System;
using System.Runtime.InteropServices;

namespace MgPresence.SignIn;

/// <summary>Stores one secret text for each session of the user. Each method may block, and may be called from any thread.</summary>
internal interface ITokenKeeper
{
    /// <summary>The stored secret in UTF-8, or null. The caller must clear it.</summary>
    /// <exception cref="NoKeeperException">The secret store cannot be used.</exception>
    byte[]? Load(string session);

    /// <summary>Stores a secret in place of the previous one.</summary>
    /// <exception cref="NoKeeperException">The secret store cannot be used.</exception>
    void Save(string session, byte[] secret);

    /// <summary>Deletes a secret. Has no effect if there is none.</summary>
    /// <exception cref="NoKeeperException">The secret store cannot be used.</exception>
    void Delete(string session);
}

/// <summary>The system's secret store cannot be used. The message is a sentence with the reason.</summary>
internal sealed class NoKeeperException(string message, Exception? inner = null) : Exception(message, inner);

internal static class TokenKeeper
{
    /// <summary>The name that the secret store's own tools show beside the session.</summary>
    internal const string Label = "MgPresence sign-in";

    /// <summary>The secret store of this system.</summary>
    internal static ITokenKeeper OfThisSystem() =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? new DataProtection()
        : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? new Keychain()
        : new SecretService();

    /// <summary>The name of a session: its sign-in address, tenant and application, in any case of their letters.</summary>
    internal static string NameOf(string authority, string? tenant, string? clientId) => $"{authority}/{tenant ?? "organizations"}/{clientId ?? "default"}".ToLowerInvariant();
}
