// What -SummaryVariable holds: what became of a pipeline's inputs. It is there from the start and counts as the pipeline runs, so that it also
// tells of one that was stopped.

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
    private long? throttled; // once the pipeline has ended

    /// <summary>Inputs for which the request succeeded.</summary>
    public int Succeeded { get; private set; }

    /// <summary>Inputs with an error.</summary>
    public int Failed { get; private set; }

    /// <summary>Inputs that were not sent, because the file of -ResumeFile says that an earlier run confirmed them.</summary>
    public int Skipped { get; private set; }

    /// <summary>How often requests were sent again.</summary>
    public int Repeats { get; private set; }

    /// <summary>How often Graph answered 429 meanwhile, to any pipeline of the session.</summary>
    public long Throttled => throttled ?? Counted;

    /// <summary>How long the pipeline has run, or ran.</summary>
    public double Seconds => Math.Round(running.Elapsed.TotalSeconds, 3);

    /// <summary>Inputs that ended, each second.</summary>
    public double Rate => running.Elapsed.TotalSeconds is var seconds and > 0 ? Math.Round((Succeeded + Failed) / seconds, 1) : 0;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Succeeded} succeeded, {Failed} failed{(Skipped > 0 ? $", {Skipped} skipped" : "")} in {Seconds} s";

    internal void Count(Call call)
    {
        if (call.Error is null && call.Refusal is null) Succeeded++;
        else Failed++;
        if (call.Error is { Attempts: > 1 } error) Repeats += error.Attempts - 1;
    }

    internal void Answered(PresenceResponse response) => Repeats += response.Attempts - 1;

    internal void Skip() => Skipped++;

    /// <summary>The client that the requests go to.</summary>
    internal void Follow(PresenceClient client)
    {
        this.client = client;
        throttledBefore = client.Throttled;
    }

    internal void Complete()
    {
        running.Stop();
        throttled = Counted;
        client = null; // a variable of the caller's must not keep it
    }

    private long Counted => client is null ? 0 : (long)(client.Throttled - throttledBefore);
}
