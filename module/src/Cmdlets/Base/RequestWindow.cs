// Many requests in flight, their ends in the order of the inputs. Owned and polled by the pipeline's thread; only Stop comes from another.

using System;
using System.Collections.Generic;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Submits calls and hands them back, finished, first in first out.</summary>
internal sealed class RequestWindow : IDisposable
{
    /// <summary>How many calls may be outstanding before the next input waits.</summary>
    private const int Size = 32;

    // Stop wakes the queue; this bounds the wait all the same.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly CompletionQueue queue = new();
    private readonly Queue<Call> order = new();
    private readonly Dictionary<int, (PresenceClient, Call)> outstanding = [];
    private int submitted;
    private volatile bool stopped;

    /// <summary>Sends a call on its way. A refusal by the library is how the call ends, not an exception.</summary>
    internal void Add(PresenceClient client, Call call)
    {
        Submit(client, call, call.Request);
        order.Enqueue(call);
    }

    /// <summary>Calls that are done and whose predecessors are; waits only while the window is full.</summary>
    internal IEnumerable<Call> Ready() => Finished(Size - 1);

    /// <summary>Every call, waiting for each.</summary>
    internal IEnumerable<Call> All() => Finished(0);

    private IEnumerable<Call> Finished(int mayStay)
    {
        while (Collect(TimeSpan.Zero)) { }
        while (order.Count > 0)
        {
            if (order.Peek().IsDone) yield return order.Dequeue();
            else if (order.Count > mayStay) Collect(Patience);
            else yield break;
        }
    }

    /// <summary>Ends every wait, for Ctrl+C. Disposing then cancels what is outstanding.</summary>
    internal void Stop()
    {
        stopped = true;
        try { queue.Wake(); }
        catch (ObjectDisposedException) { } // the pipeline was faster
    }

    public void Dispose() => queue.Dispose();

    private bool Collect(TimeSpan patience)
    {
        if (stopped) throw new PipelineStoppedException();
        if (outstanding.Count == 0 || queue.Take(patience) is not { } completion) return false;

        var (client, call) = outstanding[completion.Tag];
        outstanding.Remove(completion.Tag);
        if (call.Advance(completion) is { } next) Submit(client, call, next);
        return true;
    }

    private void Submit(PresenceClient client, Call call, PresenceRequest request)
    {
        try
        {
            client.Submit(request, queue, ++submitted);
            outstanding.Add(submitted, (client, call));
        }
        catch (PresenceException refusal)
        {
            call.Fail(refusal);
        }
    }
}
