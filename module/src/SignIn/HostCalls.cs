// What the library's callbacks want of PowerShell. They come on threads of the library, where no PowerShell code may run: each is filed
// here, and a pipeline that waits for the session runs it on its own thread.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Threading;
using System.Threading.Tasks;

namespace MgPresence.SignIn;

/// <summary>The calls of one session. Any thread may file one; pipelines take turns at running them.</summary>
internal sealed class HostCalls
{
    // How long a script block waits for a pipeline of its own runspace before one of another runspace runs a copy of it.
    private static readonly TimeSpan OwnRunspaceFirst = TimeSpan.FromMilliseconds(250);

    // The session whose script block this thread runs at the moment.
    [ThreadStatic]
    private static HostCalls? answering;

    private readonly List<Entry> waiting = [];
    private readonly AutoResetEvent filed = new(false);

    private sealed class Entry(Action<PSCmdlet> run, Guid? runspace)
    {
        private readonly DateTime filedAt = DateTime.UtcNow;

        internal Action<PSCmdlet> Run => run;

        internal bool IsFor(Guid here) => runspace is null || runspace == here || DateTime.UtcNow - filedAt > OwnRunspaceFirst;
    }

    /// <summary>Set when a call is filed, for a pipeline that has nothing else to wait for.</summary>
    internal WaitHandle Filed => filed;

    /// <summary>Has something written by a pipeline. Does not wait for it.</summary>
    internal void Tell(Action<PSCmdlet> write) => File(new Entry(write, null));

    /// <summary>Runs a script block on a pipeline's thread and waits for its last output.</summary>
    /// <exception cref="TimeoutException">No pipeline was there to run it.</exception>
    internal object? Ask(ScriptBlock script, Guid home, TimeSpan longest)
    {
        var answer = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var entry = new Entry(_ => Answer(answer, script, home), home);
        File(entry);
        if (!((IAsyncResult)answer.Task).AsyncWaitHandle.WaitOne(longest) && Remove(entry))
            throw new TimeoutException($"no pipeline was free to run the script block within {longest.TotalSeconds} seconds.");
        return answer.Task.GetAwaiter().GetResult();
    }

    /// <summary>Whether this thread is in a script block of the session: a call that needs the session's token would wait for itself.</summary>
    internal bool IsAnswering => answering == this;

    /// <summary>Runs what has been filed, on the pipeline's thread.</summary>
    internal void Run(PSCmdlet cmdlet)
    {
        while (Take() is { } entry)
        {
            var outer = answering;
            answering = this;
            try { entry.Run(cmdlet); }
            finally { answering = outer; }
        }
    }

    private static void Answer(TaskCompletionSource<object?> answer, ScriptBlock script, Guid home)
    {
        try
        {
            // A script block belongs to its runspace, which may be waiting for this very pipeline: elsewhere its text runs, as in
            // ForEach-Object -Parallel.
            var own = Here == home ? script : ScriptBlock.Create(script.ToString());
            answer.TrySetResult(own.Invoke().LastOrDefault()?.BaseObject);
        }
        catch (LoopFlowException)
        {
            // Further up, it would end the caller's pipeline without a word.
            answer.TrySetException(new InvalidOperationException("the script block of -FederatedToken ended with break or continue. Return a SecureString or text."));
        }
        catch (Exception failure) // exit too: whatever ends the script block, the library waits for its answer
        {
            answer.TrySetException(failure);
            if (failure is not RuntimeException or PipelineStoppedException) throw;
        }
    }

    internal static Guid Here => Runspace.DefaultRunspace?.InstanceId ?? Guid.Empty;

    private void File(Entry entry)
    {
        lock (waiting) waiting.Add(entry);
        filed.Set();
    }

    private bool Remove(Entry entry)
    {
        lock (waiting) return waiting.Remove(entry);
    }

    private Entry? Take()
    {
        lock (waiting)
        {
            if (waiting.Count == 0) return null;
            var entry = waiting.Find(it => it.IsFor(Here));
            if (entry is not null) waiting.Remove(entry);
            return entry;
        }
    }
}
