// Requests as tasks: one background thread waits on one queue, and ends each task when its completion arrives.

using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;

namespace MgPresence.Interop;

/// <summary>Completes the tasks of <see cref="PresenceClient.SendAsync"/>.</summary>
internal sealed class CompletionPump : IDisposable
{
    // Limits how long the thread outlives its client if a wake is lost.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly CompletionQueue queue = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<PresenceResponse>> pending = new();
    private int submitted;
    private volatile bool closed;

    // The thread must not reference the client, whose finalizer ends the thread.
    internal CompletionPump() => new Thread(Run) { IsBackground = true, Name = "MgPresence completions" }.Start();

    internal async Task<PresenceResponse> Send(PresenceClient client, PresenceRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // The continuation of a caller must not run on the thread that completes all the others.
        var task = new TaskCompletionSource<PresenceResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        var tag = Interlocked.Increment(ref submitted);
        pending[tag] = task; // before the submission, since the completion may arrive before that call returns
        try
        {
            var operation = client.Submit(request, queue, tag);
            if (closed) task.TrySetCanceled(); // the thread may have ended before the task was there to cancel
            using (cancellation.Register(() => Cancel(client, operation)))
                return await task.Task.ConfigureAwait(false);
        }
        catch (PresenceException end) when (end.Status == Status.Cancelled && cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(end.Message, end, cancellation);
        }
        finally
        {
            pending.TryRemove(tag, out _);
        }
    }

    /// <summary>Ends the thread and cancels the tasks under way.</summary>
    public void Dispose()
    {
        if (closed) return;
        closed = true;
        try { queue.Wake(); }
        catch (ObjectDisposedException)
        {
            // The thread has ended by itself, since it looks every second.
        }
    }

    // A disposed client has cancelled its tasks. An exception would reach the host in CancellationTokenSource.Cancel.
    private static void Cancel(PresenceClient client, ulong operation)
    {
        try { client.Cancel(operation); }
        catch (ObjectDisposedException)
        {
        }
    }

    private void Run()
    {
        using (queue)
        {
            while (!closed) Deliver();
        }
        foreach (var task in pending.Values) task.TrySetCanceled();
    }

    // An exception on this thread would end the process. The lost completion may be that of any task, so all fail; later ones may succeed,
    // for example when the system has a descriptor again.
    private void Deliver()
    {
        try
        {
            if (queue.Take(PollInterval) is { } completion && pending.TryGetValue(completion.Tag, out var task)) End(task, completion);
        }
        catch (Exception failure)
        {
            foreach (var task in pending.Values) task.TrySetException(failure);
            Thread.Sleep(PauseAfterFailure);
        }
    }

    private static void End(TaskCompletionSource<PresenceResponse> task, Completion completion)
    {
        if (completion.Error is { } error) task.TrySetException(error);
        else task.TrySetResult(completion.Response!);
    }
}
