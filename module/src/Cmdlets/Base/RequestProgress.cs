// What a person sees while requests are under way: with -Verbose each wait that Graph asked for, and progress once it takes long.
// Belongs to the pipeline's thread, as everything that writes to it.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Tells what a cmdlet's requests are doing.</summary>
internal sealed class Narration(PSCmdlet cmdlet) : IDisposable
{
    // A bar that flashes past tells nothing, and drawing it costs more than a request.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), Pace = TimeSpan.FromMilliseconds(200);

    private readonly RetryNotes notes = new();
    private readonly Dictionary<string, string> users = [];
    private readonly string activity = cmdlet.MyInvocation.MyCommand.Name;

    // Under -Debug alone PowerShell asks before each verbose line; the trace that -Debug shows has the waits.
    private readonly bool isVerboseMeant = cmdlet.MyInvocation.BoundParameters.ContainsKey("Verbose") || !cmdlet.MyInvocation.BoundParameters.ContainsKey("Debug");

    private readonly Stopwatch running = Stopwatch.StartNew();
    private TimeSpan? shownAt;
    private (string Id, string Text) wait;

    /// <summary>A request about a user goes out. Gives the id for <see cref="Ended"/>.</summary>
    internal string? Began(string? user, PresenceRequest request)
    {
        var id = notes.Follow(request);
        if (id is not null && user is not null) users[id] = user;
        return id;
    }

    /// <summary>The request has ended.</summary>
    internal void Ended(string? id)
    {
        Listen(); // while it is known whose the last notes are
        if (id is null) return;
        notes.Forget(id);
        users.Remove(id);
        if (wait.Id == id) wait = default;
    }

    /// <summary>Says what there is to say by now.</summary>
    internal void Tell(int answered, int outstanding)
    {
        Listen();
        if (running.Elapsed < Patience || running.Elapsed - shownAt < Pace) return;
        shownAt = running.Elapsed;
        // In the status, since PowerShell's narrow progress bar shows nothing else.
        var status = $"{answered} answered, {outstanding} on the way{(wait.Text is null ? "" : $"; {wait.Text}")}";
        cmdlet.WriteProgress(new ProgressRecord(0, activity, status));
    }

    /// <summary>Takes the progress bar away.</summary>
    internal void End()
    {
        if (shownAt is null) return;
        shownAt = null;
        cmdlet.WriteProgress(new ProgressRecord(0, activity, "done") { RecordType = ProgressRecordType.Completed });
    }

    public void Dispose() => notes.Dispose();

    private void Listen()
    {
        while (notes.TryTake(out var note))
        {
            var user = users.TryGetValue(note.Id, out var known) ? $"{known}: " : "";
            wait = (note.Id, user + note.Text);
            if (isVerboseMeant) cmdlet.WriteVerbose(wait.Text);
        }
    }
}
