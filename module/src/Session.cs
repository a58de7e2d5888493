// The state of Connect-MgPresence: one client for the process, shared by its runspaces. The only mutable state of the module.

using System;
using System.Management.Automation;
using System.Security;
using System.Threading;
using MgPresence.Interop;

namespace MgPresence;

/// <summary>Who asks, and where.</summary>
internal sealed class Session(PresenceClient client, PresenceContext context)
{
    private static Session? current;

    // For calls that bring their own token while nobody is connected.
    private static readonly Lazy<PresenceClient> Anonymous = new(() => new PresenceClient(new PresenceClientOptions()));

    internal PresenceClient Client => client;

    internal PresenceContext Context => context;

    /// <summary>Makes the session of a token the current one.</summary>
    internal static void Connect(PresenceClientOptions options, SecureString? token, Uri? baseUri)
    {
        options.AccessToken = token;
        options.BaseUrl = baseUri?.OriginalString;
        options.AllowLoopbackHttp = baseUri is { IsAbsoluteUri: true, Scheme: "http" }; // asked for by writing it; the library refuses any other machine
        var client = new PresenceClient(options);
        Replace(new Session(client, new PresenceContext(client)
        {
            AuthType = "UserProvidedAccessToken",
            Environment = baseUri is null ? options.Cloud ?? "Global" : null,
            BaseUri = baseUri,
        }));
    }

    /// <summary>Null while nobody is connected.</summary>
    internal static Session? Current => Volatile.Read(ref current);

    /// <summary>
    /// Puts the session in place of the one before, which is returned. Its client is let go and not disposed: a pipeline that began with it
    /// ends with it, here or in another runspace. The last who has it leaves its end to the garbage collector.
    /// </summary>
    internal static Session? Replace(Session? session) => Interlocked.Exchange(ref current, session);

    /// <summary>The client for a call: our session's; with a token of its own anybody's; else that of Microsoft's session, if there is one.</summary>
    internal static PresenceClient? ClientFor(PSCmdlet cmdlet, bool hasOwnToken) =>
        Current?.Client ?? (hasOwnToken ? Anonymous.Value : MicrosoftSession.Find(cmdlet)?.Client);
}
