// Keeps many inputs under way, and their results in the order of the inputs. Decides which requests are sent alone and which in batches,
// and when the next input has to wait. Used by the pipeline's thread; only Stop is called on another one.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Submits calls and writes them when they are done, first in first out.</summary>
/// <param name="isOneByOne">Whether each call ends before the next one is sent, for a caller who wants to stop at it or to inspect it.</param>
/// <param name="progress">Shows what the requests wait for.</param>
/// <param name="summary">Counts the calls.</param>
/// <param name="resume">Where confirmed inputs are noted, if anywhere.</param>
/// <param name="write">Writes a call that is complete, or a page that has arrived.</param>
/// <param name="whileWaiting">Runs whenever the pipeline polls for responses: what a sign-in asks of PowerShell.</param>
internal sealed class RequestWindow(
    bool isOneByOne, RequestProgress progress, RequestSummary summary, ResumeFile? resume, Action<Call> write, Action whileWaiting) : IDisposable
{
    /// <summary>
    /// How many inputs may be outstanding. The number grows with the results that were written, so that a pipeline that ends early
    /// (Select-Object -First) has not sent much more than it needed.
    /// </summary>
    private const int FirstSize = 40, LargestSize = 1000;

    // Stop closes the queue, which ends every wait. This limits a wait in which nothing arrives.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100), PauseWhenFull = TimeSpan.FromMilliseconds(20);

    // If inputs arrive one at a time, the result of each should be written before the next arrives. After a gap between inputs, the call is
    // therefore sent alone and waited for. If many inputs arrive at once, only the first one is waited for.
    private static readonly long InputGap = Stopwatch.Frequency / 20, LongestWait = Stopwatch.Frequency / 2;

    // Polling for responses takes longer than taking an input.
    private static readonly long LookInterval = Stopwatch.Frequency / 1000;

    private readonly Queue<Call> inOrder = new();
    private readonly Dictionary<int, Sent> outstanding = [];
    private readonly Earlier earlier = new();
    private volatile CompletionQueue? queue; // made with the first request: a refusal needs none
    private PresenceClient? unflushed;
    private long lastInput, lastLook;
    private bool isQuiet, isAlone;
    private int submitted, written;
    private volatile bool stopped;

    /// <summary>A request under way.</summary>
    private sealed class Sent(PresenceClient client, Call call, bool isBatched, string? note)
    {
        internal PresenceClient Client => client;
        internal Call Call => call;
        internal bool IsBatched => isBatched;
        internal string? Note => note;
    }

    private int Size => Math.Min(LargestSize, FirstSize + (2 * written));

    /// <summary>Begins an input with a number of calls.</summary>
    internal void BeginInput(int calls)
    {
        isQuiet = lastInput == 0 || Stopwatch.GetTimestamp() - lastInput > InputGap;
        isAlone = isQuiet && calls == 1 && inOrder.Count == 0;
    }

    /// <summary>Sends a call's first request. A refusal by the library is the call's result, not an exception.</summary>
    internal void Add(PresenceClient client, Call call, PresenceRequest request)
    {
        var isBatched = !isOneByOne && !isAlone;
        if (earlier.Holds(call)) Flush();
        while (earlier.Holds(call)) Collect(PollInterval);
        Submit(client, call, request, isBatched);
        inOrder.Enqueue(call);
        if (call.IsDone) summary.Count(call);
        else
        {
            earlier.Add(call, isBatched);
            resume?.Send(call);
        }
        while (isOneByOne && !call.IsDone)
        {
            Collect(PollInterval);
            WriteDone();
        }
        WriteReady();
    }

    /// <summary>Adds a call that was refused before it was sent, in its order.</summary>
    internal void AddRefused(Call call)
    {
        inOrder.Enqueue(call);
        summary.Count(call);
        WriteReady();
    }

    /// <summary>Ends an input.</summary>
    internal void EndInput()
    {
        if (isQuiet) WriteUntil(Stopwatch.GetTimestamp() + LongestWait);
        lastInput = Stopwatch.GetTimestamp();
    }

    /// <summary>Waits for every call and writes it, after the last input.</summary>
    internal void WriteAll()
    {
        progress.Expect(summary.Succeeded + summary.Failed + inOrder.Where(call => !call.IsDone).Sum(call => call.Inputs));
        WriteUntil(long.MaxValue);
        progress.Complete();
    }

    /// <summary>Ends every wait and sends nothing more, for Ctrl+C.</summary>
    internal void Stop()
    {
        stopped = true;
        try { queue?.Close(); }
        catch (ObjectDisposedException) { } // the pipeline was faster
    }

    /// <summary>Cancels outstanding calls.</summary>
    public void Dispose()
    {
        queue?.Dispose();
        progress.Dispose();
    }

    // Waits while the window is full.
    private void WriteReady()
    {
        if (inOrder.Count < Size && Stopwatch.GetTimestamp() - lastLook > LookInterval)
        {
            while (Collect(TimeSpan.Zero)) { }
            lastLook = Stopwatch.GetTimestamp();
        }
        WriteDone();
        while (inOrder.Count >= Size)
        {
            Collect(PollInterval);
            WriteDone();
        }
    }

    private void WriteUntil(long end)
    {
        Flush();
        WriteDone();
        while (inOrder.Count > 0 && Stopwatch.GetTimestamp() < end)
        {
            Collect(PollInterval);
            WriteDone();
        }
    }

    private void WriteDone()
    {
        while (inOrder.Count > 0 && inOrder.Peek() is { IsReady: true } call)
        {
            if (call.IsDone)
            {
                written++;
                inOrder.Dequeue();
            }
            write(call);
        }
    }

    // Sends what was taken, although more inputs may arrive, because it has waited long enough.
    private void Flush()
    {
        unflushed?.Flush();
        unflushed = null;
    }

    /// <summary>Takes one completion, if one arrives in time, and sends the request that follows from it, if any.</summary>
    private bool Collect(TimeSpan timeout)
    {
        if (stopped) throw new PipelineStoppedException();
        if (outstanding.Count == 0) return false;
        var taken = queue!.Take(timeout);
        progress.Update(inOrder.Count);
        whileWaiting();
        if (taken is not { } completion) return false;

        var sent = outstanding[completion.Tag];
        outstanding.Remove(completion.Tag);
        progress.End(sent.Note);
        Advance(sent, completion);
        return true;
    }

    private void Advance(Sent sent, Completion completion)
    {
        var call = sent.Call;
        var next = call.Advance(completion);
        if (completion.Response is { } response) summary.Answered(response);
        if (call.Responses.Count == 1 && completion.Error is null) resume?.Confirm(call);
        if (next is not null) Submit(sent.Client, call, next, sent.IsBatched);
        if (!call.IsDone) return;
        earlier.Remove(call);
        summary.Count(call);
    }

    private void Submit(PresenceClient client, Call call, PresenceRequest request, bool isBatched)
    {
        if (isBatched)
        {
            request.Options |= RequestOptions.Batch;
            unflushed = client;
        }
        var note = progress.Begin(call.Target.Id, request);
        try
        {
            while (!client.TrySubmit(request, queue ??= new CompletionQueue(), ++submitted)) WaitForPlace();
            outstanding.Add(submitted, new Sent(client, call, isBatched, note));
        }
        catch (PresenceException refusal)
        {
            if (stopped) throw new PipelineStoppedException();
            progress.End(note);
            call.Fail(refusal);
        }
    }

    // The client has its maximum of requests, from this pipeline or others.
    private void WaitForPlace()
    {
        Flush();
        if (Collect(PauseWhenFull) || outstanding.Count > 0) return;
        queue!.Take(PauseWhenFull);
    }
}
