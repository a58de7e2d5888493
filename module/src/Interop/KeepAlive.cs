// Presences that the library keeps alive, with a queue of their own: nothing is called back on a foreign thread.

using System;

namespace MgPresence.Interop;

/// <summary>What happened to a presence that is kept alive, or to the whole keep-alive.</summary>
public sealed class KeepAliveEvent
{
    internal KeepAliveEvent(in NativeKeepAliveEvent native, PresenceException? error)
    {
        State = (KeepAliveState)native.State;
        Operation = (Operation)native.Operation;
        UserId = Utf8.Read(native.UserId);
        At = Time(native.At) ?? default;
        Next = Time(native.Next);
        Lapses = Time(native.Lapses);
        Error = error;
    }

    /// <summary>What happened.</summary>
    public KeepAliveState State { get; }

    /// <summary>Which presence of the user: of the application's session, or the preferred one.</summary>
    public Operation Operation { get; }

    /// <summary>The user as given; null for the one who signed in, and for the whole keep-alive.</summary>
    public string? UserId { get; }

    /// <summary>When it happened (UTC).</summary>
    public DateTime At { get; }

    /// <summary>When the presence is next set (UTC), if that is known.</summary>
    public DateTime? Next { get; }

    /// <summary>When what was set last fades or expires (UTC).</summary>
    public DateTime? Lapses { get; }

    /// <summary>Why, where something failed.</summary>
    public PresenceException? Error { get; }

    private static DateTime? Time(long seconds) => seconds < 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime;
}

/// <summary>Numbers of a keep-alive.</summary>
public sealed class KeepAliveNumbers
{
    internal KeepAliveNumbers(in NativeKeepAliveCounts counts)
    {
        (Pending, Held, Failing, Lost, Refused) = ((int)counts.Pending, (int)counts.Held, (int)counts.Failing, (int)counts.Lost, (int)counts.Refused);
        (Renewals, Failures) = ((long)counts.Renewals, (long)counts.Failures);
    }

    /// <summary>Presences that were not set yet.</summary>
    public int Pending { get; }

    /// <summary>Presences that are in effect.</summary>
    public int Held { get; }

    /// <summary>Presences whose last renewal failed.</summary>
    public int Failing { get; }

    /// <summary>Presences that were not renewed in time.</summary>
    public int Lost { get; }

    /// <summary>Presences that Graph refused.</summary>
    public int Refused { get; }

    /// <summary>Requests that set a presence.</summary>
    public long Renewals { get; }

    /// <summary>Attempts that did not succeed.</summary>
    public long Failures { get; }
}

/// <summary>Keeps presences alive until they are released. May be used by any thread.</summary>
public sealed class KeepAlive : IDisposable
{
    private readonly CompletionQueue queue = new();
    private readonly KeepAliveHandle handle;

    /// <summary>Starts one that holds nothing yet. It goes on when the client is disposed.</summary>
    /// <param name="client">Whose requests renew.</param>
    /// <param name="options">What is reported and cleared.</param>
    /// <param name="interval">How often each presence is renewed; zero for the library's choice.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is negative, or longer than 49 days.</exception>
    public unsafe KeepAlive(PresenceClient client, KeepAliveOptions options, TimeSpan interval)
    {
        if (interval < TimeSpan.Zero || interval.TotalMilliseconds > uint.MaxValue) throw new ArgumentOutOfRangeException(nameof(interval), interval, "No presence lasts so long.");
        var native = new NativeKeepAliveOptions
        {
            StructSize = (uint)sizeof(NativeKeepAliveOptions),
            Flags = (uint)options,
            IntervalMs = Milliseconds.Of(interval),
        };
        PresenceException.ThrowUnlessOk(
            NativeMethods.mgp_keep_alive_start(client.Handle, native, queue.Handle, IntPtr.Zero, IntPtr.Zero, out handle, out var error), error);
    }

    /// <summary>Holds what a request sets.</summary>
    public void Hold(PresenceRequest request)
    {
        using var arena = new Utf8Arena();
        PresenceException.ThrowUnlessOk(NativeMethods.mgp_keep_alive_hold(handle, request.ToNative(arena), out var error), error);
    }

    /// <summary>No longer holds the presences of a user; null for the one who signed in.</summary>
    public void Release(string? userId)
    {
        using var arena = new Utf8Arena();
        PresenceException.ThrowUnlessOk(NativeMethods.mgp_keep_alive_release(handle, arena.Copy(userId), out var error), error);
    }

    /// <summary>The numbers at this moment.</summary>
    public unsafe KeepAliveNumbers Count()
    {
        var counts = new NativeKeepAliveCounts { StructSize = (uint)sizeof(NativeKeepAliveCounts) };
        PresenceException.ThrowUnlessOk(NativeMethods.mgp_keep_alive_status(handle, ref counts, out var error), error);
        return new KeepAliveNumbers(counts);
    }

    /// <summary>The next event; null when there is none.</summary>
    public KeepAliveEvent? TakeEvent() => queue.TakeEvent();

    /// <summary>Ends it at once, and clears nothing.</summary>
    public void Dispose()
    {
        handle.Dispose();
        queue.Dispose();
    }
}
