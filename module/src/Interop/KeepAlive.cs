// Presences that the library keeps alive, with a queue of their own, so that nothing is called back on a foreign thread.

using System;
using System.Collections.Generic;

namespace MgPresence.Interop;

/// <summary>What happened to a presence that is kept alive, or to the keep-alive itself.</summary>
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

    /// <summary>Which presence of the user: that of the application's session, or the preferred one.</summary>
    public Operation Operation { get; }

    /// <summary>The user id that was given; null for the signed-in user, and for the keep-alive itself.</summary>
    public string? UserId { get; }

    /// <summary>When the event happened (UTC).</summary>
    public DateTime At { get; }

    /// <summary>When the presence will next be set (UTC), if that is known.</summary>
    public DateTime? Next { get; }

    /// <summary>When the presence that was last set fades or expires (UTC).</summary>
    public DateTime? Lapses { get; }

    /// <summary>The reason, if something failed; null if it did not.</summary>
    public PresenceException? Error { get; }

    private static DateTime? Time(long seconds) => seconds < 0 ? null : UnixTime.Of(seconds);
}

/// <summary>The counters of a keep-alive.</summary>
public sealed class KeepAliveNumbers
{
    internal KeepAliveNumbers(in NativeKeepAliveCounts counts)
    {
        (Pending, Held, Failing, Lost, Refused) = ((int)counts.Pending, (int)counts.Held, (int)counts.Failing, (int)counts.Lost, (int)counts.Refused);
        (Renewals, Failures) = ((long)counts.Renewals, (long)counts.Failures);
    }

    /// <summary>Presences that have not been set yet.</summary>
    public int Pending { get; }

    /// <summary>Presences that are in effect.</summary>
    public int Held { get; }

    /// <summary>Presences whose last attempt failed.</summary>
    public int Failing { get; }

    /// <summary>Presences that were not renewed in time.</summary>
    public int Lost { get; }

    /// <summary>Presences that Graph refused.</summary>
    public int Refused { get; }

    /// <summary>Successful requests that set a presence.</summary>
    public long Renewals { get; }

    /// <summary>Failed attempts to set a presence.</summary>
    public long Failures { get; }
}

/// <summary>Keeps presences alive until they are released, even if no variable refers to the object. May be used on any thread.</summary>
public sealed class KeepAlive : IDisposable
{
    private static readonly HashSet<KeepAlive> Running = []; // else the garbage collector would end them

    private readonly CompletionQueue queue = new();
    private readonly KeepAliveHandle handle;

    /// <summary>Starts a keep-alive without presences. It continues if the client is disposed.</summary>
    /// <param name="client">The client that sends the requests.</param>
    /// <param name="options">Whether renewals are reported, and whether presences are cleared.</param>
    /// <param name="interval">How often each presence is renewed; zero for the library's default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is negative, or longer than 49 days.</exception>
    public unsafe KeepAlive(PresenceClient client, KeepAliveOptions options, TimeSpan interval)
    {
        if (interval < TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(interval), interval, "An interval cannot be negative.");
        if (interval.TotalMilliseconds > uint.MaxValue) throw new ArgumentOutOfRangeException(nameof(interval), interval, "No presence lasts so long.");
        var native = new NativeKeepAliveOptions
        {
            StructSize = (uint)sizeof(NativeKeepAliveOptions),
            Flags = (uint)options,
            IntervalMs = Milliseconds.Of(interval),
        };
        PresenceException.ThrowUnlessOk(
            NativeMethods.mgp_keep_alive_start(client.Required(nameof(client)).Handle, native, queue.Handle, IntPtr.Zero, IntPtr.Zero, out handle, out var error), error);
        lock (Running) Running.Add(this);
    }

    /// <summary>Keeps the presence that a request sets.</summary>
    public void Hold(PresenceRequest request)
    {
        using var arena = new Utf8Arena();
        PresenceException.ThrowUnlessOk(NativeMethods.mgp_keep_alive_hold(handle, request.Required(nameof(request)).ToNative(arena), out var error), error);
    }

    /// <summary>Stops keeping the presences of a user; null for the signed-in user. The event <see cref="KeepAliveState.Stopped"/> says that this is done: that the presence is cleared, if <see cref="KeepAliveOptions.ClearOnStop"/> was given.</summary>
    public void Release(string? userId)
    {
        using var arena = new Utf8Arena();
        PresenceException.ThrowUnlessOk(NativeMethods.mgp_keep_alive_release(handle, arena.Copy(userId), out var error), error);
    }

    /// <summary>Stops keeping the presences of a user, like <see cref="Release"/>, and clears them, whether or not <see cref="KeepAliveOptions.ClearOnStop"/> was given, and whether or not this keep-alive has set them.</summary>
    public void Clear(string? userId)
    {
        using var arena = new Utf8Arena();
        PresenceException.ThrowUnlessOk(NativeMethods.mgp_keep_alive_clear(handle, arena.Copy(userId), out var error), error);
    }

    /// <summary>Releases all users, and then ends the keep-alive. Does not block: the event <see cref="KeepAliveState.Ended"/> says that this is done. The object is held until that event was taken, or until it is disposed of.</summary>
    public void Stop() => PresenceException.ThrowUnlessOk(NativeMethods.mgp_keep_alive_stop(handle, out var error), error);

    /// <summary>The counters at this moment. They include a presence that was released, as long as it is being cleared.</summary>
    public unsafe KeepAliveNumbers Count()
    {
        var counts = new NativeKeepAliveCounts { StructSize = (uint)sizeof(NativeKeepAliveCounts) };
        PresenceException.ThrowUnlessOk(NativeMethods.mgp_keep_alive_status(handle, ref counts, out var error), error);
        return new KeepAliveNumbers(counts);
    }

    /// <summary>Takes the next event; null if none arrived in time. Without a timeout, it does not wait.</summary>
    public KeepAliveEvent? TakeEvent(TimeSpan timeout = default)
    {
        var happened = queue.TakeEvent(timeout);
        if (happened?.State == KeepAliveState.Ended) Forget();
        return happened;
    }

    /// <summary>Ends the keep-alive at once, without clearing. To clear first, call <see cref="Stop"/> and wait for the end.</summary>
    public void Dispose()
    {
        Forget();
        handle.Dispose();
        queue.Dispose();
    }

    private void Forget()
    {
        lock (Running) Running.Remove(this);
    }
}
