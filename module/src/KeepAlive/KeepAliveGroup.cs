// One keep-alive of the library: presences of one session that are renewed and ended in the same way. A cmdlet takes the events from its
// queue; the library keeps only the latest event of each presence.

using System;
using System.Collections.Generic;
using System.Linq;
using MgPresence.Interop;

namespace MgPresence;

/// <summary>The presences of one keep-alive. Locked by <see cref="KeepAlives"/>.</summary>
internal sealed class KeepAliveGroup : IDisposable
{
    private readonly KeepAlive keepAlive;
    private readonly Dictionary<(Operation, string), Entry> entries = [];

    internal KeepAliveGroup(Session session, bool clears, TimeSpan interval)
    {
        (Session, Clears, Interval) = (session, clears, interval);
        keepAlive = new KeepAlive(session.Client, KeepAliveOptions.ReportRenewals | (clears ? KeepAliveOptions.ClearOnStop : KeepAliveOptions.None), interval);
    }

    /// <summary>A presence, and the runspace that started it.</summary>
    private readonly struct Entry(KeptPresence presence, Guid owner)
    {
        internal KeptPresence Presence => presence;
        internal Guid Owner => owner;
    }

    internal Session Session { get; }

    internal bool Clears { get; }

    internal TimeSpan Interval { get; }

    internal bool IsEmpty => entries.Count == 0;

    internal IEnumerable<KeptPresence> Presences => entries.Values.Select(entry => entry.Presence);

    internal IEnumerable<KeptPresence> Of(string? userId)
    {
        foreach (var operation in new[] { Operation.SetPresence, Operation.SetUserPreferredPresence })
            if (entries.TryGetValue(KeyOf(operation, userId), out var entry)) yield return entry.Presence;
    }

    internal bool Has(string? userId) => Of(userId).Any();

    internal bool Has(KeptPresence presence) => Held(presence)?.End == presence.End;

    /// <summary>What would fight with another keep-alive of a presence; null where nothing would.</summary>
    internal KeptPresence? Opponent(KeptPresence presence) =>
        Held(presence) is { } held && (held.Context.Session == presence.Context.Session || (!held.End.IsAskedFor && held.IsSameAs(presence))) ? held : null;

    /// <exception cref="PresenceException">The library refuses the request.</exception>
    internal void Hold(PresenceRequest request, KeptPresence presence, Guid owner)
    {
        keepAlive.Hold(request);
        entries[KeyOf(presence.Operation, presence.UserId)] = new Entry(presence, owner);
    }

    internal void Release(string? userId)
    {
        keepAlive.Release(userId);
        foreach (var presence in Of(userId)) presence.End.IsAskedFor = true;
    }

    /// <summary>Releases the presences that a runspace has started.</summary>
    internal void ReleaseOf(Guid owner) => Release(entries.Values.Where(entry => entry.Owner == owner));

    internal void ReleaseAll() => Release(entries.Values);

    internal KeepAliveNumbers Count() => keepAlive.Count();

    /// <summary>Takes the events from the queue.</summary>
    internal void Look(ref long version)
    {
        while (keepAlive.TakeEvent() is { } happened)
        {
            var key = KeyOf(happened.Operation, happened.UserId);
            if (happened.State == KeepAliveState.Ended) entries.Clear();
            else if (happened.State == KeepAliveState.Stopped) End(key, happened.Error);
            else if (entries.TryGetValue(key, out var entry)) entry.Presence.Take(happened, ++version);
        }
    }

    public void Dispose() => keepAlive.Dispose();

    private void Release(IEnumerable<Entry> held)
    {
        foreach (var user in held.Select(entry => entry.Presence.UserId).Distinct().ToArray()) Release(user);
    }

    private void End((Operation, string) key, PresenceException? reason)
    {
        if (reason is { Status: not Status.Cancelled } && entries.TryGetValue(key, out var entry)) entry.Presence.End.Failure = reason;
        entries.Remove(key);
    }

    private KeptPresence? Held(KeptPresence presence) =>
        entries.TryGetValue(KeyOf(presence.Operation, presence.UserId), out var entry) ? entry.Presence : null;

    private static (Operation, string) KeyOf(Operation operation, string? userId) => (operation, userId?.ToLowerInvariant() ?? "");
}
