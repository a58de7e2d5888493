// Times across the ABI: whole milliseconds, of which 0 often has a meaning of its own.

using System;
using System.Threading;

namespace MgPresence.Interop;

internal static class Milliseconds
{
    private const uint Forever = uint.MaxValue; // MGP_WAIT_FOREVER

    /// <summary>A short time is at least 1 ms, one that is longer than 49 days is the longest, and <see cref="Timeout.InfiniteTimeSpan"/> has no end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    internal static uint Of(TimeSpan time)
    {
        if (time == Timeout.InfiniteTimeSpan) return Forever;
        if (time < TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(time), time, "A time cannot be negative.");
        return (uint)Math.Min(Forever - 1, Math.Ceiling(time.TotalMilliseconds));
    }
}
