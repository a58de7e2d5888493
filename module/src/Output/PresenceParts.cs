// The objects inside a presence, as Microsoft's models have them.

using System;
using System.Globalization;
using MgPresence.Json;

namespace MgPresence;

/// <summary>Graph's outOfOfficeSettings.</summary>
public sealed class OutOfOfficeSettings : GraphObject
{
    internal OutOfOfficeSettings(JsonObject json)
        : base(json)
    {
        IsOutOfOffice = json.TryGetValue("isOutOfOffice", out var flag) ? flag as bool? : null;
        Message = json.Text("message");
    }

    /// <summary>Whether the user is out of office; null if the answer does not contain it.</summary>
    public bool? IsOutOfOffice { get; }

    /// <summary>The automatic reply.</summary>
    public string? Message { get; }

    /// <inheritdoc/>
    public override string ToString() => IsOutOfOffice == true ? Printable.Of(Message ?? "") : "";
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

    /// <summary>The expiration; empty if the message does not expire, or if the caller is another user.</summary>
    public DateTimeTimeZone ExpiryDateTime { get; }

    /// <summary>The time of publication (UTC).</summary>
    public DateTime? PublishedDateTime { get; }

    /// <inheritdoc/>
    public override string ToString() => Printable.Of(Message.Content ?? "");
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
    public override string ToString() => Printable.Of(Content ?? "");
}

/// <summary>Graph's dateTimeTimeZone.</summary>
public sealed class DateTimeTimeZone : GraphObject
{
    internal DateTimeTimeZone(JsonObject json)
        : base(json) => (DateTime, TimeZone) = (json.Text("dateTime"), json.Text("timeZone"));

    /// <summary>A time without an offset.</summary>
    public string? DateTime { get; }

    /// <summary>The time zone.</summary>
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

    /// <summary>The source: manual, automatic or scheduled.</summary>
    public string? Source { get; }

    /// <summary>The id of the place, if known.</summary>
    public string? PlaceId { get; }

    /// <inheritdoc/>
    public override string ToString() => WorkLocationType ?? "";
}
