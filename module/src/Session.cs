// The state of Connect-MgPresence: one client for the process, shared by its runspaces. The only mutable state of the module.

using System;
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

    /// <summary>Null while nobody is connected.</summary>
    internal static Session? Current => Volatile.Read(ref current);

    /// <summary>Puts the session in place of the one before, which is returned. Requests under way end as they began.</summary>
    internal static Session? Replace(Session? session) => Interlocked.Exchange(ref current, session);

    /// <summary>The client for a call; null where it has neither a session nor a token of its own.</summary>
    internal static PresenceClient? ClientFor(bool hasOwnToken) => Current?.Client ?? (hasOwnToken ? Anonymous.Value : null);
}

/// <summary>What Get-MgPresenceContext shows.</summary>
public sealed class PresenceContext
{
    /// <summary>How the session proves who it is.</summary>
    public string AuthType { get; internal set; } = "";

    /// <summary>The cloud by name; null with a base URI.</summary>
    public string? Environment { get; internal set; }

    /// <summary>Where requests go, if not to the cloud's own address.</summary>
    public Uri? BaseUri { get; internal set; }

    /// <summary>The version of the native library.</summary>
    public string LibraryVersion { get; internal set; } = "";
}
