// A presence that is kept alive, as Get-MgPresenceKeepAlive shows it. Its properties have the names of Start-MgPresenceKeepAlive's parameters, so
// that what is held here can be exported, and started again elsewhere.

using System;
using MgPresence.Cmdlets;
using MgPresence.Interop;
using MgPresence.Json;

namespace MgPresence;

/// <summary>A presence that is set again before it fades or expires.</summary>
public sealed class KeptPresence
{
    internal KeptPresence(string? userId, string? availability, string? activity, string? expirationDuration, string? sessionId, bool isPreferred, PresenceContext context)
    {
        (UserId, Availability, Activity, ExpirationDuration) = (userId, availability, activity, expirationDuration);
        (SessionId, Preferred, Context) = (sessionId, isPreferred, context);
    }

    /// <summary>The user as given; null for the one who signed in.</summary>
    public string? UserId { get; }

    /// <summary>What is held: the availability.</summary>
    public string? Availability { get; }

    /// <summary>What is held: the activity.</summary>
    public string? Activity { get; }

    /// <summary>How long it lasts without a renewal; null for Graph's own time.</summary>
    public string? ExpirationDuration { get; }

    /// <summary>Whether it is the preferred presence, and not an application's session.</summary>
    public bool Preferred { get; }

    /// <summary>What happened last.</summary>
    public KeepAliveState State { get; internal set; }

    /// <summary>When that was (UTC).</summary>
    public DateTime? Since { get; internal set; }

    /// <summary>When it was last set (UTC).</summary>
    public DateTime? LastRenewal { get; internal set; }

    /// <summary>When it is next set (UTC), if that is known.</summary>
    public DateTime? NextRenewal { get; internal set; }

    /// <summary>When it fades or expires if it is not renewed (UTC).</summary>
    public DateTime? Expires { get; internal set; }

    /// <summary>Why it is failing, lost or refused; null where it is not.</summary>
    public string? Error { get; internal set; }

    /// <summary>The session that renews it.</summary>
    public PresenceContext Context { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{UserId ?? "me"}: {Availability}/{Activity}, {State}";

    /// <summary>How it ended; shared with its copies.</summary>
    internal KeptEnd End { get; } = new();

    internal string? SessionId { get; }

    /// <summary>Grows with what happens to any presence.</summary>
    internal long Version { get; set; }

    internal Operation Operation => Preferred ? Operation.SetUserPreferredPresence : Operation.SetPresence;

    /// <summary>Whether Graph has one place for both: an application has one session with a user, and a user one preferred presence.</summary>
    internal bool IsSameAs(KeptPresence other) =>
        (Preferred || (SessionId ?? Context.ClientId) == (other.SessionId ?? other.Context.ClientId))
        && Context.Service == other.Context.Service
        && Context.TenantId == other.Context.TenantId
        && (UserId is not null || Context.Account == other.Context.Account);

    /// <summary>A request about it.</summary>
    internal PresenceRequest Request(Operation operation, JsonObject? body) => new()
    {
        Operation = operation,
        Target = UserId is null ? TargetKind.Me : TargetKind.User,
        TargetId = UserId,
        Body = body is null ? null : JsonWriter.Write(body),
        Options = Preferred ? RequestOptions.None : RequestOptions.DefaultSessionId,
    };

    /// <summary>What an error shows of such a request.</summary>
    internal ErrorRecords.Request About(JsonObject? body, string command) =>
        new(new Target(TargetKind.User, UserId, nameof(UserId)), null, body, command);

    /// <summary>As it is now; what happens later does not change it.</summary>
    internal KeptPresence Copy() => (KeptPresence)MemberwiseClone();

    internal void Take(KeepAliveEvent happened, long version)
    {
        (State, Since, NextRenewal, Expires, Version) = (happened.State, happened.At, happened.Next, happened.Lapses, version);
        Error = happened.Error?.Message;
        if (State is KeepAliveState.Held or KeepAliveState.Renewed or KeepAliveState.Recovered) LastRenewal = happened.At;
    }
}

/// <summary>How a presence ended that was kept alive.</summary>
internal sealed class KeptEnd
{
    /// <summary>Whether it was stopped. It may still be cleared.</summary>
    internal bool IsAskedFor { get; set; }

    /// <summary>Why it could not be cleared; null where it was, or where it was not to be.</summary>
    internal PresenceException? Failure { get; set; }
}
