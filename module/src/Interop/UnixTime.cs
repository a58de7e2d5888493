// Seconds since 1970, as the library gives times.

using System;

namespace MgPresence.Interop;

internal static class UnixTime
{
    private static readonly long Last = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>The time (UTC). Durations and tokens have no upper limit, but the calendar of .NET ends with the year 9999.</summary>
    internal static DateTime Of(long seconds) => DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, Last)).UtcDateTime;
}
