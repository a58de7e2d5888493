// What an administrator sees while requests are under way: with -Verbose each wait that Graph asked for, and a progress bar once a pipeline
// takes long. Belongs to the pipeline's thread, as everything that writes to it.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Shows what a cmdlet's requests are doing.</summary>
internal sealed class RequestProgress(PSCmdlet cmdlet) : IDisposable
{
    // A bar that flashes past shows nothing, and drawing it costs more than a request.
    private static readonly TimeSpan ShownAfter = TimeSpan.FromSeconds(1), RefreshInterval = TimeSpan.FromMilliseconds(200);

    private readonly RetryNotes notes = new();
    private readonly Dictionary<string, string> users = [];
    private readonly string activity = cmdlet.MyInvocation.MyCommand.Name;

    // Under -Debug alone PowerShell asks before each verbose line; the trace that -Debug shows has the waits.
    private readonly bool showsWaits = cmdlet.MyInvocation.BoundParameters.ContainsKey("Verbose") || !cmdlet.MyInvocation.BoundParameters.ContainsKey("Debug");

    private readonly Stopwatch running = Stopwatch.StartNew();
    private TimeSpan? shownAt;
    private (string Id, string Text) wait;

    /// <summary>Follows a request about a user. Returns the id for <see cref="End"/>.</summary>
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
        if (wait.Id == id) wait = default;
    }

    /// <summary>Shows the waits since the last call, and the bar when it is due.</summary>
    internal void Update(int answered, int outstanding)
    {
        ShowWaits();
        if (running.Elapsed < ShownAfter || running.Elapsed - shownAt < RefreshInterval) return;
        shownAt = running.Elapsed;
        // In the status, since PowerShell's narrow progress bar shows nothing else.
        var status = $"{answered} answered, {outstanding} in flight{(wait.Text is null ? "" : $"; {wait.Text}")}";
        cmdlet.WriteProgress(new ProgressRecord(0, activity, status));
    }

    /// <summary>Removes the bar.</summary>
    internal void Complete()
    {
        if (shownAt is null) return;
        shownAt = null;
        cmdlet.WriteProgress(new ProgressRecord(0, activity, "Completed") { RecordType = ProgressRecordType.Completed });
    }

    public void Dispose() => notes.Dispose();

    private void ShowWaits()
    {
        while (notes.TryTake(out var note))
        {
            var user = users.TryGetValue(note.Id, out var known) ? $"{known}: " : "";
            wait = (note.Id, user + note.Text);
            if (showsWaits) cmdlet.WriteVerbose(wait.Text);
        }
    }
}
