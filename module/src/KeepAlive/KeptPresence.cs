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
        UserId = userId is null ? null : Identity.Alone(userId);
        (Availability, Activity, ExpirationDuration) = (availability, activity, expirationDuration);
        (SessionId, Preferred, Context) = (sessionId, isPreferred, context);
    }

    /// <summary>The user id that was given; null for the signed-in user.</summary>
    public string? UserId { get; }

    /// <summary>The availability that is kept.</summary>
    public string? Availability { get; }

    /// <summary>The activity that is kept.</summary>
    public string? Activity { get; }

    /// <summary>How long the presence lasts without a renewal; null for Graph's default.</summary>
    public string? ExpirationDuration { get; }

    /// <summary>Whether this is the preferred presence, and not the application's session.</summary>
    public bool Preferred { get; }

    /// <summary>The state after the last event.</summary>
    public KeepAliveState State { get; internal set; }

    /// <summary>When the last event happened (UTC).</summary>
    public DateTime? Since { get; internal set; }

    /// <summary>When the presence was last set (UTC), as far as it was looked at since.</summary>
    public DateTime? LastRenewal { get; internal set; }

    /// <summary>When the presence will next be set (UTC), if that is known.</summary>
    public DateTime? NextRenewal { get; internal set; }

    /// <summary>When the presence fades or expires if it is not renewed (UTC).</summary>
    public DateTime? Expires { get; internal set; }

    /// <summary>Why the presence is failing, lost or refused; null if it is not. Of a presence that fails again and again,
    /// this is the error of the first failure, and once it is lost, that of the last failure before.</summary>
    public string? Error { get; internal set; }

    /// <summary>The session that renews the presence.</summary>
    public PresenceContext Context { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{UserId ?? "me"}: {Availability}/{Activity}, {State}";

    /// <summary>How the presence ended; shared with its copies.</summary>
    internal KeptEnd End { get; } = new();

    internal string? SessionId { get; }

    /// <summary>The number of the last event, which grows with each event of any presence.</summary>
    internal long Version { get; set; }

    internal Operation Operation => Preferred ? Operation.SetUserPreferredPresence : Operation.SetPresence;

    /// <summary>Whether both are the same presence for Graph: an application has one session with a user, and a user has one preferred presence.</summary>
    internal bool IsSameAs(KeptPresence other) =>
        (Preferred || (SessionId ?? Context.ClientId) == (other.SessionId ?? other.Context.ClientId))
        && Context.Service == other.Context.Service
        && Context.TenantId == other.Context.TenantId
        && (UserId is not null || Context.Account == other.Context.Account);

    /// <summary>Whether the signed-in user of a session is certainly the one of the session that keeps the presence.</summary>
    internal bool IsOfUserOf(PresenceContext session) =>
        Context.Session == session.Session
        || (Context.Account is { } account && UserIdComparer.Instance.Equals(account, session.Account)
            && Context.Service == session.Service && Context.TenantId == session.TenantId);

    /// <summary>Whether two keep-alives of one user and operation would fight: they are of one session, or the same presence for Graph.</summary>
    internal bool FightsWith(KeptPresence other) => Context.Session == other.Context.Session || IsSameAs(other);

    /// <summary>The request that sets the presence.</summary>
    internal PresenceRequest Request(JsonObject body) => new()
    {
        Operation = Operation,
        Target = UserId is null ? TargetKind.Me : TargetKind.User,
        TargetId = UserId,
        Body = JsonWriter.Write(body),
        Options = Preferred ? RequestOptions.None : RequestOptions.DefaultSessionId,
    };

    /// <summary>The details of such a request for an error.</summary>
    internal ErrorRecords.Request About(JsonObject? body, string command) =>
        new(new Target(TargetKind.User, UserId, nameof(UserId)), null, body, command);

    /// <summary>A copy of the current state, which later events do not change.</summary>
    internal KeptPresence Copy() => (KeptPresence)MemberwiseClone();

    /// <summary>Takes over what is known of the presence that this one replaces.</summary>
    internal void Follow(KeptPresence before, bool isSame)
    {
        (LastRenewal, Expires) = (before.LastRenewal, before.Expires);
        // The library does not set the same presence anew, and reports a failure only once.
        if (before.State is KeepAliveState.Failing or KeepAliveState.Lost || (before.IsHeld && isSame && !before.End.IsAskedFor))
            (State, Since, NextRenewal, Error, Version) = (before.State, before.Since, before.NextRenewal, before.Error, before.Version);
    }

    internal void Take(KeepAliveEvent happened, long version)
    {
        (State, Since, NextRenewal, Expires, Version) = (happened.State, happened.At, happened.Next, happened.Lapses, version);
        Error = happened.Error is { } reason ? ParameterNames.In(reason.Message) : null;
        if (IsHeld) LastRenewal = happened.At;
    }

    private bool IsHeld => State is KeepAliveState.Held or KeepAliveState.Renewed or KeepAliveState.Recovered;
}

/// <summary>How a kept presence ended.</summary>
internal sealed class KeptEnd
{
    /// <summary>Whether the presence was stopped. It may still have to be cleared.</summary>
    internal bool IsAskedFor { get; set; }

    /// <summary>Why the presence could not be cleared; null if it was cleared, or if clearing was not asked for.</summary>
    internal PresenceException? Failure { get; set; }
}
