// What Test-MgUserPresence gives: the library's reading of a user's state.

using MgPresence.Json;

namespace MgPresence;

/// <summary>A user's state, explained.</summary>
public sealed class PresenceReport
{
    internal PresenceReport(string user, string explanation)
    {
        var report = (JsonObject)JsonReader.Read(explanation)!;
        User = user;
        Effective = report.Text("effective");
        HasSession = report.TryGetValue("hasSession", out var session) ? session as bool? : null;
        HasPreferredPresence = report.TryGetValue("hasPreferredPresence", out var preferred) ? preferred as bool? : null;
        Notes = report.Texts("notes");
    }

    /// <summary>The user, as the request named them.</summary>
    public string User { get; }

    /// <summary>What the user is seen as: availability/activity; null where it could not be read.</summary>
    public string? Effective { get; }

    /// <summary>Whether a session is live; null where Graph's answer does not show it.</summary>
    public bool? HasSession { get; }

    /// <summary>Whether a preferred presence is set; null where Graph's answer does not show it.</summary>
    public bool? HasPreferredPresence { get; }

    /// <summary>Whether the given pair shows; null without a pair.</summary>
    public bool? Shows { get; internal set; }

    /// <summary>Whether the given pair would show if it were set now; null without a pair.</summary>
    public bool? WouldShow { get; internal set; }

    /// <summary>Sentences: what explains the state, what outranks what, and which permission is missing.</summary>
    public string[] Notes { get; internal set; }

    /// <summary>The user, and what the user is seen as.</summary>
    public override string ToString() => $"{User}: {Effective}";
}
