// Queues the calls that the library's callbacks make to PowerShell. Callbacks run on threads of the library, where PowerShell code must not
// run. A pipeline that waits for the session runs each queued call on its own thread.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Threading;
using System.Threading.Tasks;

namespace MgPresence.SignIn;

/// <summary>The queued calls of one session. Any thread may add one; the pipelines run them one at a time.</summary>
internal sealed class HostCalls
{
    // How long a script block waits for a pipeline of its own runspace before a pipeline of another runspace runs a copy.
    private static readonly TimeSpan OwnRunspaceFirst = TimeSpan.FromMilliseconds(250);

    // The session whose script block this thread is running.
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

    /// <summary>Whether a new token needs a script block, which runs only while a pipeline waits.</summary>
    internal bool NeedPipeline { get; set; }

    /// <summary>Signalled when a call is added, for a pipeline that has nothing else to wait for.</summary>
    internal WaitHandle Filed => filed;

    /// <summary>Lets a pipeline write a message, without waiting for it.</summary>
    internal void Tell(Action<PSCmdlet> write) => File(new Entry(write, null));

    /// <summary>Runs a script block on a pipeline's thread and waits for its last output.</summary>
    /// <exception cref="TimeoutException">No pipeline ran the script block in time.</exception>
    internal object? Ask(ScriptBlock script, Guid home, TimeSpan longest)
    {
        var answer = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var entry = new Entry(_ => Answer(answer, script, home), home);
        File(entry);
        if (!((IAsyncResult)answer.Task).AsyncWaitHandle.WaitOne(longest) && Remove(entry))
            throw new TimeoutException($"no pipeline was free to run the script block within {longest.TotalSeconds} seconds.");
        return answer.Task.GetAwaiter().GetResult();
    }

    /// <summary>Whether this thread is running a script block of the session. A call that needs the session's token would then wait for itself.</summary>
    internal bool IsAnswering => answering == this;

    /// <summary>Runs the queued calls on the pipeline's thread.</summary>
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

    /// <summary>Runs the queued calls of the sessions that keep some presences, on the pipeline's thread.</summary>
    internal static void RunOf(IEnumerable<KeptPresence> presences, PSCmdlet cmdlet)
    {
        foreach (var calls in presences.Select(presence => presence.Context.Session.HostCalls).Distinct()) calls?.Run(cmdlet);
    }

    private static void Answer(TaskCompletionSource<object?> answer, ScriptBlock script, Guid home)
    {
        try
        {
            // A script block belongs to its runspace, which may be waiting for this pipeline. In another runspace, a copy made from its text
            // runs, as in ForEach-Object -Parallel.
            var own = Here == home ? script : ScriptBlock.Create(script.ToString());
            answer.TrySetResult(own.Invoke().LastOrDefault()?.BaseObject);
        }
        catch (LoopFlowException)
        {
            // If it propagated, it would end the caller's pipeline without an error.
            answer.TrySetException(new InvalidOperationException("the script block of -FederatedToken ended with break or continue. Return a SecureString or text."));
        }
        catch (ActionPreferenceStopException failure) // says first, at length, that $ErrorActionPreference is Stop
        {
            answer.TrySetException(failure.ErrorRecord.Exception);
        }
        catch (Exception failure) // includes exit: the library waits for an answer regardless of how the script block ends
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
