// Converts times for the ABI: whole milliseconds, where 0 often has a special meaning.

using System;
using System.Threading;

namespace MgPresence.Interop;

internal static class Milliseconds
{
    private const uint Forever = uint.MaxValue; // MGP_WAIT_FOREVER

    /// <summary>Converts a time to 1 ms at least and 49 days at most. <see cref="Timeout.InfiniteTimeSpan"/> means forever.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    internal static uint Of(TimeSpan time)
    {
        if (time == Timeout.InfiniteTimeSpan) return Forever;
        if (time < TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(time), time, "A time cannot be negative.");
        return (uint)Math.Min(Forever - 1, Math.Ceiling(time.TotalMilliseconds));
    }
}
