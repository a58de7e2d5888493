// The keys in the bodies of Graph's presence operations, in the order in which Microsoft's cmdlets send them, so that a script may
// write them in any case. The library checks the values.

using System;
using System.Collections.Generic;

namespace MgPresence;

/// <summary>The kind of value that a known key has.</summary>
internal enum KeyKind
{
    Text,

    /// <summary>A text that is left out without a value, since "" would have a meaning.</summary>
    OptionalText,
    Duration,
    Object,

    /// <summary>An object that is left out if none of its members has a value.</summary>
    OptionalObject,

    /// <summary>A list of ids. A single id is a list too.</summary>
    Ids,
    Other,
}

/// <summary>Known keys of a JSON object.</summary>
internal sealed class BodyShape
{
    private static readonly Key Duration = new("expirationDuration", KeyKind.Duration, null);
    // Empty content removes a message, so a variable without a value must not become "".
    private static readonly BodyShape ItemBody = new BodyShape().With(new Key("content", KeyKind.OptionalText, null)).With(new Key("contentType", KeyKind.Text, null));
    private static readonly BodyShape DateTimeTimeZone = new BodyShape().With(new Key("dateTime", KeyKind.OptionalText, null)).With(new Key("timeZone", KeyKind.OptionalText, null));

    internal static readonly BodyShape StatusMessage =
        new BodyShape { ["message"] = ItemBody }
            .With(new Key("expiryDateTime", KeyKind.OptionalObject, DateTimeTimeZone)) // a message without an end has an empty one in Microsoft's model
            .With(new Key("publishedDateTime", KeyKind.OptionalText, null));

    internal static readonly BodyShape SetPresence = new BodyShape("sessionId", "availability", "activity").With(Duration);
    internal static readonly BodyShape ClearPresence = new("sessionId");
    internal static readonly BodyShape SetUserPreferredPresence = new BodyShape("availability", "activity").With(Duration);
    internal static readonly BodyShape SetStatusMessage = new() { ["statusMessage"] = StatusMessage };
    internal static readonly BodyShape SetLocation = new("workLocationType", "placeId");
    internal static readonly BodyShape GetPresencesByUserId = new BodyShape().With(new Key("ids", KeyKind.Ids, null));

    internal static readonly BodyShape Presence = new("id", "availability", "activity")
    {
        ["outOfOfficeSettings"] = new BodyShape("message") { ["isOutOfOffice"] = null },
        ["statusMessage"] = StatusMessage,
        ["workLocation"] = new BodyShape("placeId", "source", "workLocationType"),
    };

    private readonly Dictionary<string, Key> keys = new(StringComparer.OrdinalIgnoreCase);

    private BodyShape(params string[] texts)
    {
        foreach (var text in texts) Add(new Key(text, KeyKind.Text, null));
    }

    /// <summary>The keys in order.</summary>
    internal IEnumerable<Key> Keys => keys.Values;

    /// <summary>The key under Graph's own name, or null for one that Graph does not have here.</summary>
    internal Key? Find(string name) => keys.TryGetValue(name, out var key) ? key : null;

    /// <summary>A key with an object of this shape; without a shape, any value, which is passed on unchanged.</summary>
    private BodyShape? this[string name]
    {
        set => Add(new Key(name, value is null ? KeyKind.Other : KeyKind.Object, value));
    }

    private BodyShape With(Key key)
    {
        Add(key);
        return this;
    }

    private void Add(Key key) => keys.Add(key.Name, key);

    internal sealed class Key(string name, KeyKind kind, BodyShape? inner)
    {
        internal string Name => name;
        internal KeyKind Kind => kind;
        internal BodyShape? Inner => inner;

        /// <summary>The name of the parameter that fills it.</summary>
        internal string Parameter { get; } = char.ToUpperInvariant(name[0]) + name.Substring(1);
    }
}
