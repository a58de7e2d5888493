// Many requests in flight, their results in the order of the inputs: everything about that order is here. Owned and polled by the
// pipeline's thread; only Stop comes from another.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Submits calls and returns them when they are done, first in first out.</summary>
/// <param name="isOneByOne">Whether each call ends before the next one is sent, for a pipeline that ends at the first error.</param>
/// <param name="progress">Shows what the requests wait for.</param>
internal sealed class RequestWindow(bool isOneByOne, RequestProgress progress) : IDisposable
{
    /// <summary>How many calls may be outstanding before the next input waits.</summary>
    private const int Slots = 32;

    // Stop wakes the queue; this bounds the wait if the wake is lost.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    // A producer that gives one input at a time should see its result before it gives the next: after a gap between inputs, the call is
    // waited for. A producer that gives many at once pays for the first one only.
    private static readonly TimeSpan InputGap = TimeSpan.FromMilliseconds(50), SingleInputWait = TimeSpan.FromMilliseconds(500);

    private readonly Queue<Call> inOrder = new();
    private readonly Dictionary<int, (PresenceClient Client, Call Call, string? Id)> outstanding = [];
    private volatile CompletionQueue? queue; // made with the first request: a refusal needs none
    private Stopwatch? sinceInput;
    private int submitted, answered;
    private volatile bool stopped;

    /// <summary>
    /// Sends a call's first request. A write waits until the writes that may be for the same user have ended, so that the last one wins. A
    /// refusal by the library is the call's result, not an exception.
    /// </summary>
    internal void Add(PresenceClient client, Call call, PresenceRequest request)
    {
        while (call.IsWrite && outstanding.Values.Any(other => other.Call.MayBeFor(call.Target))) Collect(PollInterval);
        Submit(client, call, request);
        inOrder.Enqueue(call);
        if (isOneByOne) WaitFor(call, TimeSpan.MaxValue);
        else if (inOrder.Count == 1 && (sinceInput is null || sinceInput.Elapsed > InputGap)) WaitFor(call, SingleInputWait);
    }

    /// <summary>Gives a call that was refused before it was sent its place among the others.</summary>
    internal void AddRefused(Call call) => inOrder.Enqueue(call);

    /// <summary>Calls that are done and whose predecessors are; waits only while every slot is taken.</summary>
    internal IEnumerable<Call> Ready()
    {
        foreach (var call in Finished(Slots - 1)) yield return call;
        sinceInput = Stopwatch.StartNew();
    }

    /// <summary>Every call, waiting for each.</summary>
    internal IEnumerable<Call> All()
    {
        foreach (var call in Finished(0)) yield return call;
        progress.Complete();
    }

    private IEnumerable<Call> Finished(int mayStay)
    {
        while (Collect(TimeSpan.Zero)) { }
        while (inOrder.Count > 0)
        {
            if (inOrder.Peek().IsDone)
            {
                answered++;
                yield return inOrder.Dequeue();
            }
            else if (inOrder.Count > mayStay) Collect(PollInterval);
            else yield break;
        }
    }

    private void WaitFor(Call call, TimeSpan longest)
    {
        var waited = Stopwatch.StartNew();
        while (!call.IsDone && waited.Elapsed < longest) Collect(PollInterval);
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
        progress.Dispose();
    }

    /// <summary>Takes one completion, if one comes within the time; a call that needs another request sends it.</summary>
    private bool Collect(TimeSpan timeout)
    {
        if (stopped) throw new PipelineStoppedException();
        if (outstanding.Count == 0) return false;
        var taken = queue!.Take(timeout);
        progress.Update(answered, inOrder.Count);
        if (taken is not { } completion) return false;

        var (client, call, id) = outstanding[completion.Tag];
        outstanding.Remove(completion.Tag);
        progress.End(id);
        if (call.Advance(completion) is { } next) Submit(client, call, next);
        return true;
    }

    private void Submit(PresenceClient client, Call call, PresenceRequest request)
    {
        var id = progress.Begin(call.Target.Id, request);
        try
        {
            client.Submit(request, queue ??= new CompletionQueue(), ++submitted);
            outstanding.Add(submitted, (client, call, id));
        }
        catch (PresenceException refusal)
        {
            progress.End(id);
            call.Fail(refusal);
        }
    }
}
