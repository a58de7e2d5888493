// Runs blocking work outside the pipeline's thread. Its messages are written in the meantime, and Ctrl+C ends the wait at once.

using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace MgPresence.SignIn;

/// <summary>Waits for work on behalf of a cmdlet.</summary>
internal sealed class BackgroundWork(PSCmdlet cmdlet, HostCalls host, CancellationToken stop)
{
    // The interval between checks for a script block that another runspace has not run in time. No event announces one.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The result of the work, or its exception.</summary>
    /// <exception cref="PipelineStoppedException">Ctrl+C was pressed. The work has been cancelled, but may still be running.</exception>
    internal T Wait<T>(Func<T> work, Action? cancel = null)
    {
        using var stopping = stop.Register(() => cancel?.Invoke());
        var task = Task.Run(work);
        var events = new[] { ((IAsyncResult)task).AsyncWaitHandle, host.Filed, stop.WaitHandle };
        while (!task.IsCompleted)
        {
            WaitHandle.WaitAny(events, PollInterval);
            if (stop.IsCancellationRequested) throw new PipelineStoppedException();
            host.Run(cmdlet);
        }
        host.Run(cmdlet);
        return task.GetAwaiter().GetResult();
    }
}
