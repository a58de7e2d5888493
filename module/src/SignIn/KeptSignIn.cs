// -ContextScope CurrentUser: keeps the refresh token of a user's sign-in in the system's secret store until the session is disconnected.

namespace MgPresence.SignIn;

/// <summary>One session's entry in the secret store.</summary>
internal sealed class KeptSignIn(ITokenKeeper keeper, string name, PresenceContext context, HostCalls host)
{
    private readonly object writing = new();
    private bool isDeleted;

    /// <summary>The refresh token of an earlier process, or null. The caller must clear it.</summary>
    /// <exception cref="NoKeeperException">The secret store cannot be used.</exception>
    internal byte[]? Load() => keeper.Load(name);

    /// <summary>Stores the service's new refresh token. Called on a thread of the library. null means that the service no longer accepts the old token.</summary>
    internal void Replace(byte[]? token)
    {
        try
        {
            lock (writing)
            {
                if (isDeleted) return; // the session ended during the renewal
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

    /// <summary>Deletes the token permanently.</summary>
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
