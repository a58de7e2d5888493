// The presences that this process keeps alive: one list for all runspaces, as there is one session. They end with Stop-MgPresenceKeepAlive, with
// their session, with the runspace that started them or its module, and with the process.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation.Runspaces;
using System.Threading;
using MgPresence.Interop;

namespace MgPresence;

/// <summary>The presences that are kept alive. PowerShell code never runs here, on any thread.</summary>
internal static class KeepAlives
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);
    private static readonly object Gate = new();
    private static readonly List<KeepAliveGroup> Groups = [];
    private static readonly List<KeptPresence> NotCleared = []; // until a Stop-MgPresenceKeepAlive has told of them
    private static readonly HashSet<Guid> Watched = [];
    private static long version;

    /// <summary>Keeps the presence that a request sets, after the same one that is still being stopped, if <paramref name="waits"/>.</summary>
    /// <exception cref="PresenceException">The library refuses the request.</exception>
    /// <exception cref="InvalidOperationException">The presence is kept with other options, or by another session.</exception>
    internal static void Hold(Session session, bool clears, TimeSpan interval, PresenceRequest request, KeptPresence presence, string hostName, Func<bool> waits)
    {
        var runspace = Runspace.DefaultRunspace;
        for (; ; Thread.Sleep(LookInterval))
        {
            lock (Gate)
            {
                Look();
                var group = Groups.Find(known => known.Takes(presence, clears, interval));
                if (Groups.FindAll(other => other != group).Select(other => other.Opponent(presence)).FirstOrDefault(other => other is not null) is { } opponent)
                {
                    if (opponent.End.IsAskedFor && waits()) continue;
                    throw new InvalidOperationException($"The presence of {presence.UserId ?? "the signed-in user"} {WhyNot(opponent, session)}");
                }
                if (group is null) Groups.Add(group = new KeepAliveGroup(session, presence.Operation, clears, interval));
                group.Hold(request, presence, Watch(runspace, hostName));
                NotCleared.RemoveAll(old => old.Operation == presence.Operation && UserIdComparer.Instance.Equals(old.UserId ?? "", presence.UserId ?? "") && old.FightsWith(presence));
                return;
            }
        }
    }

    /// <summary>The presences as they are now, and the number of the last event of any of them.</summary>
    internal static IReadOnlyList<KeptPresence> All(out long now)
    {
        lock (Gate)
        {
            Look();
            now = version;
            return [.. Groups.SelectMany(group => group.Presences).Select(presence => presence.Copy())];
        }
    }

    /// <summary>The users of whom presences are kept, or could not be cleared and are not reported yet; empty for the signed-in user.</summary>
    internal static IReadOnlyList<string> UsersOf(Func<KeptPresence, bool> isMeant)
    {
        lock (Gate)
        {
            Look();
            return [.. Groups.SelectMany(group => group.Presences).Concat(NotCleared).Where(isMeant).Select(presence => presence.UserId ?? "").Distinct(UserIdComparer.Instance)];
        }
    }

    /// <summary>The presences of a user, as they are now, and those that could not be cleared and are not reported yet.</summary>
    internal static IReadOnlyList<KeptPresence> Of(string? userId)
    {
        lock (Gate)
        {
            Look();
            var notCleared = NotCleared.Where(presence => UserIdComparer.Instance.Equals(presence.UserId ?? "", userId ?? ""));
            return [.. Groups.Select(group => group.Of(userId)).OfType<KeptPresence>().Concat(notCleared).Select(presence => presence.Copy())];
        }
    }

    /// <summary>Notes that the failed clear of a presence is told.</summary>
    internal static void Told(KeptEnd end)
    {
        lock (Gate) NotCleared.RemoveAll(presence => presence.End == end);
    }

    /// <summary>How many of some presences are still kept, or still have to be cleared. Those that another one has replaced are ignored.</summary>
    internal static int CountOf(IReadOnlyList<KeptPresence> presences)
    {
        lock (Gate)
        {
            Look();
            return presences.Count(presence => Groups.Exists(group => group.Has(presence)));
        }
    }

    /// <summary>The counters of each session.</summary>
    internal static IReadOnlyList<(Session Session, KeepAliveNumbers Numbers)> Count()
    {
        lock (Gate)
        {
            Look();
            return [.. Groups.Select(group => (group.Session, group.Count()))];
        }
    }

    /// <summary>Stops keeping a presence, unless another one has replaced it. It may still have to be cleared.</summary>
    internal static void Release(KeptPresence presence, bool clear)
    {
        lock (Gate)
        {
            Look(); // else the end of what it replaced could pass for its own
            Groups.Find(group => group.Has(presence))?.Release(presence.UserId, clear);
        }
    }

    /// <summary>Stops keeping the presences of a session.</summary>
    internal static void EndOf(Session session)
    {
        lock (Gate)
        {
            foreach (var group in Groups.Where(group => group.Session == session)) group.ReleaseAll();
            Look();
        }
    }

    /// <summary>Stops keeping the presences that a runspace has started.</summary>
    internal static void EndOf(Guid runspace)
    {
        lock (Gate)
        {
            foreach (var group in Groups) group.ReleaseOf(runspace);
            Look();
        }
    }

    private static string WhyNot(KeptPresence opponent, Session session)
    {
        const string First = "Stop it with Stop-MgPresenceKeepAlive first.";
        if (opponent.End.IsAskedFor) return "was stopped, and is not cleared yet. Wait for that with Stop-MgPresenceKeepAlive, and start it again.";
        if (opponent.Context.Session == session) return $"is kept alive with another -ClearOnStop or -Interval. {First}";
        return $"is kept alive by another session of the same application, which was connected at {opponent.Context.ConnectedAt:u}. {First}";
    }

    private static void Look()
    {
        foreach (var group in Groups) group.Look(ref version, NotCleared);
        foreach (var group in Groups.Where(group => group.IsEmpty).ToArray())
        {
            Groups.Remove(group);
            group.Dispose();
        }
    }

    // The console's runspace closes when its process ends, which would interrupt the clearing.
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
