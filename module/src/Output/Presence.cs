// A user's presence for PowerShell: the properties of Microsoft's model, and everything else that Graph sent.

using System;
using System.Linq;
using System.Management.Automation;
using MgPresence.Json;

namespace MgPresence;

/// <summary>The presence of a user.</summary>
public sealed class Presence : GraphObject, IEquatable<Presence>, IComparable<Presence>, IComparable
{
    /// <summary>Microsoft's name of the type, for scripts and format files that use it.</summary>
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

    /// <summary>The user id in the request, such as a user principal name, or else the object id.</summary>
    public string? User { get; }

    /// <summary>The user's object id.</summary>
    public string? Id { get; }

    /// <summary>The colour of the dot.</summary>
    public string? Availability { get; }

    /// <summary>What the user is doing.</summary>
    public string? Activity { get; }

    /// <summary>Whether the user is out of office.</summary>
    public OutOfOfficeSettings? OutOfOfficeSettings { get; }

    /// <summary>The status message; empty if none is set, as in Microsoft's model.</summary>
    public PresenceStatusMessage StatusMessage { get; }

    /// <summary>Where the user works.</summary>
    public WorkLocation? WorkLocation { get; }

    /// <summary>A stamp that orders the versions of a presence. Compare it as text: a later one is greater.</summary>
    public string? SequenceNumber { get; }

    /// <summary>The members that have no property in Microsoft Graph PowerShell 2.25, as Graph sent them.</summary>
    public JsonObject AdditionalProperties { get; } = [];

    /// <summary>The user and the presence: <c>AdeleV@contoso.example: Busy/InACall</c>.</summary>
    public override string ToString() => $"{User}: {Availability}/{Activity}";

    /// <summary>Whether both are the same presence of the same user, regardless of when they were read and how the request named the user.</summary>
    public bool Equals(Presence? other) => CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Presence);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Owner);

    /// <summary>Orders by user, and then by presence. Select-Object -Unique uses this.</summary>
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

    // Members that are not compared: annotations depend on the request, and the sequence number may change alone.
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
