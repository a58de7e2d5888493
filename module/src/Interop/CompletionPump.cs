// Requests as tasks: one background thread waits on one queue and ends each task as its completion comes.

using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;

namespace MgPresence.Interop;

/// <summary>What <see cref="PresenceClient.SendAsync"/> runs on.</summary>
internal sealed class CompletionPump : IDisposable
{
    // Bounds how long the thread outlives its client should a wake be lost.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly CompletionQueue queue = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<PresenceResponse>> pending = new();
    private int submitted;
    private volatile bool closed;

    // The thread must not hold the client, which ends it when nobody has it any more.
    internal CompletionPump() => new Thread(Run) { IsBackground = true, Name = "MgPresence completions" }.Start();

    internal async Task<PresenceResponse> Send(PresenceClient client, PresenceRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // The continuation of a caller must not run on the thread that serves all the others.
        var task = new TaskCompletionSource<PresenceResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        var tag = Interlocked.Increment(ref submitted);
        pending[tag] = task; // before it is submitted: its completion may be here sooner
        try
        {
            var operation = client.Submit(request, queue, tag);
            using (cancellation.Register(() => client.Cancel(operation)))
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

    /// <summary>Ends the thread; tasks under way end as cancelled.</summary>
    public void Dispose()
    {
        if (closed) return;
        closed = true;
        queue.Wake();
    }

    private void Run()
    {
        using (queue)
        {
            while (!closed)
                if (queue.Take(PollInterval) is { } completion && pending.TryGetValue(completion.Tag, out var task)) End(task, completion);
        }
        foreach (var task in pending.Values) task.TrySetCanceled();
    }

    private static void End(TaskCompletionSource<PresenceResponse> task, Completion completion)
    {
        if (completion.Error is { } error) task.TrySetException(error);
        else task.TrySetResult(completion.Response!);
    }
}
