// Many inputs under way, their results in the order of the inputs: what goes out by itself, what goes in batches, and when the next input has
// to wait are decided here. Owned and polled by the pipeline's thread; only Stop comes from another.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Submits calls and writes them when they are done, first in first out.</summary>
/// <param name="isOneByOne">Whether each call ends before the next one is sent, for a caller who wants to stop at it or to look at it.</param>
/// <param name="progress">Shows what the requests wait for.</param>
/// <param name="summary">Counts the calls.</param>
/// <param name="resume">Where confirmed inputs are noted, if anywhere.</param>
/// <param name="write">Writes a call that is done, or a page that has come.</param>
/// <param name="whileWaiting">Runs whenever the pipeline looks for answers: what a sign-in asks of PowerShell.</param>
internal sealed class RequestWindow(
    bool isOneByOne, RequestProgress progress, RequestSummary summary, ResumeFile? resume, Action<Call> write, Action whileWaiting) : IDisposable
{
    /// <summary>
    /// How many inputs may be taken before the first of them has its result. It grows with what was written, so that a pipeline that ends
    /// early (Select-Object -First) has not sent much more than it needed.
    /// </summary>
    private const int FirstSize = 40, LargestSize = 1000;

    // Stop closes the queue, which ends every wait; this bounds one in which nothing comes.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100), PauseWhenFull = TimeSpan.FromMilliseconds(20);

    // A producer that gives one input at a time should see its result before it gives the next: after a gap between inputs, the call goes out
    // by itself and is waited for. A producer that gives many at once pays for the first one only.
    private static readonly long InputGap = Stopwatch.Frequency / 20, LongestWait = Stopwatch.Frequency / 2;

    // Asking for answers costs more than taking an input does.
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

    /// <summary>An input with so many calls comes.</summary>
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
        else earlier.Add(call, isBatched);
        while (isOneByOne && !call.IsDone)
        {
            Collect(PollInterval);
            WriteDone();
        }
        WriteReady();
    }

    /// <summary>Gives a call that was refused before it was sent its place among the others.</summary>
    internal void AddRefused(Call call)
    {
        inOrder.Enqueue(call);
        summary.Count(call);
        WriteReady();
    }

    /// <summary>The input has no more calls.</summary>
    internal void EndInput()
    {
        if (isQuiet) WriteUntil(Stopwatch.GetTimestamp() + LongestWait);
        lastInput = Stopwatch.GetTimestamp();
    }

    /// <summary>Writes every call, waiting for each: no input will come.</summary>
    internal void WriteAll()
    {
        progress.Expect(written + inOrder.Count);
        WriteUntil(long.MaxValue);
        progress.Complete();
    }

    /// <summary>Ends every wait, and sends nothing more, for Ctrl+C.</summary>
    internal void Stop()
    {
        stopped = true;
        try { queue?.Close(); }
        catch (ObjectDisposedException) { } // the pipeline was faster
    }

    /// <summary>Cancels what is outstanding.</summary>
    public void Dispose()
    {
        queue?.Dispose();
        progress.Dispose();
    }

    // Waits only while the window is full.
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

    // More inputs may come, but what was taken has waited long enough for them.
    private void Flush()
    {
        unflushed?.Flush();
        unflushed = null;
    }

    /// <summary>Takes one completion, if one comes within the time; a call that needs another request sends it.</summary>
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

    // The client has all that it takes, of this pipeline or of others.
    private void WaitForPlace()
    {
        Flush();
        if (Collect(PauseWhenFull) || outstanding.Count > 0) return;
        queue!.Take(PauseWhenFull);
    }
}
