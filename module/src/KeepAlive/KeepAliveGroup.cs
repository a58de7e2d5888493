// One keep-alive of the library: presences of one session and one operation that are renewed and ended in the same way. Of one operation, because
// the library releases all presences of a user together. A cmdlet takes the events from the keep-alive's queue; the library keeps only the latest
// event of each presence.

using System;
using System.Collections.Generic;
using System.Linq;
using MgPresence.Interop;

namespace MgPresence;

/// <summary>The presences of one keep-alive. Locked by <see cref="KeepAlives"/>.</summary>
internal sealed class KeepAliveGroup : IDisposable
{
    private readonly KeepAlive keepAlive;
    private readonly Dictionary<string, Entry> entries = new(UserIdComparer.Instance);
    private readonly Session session;
    private readonly Operation operation;
    private readonly bool clears;
    private readonly TimeSpan interval;

    internal KeepAliveGroup(Session session, Operation operation, bool clears, TimeSpan interval)
    {
        (this.session, this.operation, this.clears, this.interval) = (session, operation, clears, interval);
        var clients = session.Enter();
        try { keepAlive = new KeepAlive(clients.Own, KeepAliveOptions.ReportRenewals | (clears ? KeepAliveOptions.ClearOnStop : KeepAliveOptions.None), interval); }
        finally { clients.Leave(); } // the keep-alive goes on without them
    }

    /// <summary>A presence, and the runspace that started it.</summary>
    private readonly struct Entry(KeptPresence presence, Guid owner, string? body)
    {
        internal KeptPresence Presence => presence;
        internal Guid Owner => owner;
        internal string? Body => body;
    }

    internal Session Session => session;

    internal bool IsEmpty => entries.Count == 0;

    internal IEnumerable<KeptPresence> Presences => entries.Values.Select(entry => entry.Presence);

    /// <summary>Whether a presence that is renewed and ended in this way belongs here.</summary>
    internal bool Takes(KeptPresence presence, bool clears, TimeSpan interval) =>
        presence.Context.Session == session && presence.Operation == operation && clears == this.clears && interval == this.interval;

    /// <summary>What is held of a user; null where nothing is.</summary>
    internal KeptPresence? Of(string? userId) => entries.TryGetValue(userId ?? "", out var entry) ? entry.Presence : null;

    internal bool Has(KeptPresence presence) => Held(presence)?.End == presence.End;

    /// <summary>What would fight with another keep-alive of a presence; null where nothing would.</summary>
    internal KeptPresence? Opponent(KeptPresence presence) =>
        Held(presence) is { } held && held.FightsWith(presence) ? held : null;

    /// <exception cref="PresenceException">The library refuses the request.</exception>
    internal void Hold(PresenceRequest request, KeptPresence presence, Guid owner)
    {
        keepAlive.Hold(request);
        var name = presence.UserId ?? "";
        if (entries.TryGetValue(name, out var before))
            presence.Follow(before.Presence, isSame: string.Equals(before.Body, request.Body, StringComparison.OrdinalIgnoreCase));
        entries[name] = new Entry(presence, owner, request.Body);
    }

    internal void Release(string? userId, bool clear = false)
    {
        if (Of(userId) is not { } presence) return;
        presence.End.IsAskedFor = true;
        try
        {
            if (clear) keepAlive.Clear(userId);
            else keepAlive.Release(userId);
        }
        catch (PresenceException reason) when (reason.Status == Status.NotFound) { } // it has ended meanwhile, and its last event is on the way
    }

    /// <summary>Releases the presences that a runspace has started.</summary>
    internal void ReleaseOf(Guid owner) => Release(entries.Values.Where(entry => entry.Owner == owner));

    internal void ReleaseAll() => Release(entries.Values);

    internal KeepAliveNumbers Count() => keepAlive.Count();

    /// <summary>Takes the events from the queue, and adds the presences that could not be cleared.</summary>
    internal void Look(ref long version, List<KeptPresence> notCleared)
    {
        while (keepAlive.TakeEvent() is { } happened)
        {
            if (happened.State == KeepAliveState.Ended) entries.Clear();
            else if (happened.State == KeepAliveState.Stopped) End(happened.UserId, happened.Error, notCleared);
            else Of(happened.UserId)?.Take(happened, ++version);
        }
    }

    public void Dispose() => keepAlive.Dispose();

    private void Release(IEnumerable<Entry> held)
    {
        foreach (var entry in held.ToArray()) Release(entry.Presence.UserId);
    }

    private void End(string? userId, PresenceException? reason, List<KeptPresence> notCleared)
    {
        if (Of(userId) is not { End.IsAskedFor: true } presence) return; // it was started again since
        entries.Remove(userId ?? "");
        if (reason is null) return;
        presence.End.Failure = reason;
        notCleared.Add(presence);
    }

    private KeptPresence? Held(KeptPresence presence) => presence.Operation == operation ? Of(presence.UserId) : null;
}
