// A user's presence as PowerShell sees it: the properties of Microsoft's model, and whatever else Graph sent.

using System;
using System.Linq;
using System.Management.Automation;
using MgPresence.Json;

namespace MgPresence;

/// <summary>What is shown of a user.</summary>
public sealed class Presence : GraphObject, IEquatable<Presence>, IComparable<Presence>, IComparable
{
    /// <summary>Microsoft's name of the type, for scripts and format files that ask for it.</summary>
    private const string MicrosoftTypeName = "Microsoft.Graph.PowerShell.Models.MicrosoftGraphPresence";

    private string? seen;

    private Presence(JsonObject json, string? askedFor)
        : base(json)
    {
        Id = json.Text("id");
        User = askedFor ?? Id;
        Availability = json.Text("availability");
        Activity = json.Text("activity");
        OutOfOfficeSettings = json.Object("outOfOfficeSettings") is { } outOfOffice ? new OutOfOfficeSettings(outOfOffice) : null;
        StatusMessage = new PresenceStatusMessage(json.Object("statusMessage") ?? []);
        WorkLocation = json.Object("workLocation") is { } location ? new WorkLocation(location) : null;
        SequenceNumber = json.Text("sequenceNumber");
        foreach (var member in json)
            if (member.Key is not ("id" or "availability" or "activity" or "statusMessage")) AdditionalProperties[member.Key] = member.Value;
    }

    /// <summary>The user as the request named them, such as a user principal name; else the object id.</summary>
    public string? User { get; }

    /// <summary>The user's object id.</summary>
    public string? Id { get; }

    /// <summary>The colour of the dot.</summary>
    public string? Availability { get; }

    /// <summary>What the user is doing.</summary>
    public string? Activity { get; }

    /// <summary>Whether the user is out of office.</summary>
    public OutOfOfficeSettings? OutOfOfficeSettings { get; }

    /// <summary>The status message; an empty one where none is set, as in Microsoft's model.</summary>
    public PresenceStatusMessage StatusMessage { get; }

    /// <summary>Where the user works.</summary>
    public WorkLocation? WorkLocation { get; }

    /// <summary>Sortable: of two presences of a user the later one has the greater.</summary>
    public string? SequenceNumber { get; }

    /// <summary>What Microsoft Graph PowerShell 2.25 has here: every member without a property of its own there, as Graph sent it.</summary>
    public JsonObject AdditionalProperties { get; } = [];

    /// <summary>Whose presence it is, and what it is: <c>AdeleV@contoso.example: Busy/InACall</c>.</summary>
    public override string ToString() => $"{User}: {Availability}/{Activity}";

    /// <summary>Whether it is the same user with the same presence. When it was read and how the request named the user do not matter.</summary>
    public bool Equals(Presence? other) => CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Presence);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Owner);

    /// <summary>Orders by user, and for one user by what is seen. Select-Object -Unique and its like ask this.</summary>
    public int CompareTo(Presence? other)
    {
        if (other is null) return 1;
        var users = StringComparer.OrdinalIgnoreCase.Compare(Owner, other.Owner);
        return users != 0 ? users : string.CompareOrdinal(Seen, other.Seen);
    }

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is null or Presence
        ? CompareTo(obj as Presence)
        : throw new ArgumentException($"A presence cannot be compared with {obj.GetType()}.", nameof(obj));

    private string Owner => Id ?? User ?? "";

    private string Seen => seen ??= JsonWriter.Write(Json
        .Where(member => !IsAside(member.Key))
        .OrderBy(member => member.Key, StringComparer.Ordinal)
        .ToDictionary(member => member.Key, member => member.Value));

    // Not what is seen of the user: an annotation depends on the request, and the number grows although nothing else may change.
    private static bool IsAside(string name) => name.StartsWith("@", StringComparison.Ordinal) || name is "id" or "sequenceNumber";

    /// <summary>Reads the JSON text of one presence.</summary>
    /// <param name="json">The text.</param>
    /// <param name="askedFor">The user as the request named them; null where it did not name a user.</param>
    internal static PSObject Read(string json, string? askedFor = null)
    {
        var presence = PSObject.AsPSObject(new Presence((JsonObject)JsonReader.Read(json)!, askedFor));
        presence.TypeNames.Insert(1, MicrosoftTypeName);
        return presence;
    }
}
