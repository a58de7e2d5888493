// -ContextScope CurrentUser: the refresh token of a user's sign-in, in the system's keeper for as long as the session is not disconnected.

namespace MgPresence.SignIn;

/// <summary>One session's place in the keeper.</summary>
internal sealed class KeptSignIn(ITokenKeeper keeper, string name, PresenceContext context, HostCalls host)
{
    private readonly object writing = new();
    private bool isDeleted;

    /// <summary>The refresh token of an earlier process, or null. The caller wipes it.</summary>
    /// <exception cref="NoKeeperException">The keeper cannot be used.</exception>
    internal byte[]? Load() => keeper.Load(name);

    /// <summary>Takes what the service gave in place of the last token, on a thread of the library. null: the service accepts it no more.</summary>
    internal void Replace(byte[]? token)
    {
        try
        {
            lock (writing)
            {
                if (isDeleted) return; // a renewal that was under way when the session ended
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

    /// <summary>Forgets the token for good.</summary>
    /// <exception cref="NoKeeperException">The keeper cannot be used.</exception>
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
