// Shows progress while requests are under way: with -Verbose each wait that Graph asked for, and a progress bar if a pipeline takes long.
// It is used on the pipeline's thread only.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Shows what a cmdlet's requests are doing.</summary>
internal sealed class RequestProgress(PSCmdlet cmdlet, Preferences preferences, RequestSummary summary) : IDisposable
{
    // A bar that is shown for a moment is useless, and drawing it takes longer than a request.
    private static readonly TimeSpan ShownAfter = TimeSpan.FromSeconds(1), RefreshInterval = TimeSpan.FromMilliseconds(200);

    private readonly RetryNotes notes = new();
    private readonly Dictionary<string, string> users = [];
    private readonly string activity = cmdlet.MyInvocation.MyCommand.Name;

    private readonly Stopwatch running = Stopwatch.StartNew();
    private TimeSpan shownAt, lookedAt;
    private TimeSpan? heldSince;
    private bool isHoldShown;
    private bool isShown;
    private int? expected;
    private Note? wait;

    /// <summary>Follows a request for a user. Returns the id for <see cref="End"/>.</summary>
    internal string? Begin(string? user, PresenceRequest request)
    {
        var id = notes.Follow(request);
        if (id is not null && user is not null) users[id] = user;
        return id;
    }

    /// <summary>Stops following a request that has ended.</summary>
    internal void End(string? id)
    {
        ShowWaits(); // while it is known whose the last notes are
        if (id is null) return;
        notes.Forget(id);
        users.Remove(id);
        if (wait?.Id == id) wait = null;
    }

    /// <summary>Records that all inputs have arrived.</summary>
    internal void Expect(int inputs) => expected = inputs;

    /// <summary>Shows the waits since the last call, and the bar when it is due.</summary>
    internal void Update(int outstanding)
    {
        ShowWaits();
        var now = running.Elapsed;
        if (now - lookedAt > RefreshInterval) ShowHold(lookedAt = now);
        if (now < ShownAfter || (isShown && now - shownAt < RefreshInterval)) return;
        (isShown, shownAt) = (true, now);
        cmdlet.WriteProgress(Record(outstanding));
    }

    /// <summary>Removes the bar.</summary>
    internal void Complete()
    {
        summary.Complete();
        if (!isShown) return;
        isShown = false;
        cmdlet.WriteProgress(new ProgressRecord(0, activity, "Completed") { RecordType = ProgressRecordType.Completed });
    }

    public void Dispose() => notes.Dispose();

    // In the status, since PowerShell's narrow progress bar shows nothing else. How much is left is known when all inputs were read.
    private ProgressRecord Record(int outstanding)
    {
        var done = summary.Succeeded + summary.Failed;
        var counts = $"{done} done, {summary.Failed} failed, {outstanding} under way, {summary.Rate:0}/s, {summary.Throttled} throttled";
        var record = new ProgressRecord(0, activity, wait is null ? counts : $"{counts}; {wait.Text}");
        if (expected is > 0 and var all)
        {
            record.PercentComplete = Math.Min(100, 100 * done / all);
            if (summary.Rate > 0) record.SecondsRemaining = (int)Math.Min(int.MaxValue, (all - done) / summary.Rate);
        }
        return record;
    }

    // Requests that wait for a moment only are the usual flow of a long pipeline.
    private void ShowHold(TimeSpan now)
    {
        if (summary.Held is not { } held)
        {
            (heldSince, isHoldShown) = (null, false);
            return;
        }
        heldSince ??= now;
        if (isHoldShown || !preferences.ShowsWaits || now - heldSince < ShownAfter) return;
        isHoldShown = true;
        cmdlet.WriteVerbose($"{held.Requests} requests wait, since the application may send {held.Limit} within 30 s");
    }

    private void ShowWaits()
    {
        while (notes.TryTake(out var note))
        {
            var user = users.TryGetValue(note.Id, out var known) ? $"{known}: " : "";
            wait = new Note(note.Id, user + note.Text);
            if (preferences.ShowsWaits) cmdlet.WriteVerbose(wait.Text);
        }
    }
}
