// -ExpirationDuration: a TimeSpan, or ISO 8601 text. The library checks whether Graph accepts the length.

using System;
using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using System.Xml;

namespace MgPresence;

/// <summary>
/// A length of time as it goes into a body: a TimeSpan and <c>01:00:00</c> as ISO 8601, every other text as it was written. Compares and adds
/// as a TimeSpan does.
/// </summary>
public sealed class Duration : IComparable, IEquatable<Duration>
{
    // d.hh:mm:ss with hours up to 23, because .NET reads 24:00:00 as 24 days.
    private static readonly Lazy<Regex> Clock = new(() => new Regex(@"^-?(\d+\.)?([01]?\d|2[0-3]):\d{1,2}(:\d{1,2}(\.\d+)?)?$", RegexOptions.CultureInvariant | RegexOptions.ECMAScript));

    /// <summary>Text: ISO 8601, or PowerShell's hh:mm:ss.</summary>
    public Duration(string text) => Text =
        text.IndexOf(':') > 0 && Clock.Value.IsMatch(text) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? XmlConvert.ToString(span) : text;

    /// <summary>A TimeSpan.</summary>
    public Duration(TimeSpan span) => Text = XmlConvert.ToString(span);

    /// <summary>ISO 8601 where it could be understood.</summary>
    public string Text { get; }

    /// <summary>The same length; throws FormatException for a text that is not a duration.</summary>
    public TimeSpan ToTimeSpan() => XmlConvert.ToTimeSpan(Text.ToUpperInvariant());

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <inheritdoc/>
    public int CompareTo(object? other) => other switch
    {
        null => 1,
        Duration duration => ToTimeSpan().CompareTo(duration.ToTimeSpan()),
        TimeSpan span => ToTimeSpan().CompareTo(span),
        _ => throw new ArgumentException($"{other} is not a duration."),
    };

    /// <summary>Equal lengths are equal however they are written; other texts are equal when they are the same text.</summary>
    public bool Equals(Duration? other) => other is not null && Key.Equals(other.Key);

    /// <inheritdoc/>
    public override bool Equals(object? other) => other is TimeSpan span ? Key.Equals(span) : Equals(other as Duration);

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode();

    /// <summary>The sum as a TimeSpan.</summary>
    public static TimeSpan operator +(Duration left, TimeSpan right) => left.ToTimeSpan() + right;

    /// <summary>The sum as a TimeSpan.</summary>
    public static TimeSpan operator +(Duration left, Duration right) => left.ToTimeSpan() + right.ToTimeSpan();

    /// <summary>The sum as a TimeSpan.</summary>
    public static TimeSpan operator +(TimeSpan left, Duration right) => left + right.ToTimeSpan();

    /// <summary>The difference as a TimeSpan.</summary>
    public static TimeSpan operator -(Duration left, TimeSpan right) => left.ToTimeSpan() - right;

    /// <summary>The difference as a TimeSpan.</summary>
    public static TimeSpan operator -(Duration left, Duration right) => left.ToTimeSpan() - right.ToTimeSpan();

    /// <summary>The difference as a TimeSpan.</summary>
    public static TimeSpan operator -(TimeSpan left, Duration right) => left - right.ToTimeSpan();

    /// <summary>As a TimeSpan, wherever PowerShell needs one.</summary>
    public static implicit operator TimeSpan(Duration duration) => duration.ToTimeSpan();

    /// <summary>A number stays its digits: 60 is not a duration, and the library says so.</summary>
    internal static Duration? From(object? value) => Bare.Of(value) switch
    {
        null => null,
        Duration duration => duration,
        TimeSpan span => new Duration(span),
        var other => new Duration(Convert.ToString(other, CultureInfo.InvariantCulture) ?? ""),
    };

    private object Key
    {
        get
        {
            try { return ToTimeSpan(); }
            catch (Exception failure) when (failure is FormatException or OverflowException) { return Text; }
        }
    }
}

/// <summary>Makes a <see cref="Duration"/> of whatever was given.</summary>
public sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engine, object inputData) => Duration.From(inputData);
}
