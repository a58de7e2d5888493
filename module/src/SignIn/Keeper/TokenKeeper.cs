// Where a refresh token outlives the process: in the system's own keeper of secrets, and nowhere else. Nothing of it is loaded before a
// session asks for -ContextScope CurrentUser.

using System;
using System.Runtime.InteropServices;

namespace MgPresence.SignIn;

/// <summary>Keeps one secret text for each session of the user. Each call may block, and may come from any thread.</summary>
internal interface ITokenKeeper
{
    /// <summary>The kept secret in UTF-8, or null. The caller wipes it.</summary>
    /// <exception cref="NoKeeperException">The keeper cannot be used.</exception>
    byte[]? Load(string session);

    /// <summary>Keeps a secret in place of the one before.</summary>
    /// <exception cref="NoKeeperException">The keeper cannot be used.</exception>
    void Save(string session, byte[] secret);

    /// <summary>Forgets a secret; without effect if there is none.</summary>
    /// <exception cref="NoKeeperException">The keeper cannot be used.</exception>
    void Delete(string session);
}

/// <summary>Why the system keeps no secrets, in a sentence.</summary>
internal sealed class NoKeeperException(string message, Exception? inner = null) : Exception(message, inner);

internal static class TokenKeeper
{
    /// <summary>What a keeper's own tools show beside the session.</summary>
    internal const string Label = "MgPresence sign-in";

    /// <summary>This system's keeper.</summary>
    internal static ITokenKeeper OfThisSystem() =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? new DataProtection()
        : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? new Keychain()
        : new SecretService();

    /// <summary>The name of a session: where, in which tenant and as which application a user signs in.</summary>
    internal static string NameOf(string authority, string? tenant, string? clientId) => $"{authority}/{tenant ?? "organizations"}/{clientId ?? "default"}";
}
