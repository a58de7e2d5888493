// Delivers the results of submitted requests. A thread polls it, so that nothing is called back on a foreign thread.

using System;

namespace MgPresence.Interop;

/// <summary>How one submitted request ended: with a response or an error, never both.</summary>
public readonly struct Completion(int tag, PresenceResponse? response, PresenceException? error)
{
    /// <summary>The tag that was submitted with the request.</summary>
    public int Tag => tag;

    /// <summary>The response; null if the request failed.</summary>
    public PresenceResponse? Response => response;

    /// <summary>Why the request failed; null if it succeeded.</summary>
    public PresenceException? Error => error;
}

/// <summary>A queue of completions.</summary>
public sealed class CompletionQueue : IDisposable
{
    /// <summary>Creates an empty queue.</summary>
    public CompletionQueue()
    {
        Library.EnsureLoaded();
        PresenceException.ThrowUnlessOk(NativeMethods.mgp_queue_new(out var handle, out var error), error);
        Handle = handle;
    }

    internal QueueHandle Handle { get; }

    /// <summary>Takes the next completion; null if none arrived in time, or if <see cref="Wake"/> was called. <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> waits forever.</summary>
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

    /// <summary>Takes the next event of a keep-alive; null if none arrived in time.</summary>
    internal unsafe KeepAliveEvent? TakeEvent(TimeSpan timeout)
    {
        var native = new NativeCompletion { StructSize = (uint)sizeof(NativeCompletion) };
        var status = NativeMethods.mgp_queue_wait(Handle, Milliseconds.Of(timeout), ref native, out var error);
        if (status is Status.WaitTimeout or Status.Woken or Status.Closed)
        {
            NativeMethods.mgp_error_free(error);
            return null;
        }
        PresenceException.ThrowUnlessOk(status, error);
        try
        {
            var failure = native.Error == IntPtr.Zero ? null : PresenceException.Take(native.Status, native.Error);
            if (native.Status == Status.Cancelled) failure = null; // the end that was asked for
            return new KeepAliveEvent(*(NativeKeepAliveEvent*)native.Event, failure);
        }
        finally
        {
            NativeMethods.mgp_response_free(native.Response);
            NativeMethods.mgp_keep_alive_event_free(native.Event);
        }
    }

    /// <summary>Ends one wait in <see cref="Take"/>. May be called on any thread.</summary>
    public void Wake() => NativeMethods.mgp_queue_wake(Handle);

    /// <summary>Accepts no more requests, and cancels outstanding ones. May be called on any thread.</summary>
    public void Close() => NativeMethods.mgp_queue_close(Handle);

    /// <summary>Cancels outstanding requests and frees the queue.</summary>
    public void Dispose() => Handle.Dispose();
}
