// Many requests in flight, their ends in the order of the inputs: all that is known of that order is known here. Owned and polled by the
// pipeline's thread; only Stop comes from another.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Submits calls and hands them back, finished, first in first out.</summary>
/// <param name="isOneByOne">Whether each call ends before the next one is sent, for a caller whom an error stops.</param>
/// <param name="narration">What the requests wait for, told to the caller.</param>
internal sealed class RequestWindow(bool isOneByOne, Narration narration) : IDisposable
{
    /// <summary>How many calls may be outstanding before the next input waits.</summary>
    private const int Size = 32;

    // Stop wakes the queue; this bounds the wait all the same.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    // Who gives one input at a time is to see its end before he gives the next; who gives many pays for the first one only.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50), Courtesy = TimeSpan.FromMilliseconds(500);

    private readonly Queue<Call> order = new();
    private readonly Dictionary<int, (PresenceClient Client, Call Call, string? Id)> outstanding = [];
    private volatile CompletionQueue? queue; // made with the first request: a refusal needs none
    private Stopwatch? sinceInput;
    private int submitted, answered;
    private volatile bool stopped;

    /// <summary>
    /// Sends a call on its way, a write only after those that may be for the same user have ended: the last one counts. A refusal by the
    /// library is how the call ends, not an exception.
    /// </summary>
    internal void Add(PresenceClient client, Call call, PresenceRequest request)
    {
        while (call.IsWrite && outstanding.Values.Any(other => other.Call.MayBeFor(call.Target))) Collect(Patience);
        Submit(client, call, request);
        order.Enqueue(call);
        if (isOneByOne) WaitFor(call, TimeSpan.MaxValue);
        else if (order.Count == 1 && (sinceInput is null || sinceInput.Elapsed > Pause)) WaitFor(call, Courtesy);
    }

    /// <summary>Gives a call that ended before it was sent its place among the others.</summary>
    internal void AddRefused(Call call) => order.Enqueue(call);

    /// <summary>Calls that are done and whose predecessors are; waits only while the window is full.</summary>
    internal IEnumerable<Call> Ready()
    {
        foreach (var call in Finished(Size - 1)) yield return call;
        sinceInput = Stopwatch.StartNew();
    }

    /// <summary>Every call, waiting for each.</summary>
    internal IEnumerable<Call> All()
    {
        foreach (var call in Finished(0)) yield return call;
        narration.End();
    }

    private IEnumerable<Call> Finished(int mayStay)
    {
        while (Collect(TimeSpan.Zero)) { }
        while (order.Count > 0)
        {
            if (order.Peek().IsDone)
            {
                answered++;
                yield return order.Dequeue();
            }
            else if (order.Count > mayStay) Collect(Patience);
            else yield break;
        }
    }

    private void WaitFor(Call call, TimeSpan longest)
    {
        var waited = Stopwatch.StartNew();
        while (!call.IsDone && waited.Elapsed < longest) Collect(Patience);
    }

    /// <summary>Ends every wait, for Ctrl+C. Disposing then cancels what is outstanding.</summary>
    internal void Stop()
    {
        stopped = true;
        try { queue?.Wake(); }
        catch (ObjectDisposedException) { } // the pipeline was faster
    }

    public void Dispose()
    {
        queue?.Dispose();
        narration.Dispose();
    }

    private bool Collect(TimeSpan patience)
    {
        if (stopped) throw new PipelineStoppedException();
        if (outstanding.Count == 0) return false;
        var taken = queue!.Take(patience);
        narration.Tell(answered, order.Count);
        if (taken is not { } completion) return false;

        var (client, call, id) = outstanding[completion.Tag];
        outstanding.Remove(completion.Tag);
        narration.Ended(id);
        if (call.Advance(completion) is { } next) Submit(client, call, next);
        return true;
    }

    private void Submit(PresenceClient client, Call call, PresenceRequest request)
    {
        var id = narration.Began(call.Target.Id, request);
        try
        {
            client.Submit(request, queue ??= new CompletionQueue(), ++submitted);
            outstanding.Add(submitted, (client, call, id));
        }
        catch (PresenceException refusal)
        {
            narration.Ended(id);
            call.Fail(refusal);
        }
    }
}
