// The value of -SummaryVariable: counts of a pipeline's inputs by result. The variable is set at the start and updated as the pipeline runs, so
// that it is also valid for a stopped pipeline.

using System;
using System.Diagnostics;
using MgPresence.Cmdlets;
using MgPresence.Interop;

namespace MgPresence;

/// <summary>The counts of one pipeline.</summary>
public sealed class RequestSummary
{
    internal RequestSummary()
    {
    }

    private readonly Stopwatch running = Stopwatch.StartNew();
    private PresenceClient? client;
    private ulong throttledBefore;
    private long throttledEarlier; // by earlier clients
    private long? throttled; // once the pipeline has ended

    /// <summary>Inputs for which the request succeeded.</summary>
    public int Succeeded { get; private set; }

    /// <summary>Inputs with an error.</summary>
    public int Failed { get; private set; }

    /// <summary>Inputs that were not sent, because an earlier run confirmed them according to the -ResumeFile.</summary>
    public int Skipped { get; private set; }

    /// <summary>The number of retries.</summary>
    public int Repeats { get; private set; }

    /// <summary>The number of 429 answers during the pipeline, including those to other pipelines of the session.</summary>
    public long Throttled => throttled ?? Counted;

    /// <summary>The time that the pipeline has run so far, or ran in total.</summary>
    public double Seconds => Math.Round(running.Elapsed.TotalSeconds, 3);

    /// <summary>Completed inputs per second.</summary>
    public double Rate => running.Elapsed.TotalSeconds is var seconds and > 0 ? Math.Round((Succeeded + Failed) / seconds, 1) : 0;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Succeeded} succeeded, {Failed} failed{(Skipped > 0 ? $", {Skipped} skipped" : "")} in {Seconds} s";

    /// <summary>How many requests wait for the limit of the application, and the limit; null if none does.</summary>
    internal (uint Requests, uint Limit)? Held => client?.Held;

    internal void Count(Call call)
    {
        if (call.HasFailed) Failed += call.Inputs;
        else Succeeded += call.Inputs;
        if (call.Error is { Attempts: > 1 } error) Repeats += error.Attempts - 1;
    }

    internal void Answered(PresenceResponse response) => Repeats += response.Attempts - 1;

    internal void Skip() => Skipped++;

    /// <summary>The client that the requests go to from now on.</summary>
    internal void Follow(PresenceClient client)
    {
        throttledEarlier = Counted;
        this.client = client;
        throttledBefore = client.Throttled;
    }

    /// <summary>Keeps the numbers as they are when the pipeline has ended.</summary>
    internal void Complete()
    {
        running.Stop();
        throttled ??= Counted;
        client = null; // the caller's variable must not keep the client alive
    }

    private long Counted => throttledEarlier + (client is null ? 0 : (long)(client.Throttled - throttledBefore));
}
