// The clients of a session with one set of options, shared by all of its pipelines.

using System.Collections.Concurrent;
using System.Threading;
using MgPresence.Interop;

namespace MgPresence;

/// <summary>
/// The clients of one set of options. When the session has been given other options, they are released with the last pipeline that uses them:
/// each has an open connection, and the garbage collector does not know that.
/// </summary>
internal sealed class SessionClients(PresenceClientOptions options)
{
    // A client for each proxy that calls have asked for, by its URL.
    private readonly ConcurrentDictionary<string, PresenceClient> proxied = new();

    private int users = 1; // the session itself

    internal PresenceClientOptions Options => options;

    internal PresenceClient Own { get; } = new(options);

    internal PresenceClient Through(string proxyUrl) => proxied.GetOrAdd(proxyUrl, url => new PresenceClient(options.With(url)));

    /// <summary>Adds a user, unless the last one has left.</summary>
    internal bool TryEnter()
    {
        int before;
        do before = Volatile.Read(ref users);
        while (before > 0 && Interlocked.CompareExchange(ref users, before + 1, before) != before);
        return before > 0;
    }

    internal void Leave()
    {
        if (Interlocked.Decrement(ref users) > 0) return;
        Own.Dispose();
        foreach (var client in proxied.Values) client.Dispose();
    }
}
