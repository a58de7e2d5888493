// A user's presence as PowerShell sees it: the properties of Microsoft's model, and whatever else Graph sent.

using System;
using System.Globalization;
using System.Management.Automation;
using MgPresence.Json;

namespace MgPresence;

/// <summary>What is shown of a user.</summary>
public sealed class Presence : GraphObject
{
    /// <summary>Microsoft's name of the type, for scripts and format files that ask for it.</summary>
    private const string MicrosoftTypeName = "Microsoft.Graph.PowerShell.Models.MicrosoftGraphPresence";

    private Presence(JsonObject json)
        : base(json)
    {
        Id = json.Text("id");
        Availability = json.Text("availability");
        Activity = json.Text("activity");
        OutOfOfficeSettings = json.Object("outOfOfficeSettings") is { } outOfOffice ? new OutOfOfficeSettings(outOfOffice) : null;
        StatusMessage = new PresenceStatusMessage(json.Object("statusMessage") ?? []);
        WorkLocation = json.Object("workLocation") is { } location ? new WorkLocation(location) : null;
        SequenceNumber = json.Text("sequenceNumber");
        foreach (var member in json)
            if (member.Key is not ("id" or "availability" or "activity" or "statusMessage")) AdditionalProperties[member.Key] = member.Value;
    }

    /// <summary>The user's object id.</summary>
    public string? Id { get; }

    /// <summary>The colour of the dot.</summary>
    public string? Availability { get; }

    /// <summary>What the user is doing.</summary>
    public string? Activity { get; }

    /// <summary>Whether the user is out of office.</summary>
    public OutOfOfficeSettings? OutOfOfficeSettings { get; }

    /// <summary>The note beside the name; an empty one where there is none, as in Microsoft's model.</summary>
    public PresenceStatusMessage StatusMessage { get; }

    /// <summary>Where the user works.</summary>
    public WorkLocation? WorkLocation { get; }

    /// <summary>Sortable: of two presences of a user the later one has the greater.</summary>
    public string? SequenceNumber { get; }

    /// <summary>What Microsoft Graph PowerShell 2.25 has here: every member without a property of its own there, as Graph sent it.</summary>
    public JsonObject AdditionalProperties { get; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Availability}/{Activity}";

    /// <summary>Reads the JSON text of one presence.</summary>
    internal static PSObject Read(string json)
    {
        var presence = PSObject.AsPSObject(new Presence((JsonObject)JsonReader.Read(json)!));
        presence.TypeNames.Insert(1, MicrosoftTypeName);
        return presence;
    }
}

/// <summary>Graph's outOfOfficeSettings.</summary>
public sealed class OutOfOfficeSettings : GraphObject
{
    internal OutOfOfficeSettings(JsonObject json)
        : base(json)
    {
        IsOutOfOffice = json.TryGetValue("isOutOfOffice", out var flag) ? flag as bool? : null;
        Message = json.Text("message");
    }

    /// <summary>Null where Graph does not say.</summary>
    public bool? IsOutOfOffice { get; }

    /// <summary>The automatic reply.</summary>
    public string? Message { get; }

    /// <inheritdoc/>
    public override string ToString() => IsOutOfOffice == true ? Message ?? "" : "";
}

/// <summary>Graph's presenceStatusMessage.</summary>
public sealed class PresenceStatusMessage : GraphObject
{
    internal PresenceStatusMessage(JsonObject json)
        : base(json)
    {
        Message = new ItemBody(json.Object("message") ?? []);
        ExpiryDateTime = new DateTimeTimeZone(json.Object("expiryDateTime") ?? []);
        PublishedDateTime = DateTimeOffset.TryParse(
            json.Text("publishedDateTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime
            : null;
    }

    /// <summary>The text.</summary>
    public ItemBody Message { get; }

    /// <summary>When it goes away; empty for never, and for other users.</summary>
    public DateTimeTimeZone ExpiryDateTime { get; }

    /// <summary>When it was written (UTC).</summary>
    public DateTime? PublishedDateTime { get; }

    /// <inheritdoc/>
    public override string ToString() => Message.Content ?? "";
}

/// <summary>Graph's itemBody.</summary>
public sealed class ItemBody : GraphObject
{
    internal ItemBody(JsonObject json)
        : base(json) => (Content, ContentType) = (json.Text("content"), json.Text("contentType"));

    /// <summary>The text.</summary>
    public string? Content { get; }

    /// <summary>text or html.</summary>
    public string? ContentType { get; }

    /// <inheritdoc/>
    public override string ToString() => Content ?? "";
}

/// <summary>Graph's dateTimeTimeZone.</summary>
public sealed class DateTimeTimeZone : GraphObject
{
    internal DateTimeTimeZone(JsonObject json)
        : base(json) => (DateTime, TimeZone) = (json.Text("dateTime"), json.Text("timeZone"));

    /// <summary>A time without an offset.</summary>
    public string? DateTime { get; }

    /// <summary>Whose time it is.</summary>
    public string? TimeZone { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{DateTime} {TimeZone}".Trim();
}

/// <summary>Graph's userWorkLocation.</summary>
public sealed class WorkLocation : GraphObject
{
    internal WorkLocation(JsonObject json)
        : base(json) =>
        (WorkLocationType, Source, PlaceId) = (json.Text("workLocationType"), json.Text("source"), json.Text("placeId"));

    /// <summary>office, remote, timeOff, …</summary>
    public string? WorkLocationType { get; }

    /// <summary>Who says so: manual, automatic, scheduled.</summary>
    public string? Source { get; }

    /// <summary>The place, where it is known.</summary>
    public string? PlaceId { get; }

    /// <inheritdoc/>
    public override string ToString() => WorkLocationType ?? "";
}
