// The presences that this process keeps alive: one list for all runspaces, as there is one session. They end with Stop-MgPresenceKeepAlive, with
// their session, with the runspace that started them or its module, and with the process.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation.Runspaces;
using MgPresence.Interop;

namespace MgPresence;

/// <summary>What is kept alive. No code of PowerShell's runs here, on whichever thread.</summary>
internal static class KeepAlives
{
    private static readonly object Gate = new();
    private static readonly List<KeepAliveGroup> Groups = [];
    private static readonly HashSet<Guid> Watched = [];
    private static long version;

    /// <summary>Holds what a request sets.</summary>
    /// <exception cref="PresenceException">The library refuses it.</exception>
    /// <exception cref="InvalidOperationException">That presence is held in another way, or by another session.</exception>
    internal static void Hold(Session session, bool clears, TimeSpan interval, PresenceRequest request, KeptPresence presence, string hostName)
    {
        var runspace = Runspace.DefaultRunspace;
        lock (Gate)
        {
            Look();
            var group = Groups.Find(known => known.Session == session && known.Clears == clears && known.Interval == interval);
            if (Groups.FindAll(other => other != group).Select(other => other.Opponent(presence)).FirstOrDefault(other => other is not null) is { } opponent)
            {
                var how = opponent.Context.Session == session
                    ? "with another -ClearOnStop or -Interval"
                    : $"by another session of the same application, which was connected at {opponent.Context.ConnectedAt:u}";
                throw new InvalidOperationException($"The presence of {presence.UserId ?? "the signed-in user"} is kept alive {how}. Stop it with Stop-MgPresenceKeepAlive first.");
            }
            if (group is null) Groups.Add(group = new KeepAliveGroup(session, clears, interval));
            group.Hold(request, presence, Watch(runspace, hostName));
        }
    }

    /// <summary>What is held now, as it is, that has changed since a version; and the version now.</summary>
    internal static IReadOnlyList<KeptPresence> Since(long seen, out long now)
    {
        lock (Gate)
        {
            Look();
            now = version;
            return [.. Groups.SelectMany(group => group.Presences).Where(presence => presence.Version > seen || seen < 0).Select(presence => presence.Copy())];
        }
    }

    /// <summary>What is held now of a user, as it is.</summary>
    internal static IReadOnlyList<KeptPresence> Of(string? userId)
    {
        lock (Gate)
        {
            Look();
            return [.. Groups.SelectMany(group => group.Of(userId)).Select(presence => presence.Copy())];
        }
    }

    /// <summary>Whether a presence is still held, or is still to be cleared; not where another one has taken its place.</summary>
    internal static bool Has(KeptPresence presence)
    {
        lock (Gate)
        {
            Look();
            return Groups.Exists(group => group.Has(presence));
        }
    }

    /// <summary>The numbers of each session.</summary>
    internal static IReadOnlyList<(Session Session, KeepAliveNumbers Numbers)> Count()
    {
        lock (Gate)
        {
            Look();
            return [.. Groups.Select(group => (group.Session, group.Count()))];
        }
    }

    /// <summary>No longer holds the presences of a user in a session. They may still be cleared.</summary>
    internal static void Release(Session session, string? userId)
    {
        lock (Gate)
        {
            foreach (var group in Groups.Where(group => group.Session == session && group.Has(userId))) group.Release(userId);
        }
    }

    /// <summary>Ends what a session holds.</summary>
    internal static void EndOf(Session session)
    {
        lock (Gate)
        {
            foreach (var group in Groups.Where(group => group.Session == session)) group.ReleaseAll();
            Look();
        }
    }

    /// <summary>Ends what a runspace has started.</summary>
    internal static void EndOf(Guid runspace)
    {
        lock (Gate)
        {
            foreach (var group in Groups) group.ReleaseOf(runspace);
            Look();
        }
    }

    private static void Look()
    {
        foreach (var group in Groups) group.Look(ref version);
        foreach (var group in Groups.Where(group => group.IsEmpty).ToArray())
        {
            Groups.Remove(group);
            group.Dispose();
        }
    }

    // The console's own runspace closes when its process ends, which would stop the clearing somewhere in the middle.
    private static Guid Watch(Runspace? runspace, string hostName)
    {
        if (runspace is null) return Guid.Empty;
        var id = runspace.InstanceId;
        var isOfConsole = hostName == "ConsoleHost" && runspace.Id == 1;
        if (!isOfConsole && Watched.Add(id))
        {
            runspace.StateChanged += (_, change) =>
            {
                if (change.RunspaceStateInfo.State is RunspaceState.Closing or RunspaceState.Closed or RunspaceState.Broken) EndOf(id);
            };
        }
        return id;
    }
}
