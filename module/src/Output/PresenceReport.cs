// The output of Test-MgUserPresence: the library's explanation of a user's presence.

using MgPresence.Json;

namespace MgPresence;

/// <summary>An explanation of a user's presence.</summary>
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

    /// <summary>The user id as given.</summary>
    public string User { get; }

    /// <summary>The visible pair, availability/activity; null if it could not be read.</summary>
    public string? Effective { get; }

    /// <summary>Whether a session is live; null if Graph's answer does not show it.</summary>
    public bool? HasSession { get; }

    /// <summary>Whether a preferred presence is set; null if Graph's answer does not show it.</summary>
    public bool? HasPreferredPresence { get; }

    /// <summary>Whether the given pair is visible; null without a pair.</summary>
    public bool? Shows { get; internal set; }

    /// <summary>Whether the given pair would be visible if it were set now, as far as the presence tells; null without a pair.
    /// A presence does not tell whose session it shows: false may be due to your own session, which a set would replace.</summary>
    public bool? WouldShow { get; internal set; }

    /// <summary>Sentences that explain the presence, such as what outranks the pair or which permission is missing.</summary>
    public string[] Notes { get; internal set; }

    /// <summary>The user and the visible pair.</summary>
    public override string ToString() => $"{User}: {Effective}";
}
