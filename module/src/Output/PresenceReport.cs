// What Test-MgUserPresence gives: the library's reading of a user's state.

using MgPresence.Json;

namespace MgPresence;

/// <summary>A user's state, explained.</summary>
public sealed class PresenceReport
{
    internal PresenceReport(string user, string explanation)
    {
        var told = (JsonObject)JsonReader.Read(explanation)!;
        User = user;
        Effective = told.Text("effective");
        HasSession = told.TryGetValue("hasSession", out var session) ? session as bool? : null;
        HasPreferredPresence = told.TryGetValue("hasPreferredPresence", out var preferred) ? preferred as bool? : null;
        Notes = told.Texts("notes");
    }

    /// <summary>Who was asked about.</summary>
    public string User { get; }

    /// <summary>What the user is seen as: availability/activity; null where it could not be read.</summary>
    public string? Effective { get; }

    /// <summary>Whether a session is live; null where Graph does not let one tell.</summary>
    public bool? HasSession { get; }

    /// <summary>Whether a preferred presence is set; null where Graph does not let one tell.</summary>
    public bool? HasPreferredPresence { get; }

    /// <summary>Whether the pair that was asked about shows; null where none was.</summary>
    public bool? Shows { get; internal set; }

    /// <summary>Whether that pair would show if it were set now; null where none was asked about.</summary>
    public bool? WouldShow { get; internal set; }

    /// <summary>Sentences: what stands behind the state, what outranks what, which permission is missing.</summary>
    public string[] Notes { get; internal set; }

    /// <summary>Who was asked about, and what the user is seen as.</summary>
    public override string ToString() => $"{User}: {Effective}";
}
