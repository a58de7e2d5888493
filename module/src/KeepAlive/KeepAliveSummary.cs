// The output of Get-MgPresenceKeepAlive -Summary for a session.

using System.Collections.Generic;
using System.Linq;
using MgPresence.Interop;

namespace MgPresence;

/// <summary>The counters of the presences that a session keeps.</summary>
public sealed class KeepAliveSummary
{
    internal KeepAliveSummary(PresenceContext context, IEnumerable<KeepAliveNumbers> numbers)
    {
        var all = numbers.ToArray();
        (Pending, Held, Failing) = (all.Sum(one => one.Pending), all.Sum(one => one.Held), all.Sum(one => one.Failing));
        (Lost, Refused) = (all.Sum(one => one.Lost), all.Sum(one => one.Refused));
        (Renewals, Failures) = (all.Sum(one => one.Renewals), all.Sum(one => one.Failures));
        Context = context;
    }

    /// <summary>Presences that have not been set yet.</summary>
    public int Pending { get; }

    /// <summary>Presences that are in effect.</summary>
    public int Held { get; }

    /// <summary>Presences whose last attempt failed. Those that were set before still last.</summary>
    public int Failing { get; }

    /// <summary>Presences that were not renewed in time. They are tried again.</summary>
    public int Lost { get; }

    /// <summary>Presences that Graph refused. They are not tried again.</summary>
    public int Refused { get; }

    /// <summary>Successful requests that set a presence.</summary>
    public long Renewals { get; }

    /// <summary>Failed attempts to set a presence.</summary>
    public long Failures { get; }

    /// <summary>The session.</summary>
    public PresenceContext Context { get; }
}
