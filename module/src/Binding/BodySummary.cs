// The description of a change for -WhatIf and -Confirm.

using System.Collections.Generic;
using System.Linq;
using MgPresence.Json;

namespace MgPresence;

internal static class BodySummary
{
    private const int LongestText = 60;

    // Properties that are described in words or omitted. Other properties are shown by name.
    private static readonly string[] Summarized =
        ["sessionId", "id", "availability", "activity", "expirationDuration", "workLocationType", "placeId", "statusMessage", "ids"];

    /// <summary>Such as <c>adele: Busy/InACall for PT1H</c>; null for a body that has nothing to show.</summary>
    /// <param name="who">The user; null if the body may name one.</param>
    /// <param name="body">The body as it is sent.</param>
    internal static string? Of(string? who, JsonObject? body)
    {
        if (body is null || string.Join(", ", Parts(body)) is not { Length: > 0 } what) return null;
        return Printable.Line((who ?? body.Text("id")) is { Length: > 0 } name ? $"{name}: {what}" : what);
    }

    private static IEnumerable<string> Parts(JsonObject body)
    {
        var pair = string.Join("/", new[] { body.Text("availability"), body.Text("activity") }.Where(word => !string.IsNullOrEmpty(word)));
        var duration = body.Text("expirationDuration") is { Length: > 0 } length ? $" for {length}" : "";
        if (pair.Length > 0) yield return pair + duration;
        if (body.Text("workLocationType") is { Length: > 0 } location)
            yield return body.Text("placeId") is { Length: > 0 } place ? $"{location} at {place}" : location;
        if (body.Object("statusMessage")?.Object("message")?.Text("content") is { } text)
            yield return text.Length == 0 ? "no status message" : $"\"{Short(text)}\"";
        if (body.TryGetValue("ids", out var ids) && ids is string[] users) yield return users.Length == 1 ? "1 user" : $"{users.Length} users";
        foreach (var other in body.Keys.Where(key => !Summarized.Contains(key))) yield return other;
    }

    private static string Short(string text) => text.Length > LongestText ? text.Substring(0, LongestText) + "…" : text;
}
