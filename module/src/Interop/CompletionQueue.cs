// Where the answers to submitted requests come out. Polled by the thread that wants them: nothing is called back on a foreign thread.

using System;

namespace MgPresence.Interop;

/// <summary>How one submitted request ended: with a response or an error, never both.</summary>
public readonly struct Completion(int tag, PresenceResponse? response, PresenceException? error)
{
    /// <summary>The number that was submitted with the request.</summary>
    public int Tag => tag;

    /// <summary>The answer.</summary>
    public PresenceResponse? Response => response;

    /// <summary>Why there is none.</summary>
    public PresenceException? Error => error;
}

/// <summary>A queue of completions.</summary>
public sealed class CompletionQueue : IDisposable
{
    /// <summary>Makes an empty queue.</summary>
    public CompletionQueue()
    {
        Library.EnsureLoaded();
        PresenceException.ThrowUnlessOk(NativeMethods.mgp_queue_new(out var handle, out var error), error);
        Handle = handle;
    }

    internal QueueHandle Handle { get; }

    /// <summary>The next completion; null when none came in time, or when <see cref="Wake"/> was called. <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> waits without an end.</summary>
    public unsafe Completion? Take(TimeSpan timeout)
    {
        var native = new NativeCompletion { StructSize = (uint)sizeof(NativeCompletion) };
        var status = NativeMethods.mgp_queue_wait(Handle, Milliseconds.Of(timeout), ref native, out var error);
        if (status is Status.WaitTimeout or Status.Woken or Status.Closed)
        {
            NativeMethods.mgp_error_free(error);
            return null;
        }
        PresenceException.ThrowUnlessOk(status, error);

        return native.Status == Status.Ok
            ? new Completion((int)native.User, PresenceResponse.Take(native.Response), null)
            : new Completion((int)native.User, null, PresenceException.Take(native.Status, native.Error));
    }

    /// <summary>The next event of a keep-alive; null where none waits.</summary>
    internal unsafe KeepAliveEvent? TakeEvent()
    {
        var native = new NativeCompletion { StructSize = (uint)sizeof(NativeCompletion) };
        var status = NativeMethods.mgp_queue_wait(Handle, 0, ref native, out var error);
        if (status is Status.WaitTimeout or Status.Woken or Status.Closed)
        {
            NativeMethods.mgp_error_free(error);
            return null;
        }
        PresenceException.ThrowUnlessOk(status, error);
        try
        {
            var failure = native.Error == IntPtr.Zero ? null : PresenceException.Take(native.Status, native.Error);
            return new KeepAliveEvent(*(NativeKeepAliveEvent*)native.Event, failure);
        }
        finally
        {
            NativeMethods.mgp_response_free(native.Response);
            NativeMethods.mgp_keep_alive_event_free(native.Event);
        }
    }

    /// <summary>Ends a <see cref="Take"/> that waits. May be called by any thread.</summary>
    public void Wake() => NativeMethods.mgp_queue_wake(Handle);

    /// <summary>Accepts nothing more, and cancels what is outstanding. May be called by any thread.</summary>
    public void Close() => NativeMethods.mgp_queue_close(Handle);

    /// <summary>Cancels what is outstanding and frees the queue.</summary>
    public void Dispose() => Handle.Dispose();
}
