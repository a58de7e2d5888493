// -ExpirationDuration: a TimeSpan, or the ISO 8601 text of a length of time. Which lengths Graph takes is the library's to say.

using System;
using System.Globalization;
using System.Management.Automation;
using System.Xml;

namespace MgPresence;

/// <summary>A length of time as it goes into a body: a TimeSpan and <c>01:00:00</c> as ISO 8601, every other text as it was written.</summary>
public sealed class Duration
{
    /// <summary>Text: ISO 8601, or PowerShell's hh:mm:ss.</summary>
    public Duration(string text) => Text =
        text.Contains(":") && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? XmlConvert.ToString(span) : text;

    /// <summary>A TimeSpan.</summary>
    public Duration(TimeSpan span) => Text = XmlConvert.ToString(span);

    /// <summary>ISO 8601 where it could be understood.</summary>
    public string Text { get; }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>A number stays its digits: 60 is not a duration, and the library says so.</summary>
    internal static Duration? From(object? value) => Bare(value) switch
    {
        null => null,
        Duration duration => duration,
        TimeSpan span => new Duration(span),
        var other => new Duration(Convert.ToString(other, CultureInfo.InvariantCulture) ?? ""),
    };

    private static object? Bare(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}

/// <summary>Makes a <see cref="Duration"/> of whatever was given.</summary>
public sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engine, object inputData) => Duration.From(inputData);
}
