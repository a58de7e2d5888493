// -ContextScope CurrentUser: keeps the refresh token of a user's sign-in in the system's secret store until the session is disconnected.

using System;
using System.Linq;
using System.Security.Cryptography;

namespace MgPresence.SignIn;

/// <summary>One session's entry in the secret store.</summary>
internal sealed class KeptSignIn(ITokenKeeper keeper, string name, PresenceContext context, HostCalls host)
{
    private readonly object writing = new();
    private byte[]? known; // the hash of the token that this session has last loaded or stored
    private bool isSignedIn, isDeleted;

    /// <summary>The refresh token of an earlier process, or null. The caller must clear it.</summary>
    /// <exception cref="NoKeeperException">The secret store cannot be used.</exception>
    internal byte[]? Load()
    {
        var token = keeper.Load(name);
        known = HashOf(token);
        return token;
    }

    /// <summary>Ends the sign-in. From now on, only this session's own token is replaced, and not that of another process.</summary>
    internal void SignedIn()
    {
        lock (writing) isSignedIn = true;
    }

    /// <summary>Stores the service's new refresh token. Called on a thread of the library. null means that the service no longer accepts the old token.</summary>
    internal void Replace(byte[]? token)
    {
        try
        {
            lock (writing)
            {
                if (isDeleted) return; // the session ended during the renewal
                if (isSignedIn && !IsOwn()) return;
                known = HashOf(token);
                if (token is null) keeper.Delete(name);
                else keeper.Save(name, token);
            }
        }
        catch (NoKeeperException failure)
        {
            context.ContextScope = ContextScope.Process;
            host.Tell(cmdlet => cmdlet.WriteWarning(NotKept(failure)));
        }
    }

    // Another process may have disconnected, or have signed in as another user.
    private bool IsOwn()
    {
        var kept = keeper.Load(name);
        var hash = HashOf(kept);
        if (kept is null && known is not null) context.ContextScope = ContextScope.Process;
        else if (kept is not null) Array.Clear(kept, 0, kept.Length);
        return (hash ?? []).SequenceEqual(known ?? []);
    }

    private static byte[]? HashOf(byte[]? token)
    {
        if (token is null) return null;
        using var hash = SHA256.Create();
        return hash.ComputeHash(token);
    }

    /// <summary>Deletes the kept sign-in permanently, whosever it is now: to ask once more is safer than to leave one behind.</summary>
    /// <exception cref="NoKeeperException">The secret store cannot be used.</exception>
    internal void Delete()
    {
        lock (writing)
        {
            isDeleted = true;
            keeper.Delete(name);
        }
    }

    internal static string NotKept(NoKeeperException reason) => $"The sign-in ends with this process. {reason.Message}";
}
