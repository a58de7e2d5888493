using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using MgPresence.Interop;
using MgPresence.SignIn;

namespace MgPresence.Cmdlets;

/// <summary>Get-MgPresenceKeepAlive: the presences that are kept alive, with their states.</summary>
[Cmdlet(VerbsCommon.Get, "MgPresenceKeepAlive", DefaultParameterSetName = "List")]
[OutputType(typeof(KeptPresence), typeof(KeepAliveSummary))]
public sealed class GetMgPresenceKeepAlive : PSCmdlet, IDisposable
{
    // Between two polls there is at most one event for each presence, so polling more often would show no more.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    private readonly ManualResetEventSlim stop = new();
    private HashSet<string>? users; // null: all users

    /// <summary>The users to show. The default is all; a pipeline without users shows none.</summary>
    [Parameter(ParameterSetName = "List", Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    [ArgumentCompleter(typeof(KeptUserCompleter))]
    public string[]? UserId { get; set; }

    /// <summary>The states to show, such as Failing, Lost or Refused. The default is all.</summary>
    [Parameter(ParameterSetName = "List")]
    public KeepAliveState[]? State { get; set; }

    /// <summary>Also returns each presence again when something happens to it, until nothing is kept alive any more (what Graph has refused is not), or the pipeline is stopped.</summary>
    [Parameter(ParameterSetName = "List")]
    public SwitchParameter Wait { get; set; }

    /// <summary>Counts the presences by their state instead, for each session.</summary>
    [Parameter(ParameterSetName = "Summary", Mandatory = true)]
    public SwitchParameter Summary { get; set; }

    /// <summary>Shows only what this session renews: what Connect-MgPresence -PassThru returned.</summary>
    [Parameter]
    [ValidateNotNull]
    public PresenceContext? Context { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (MyInvocation.ExpectingInput) users = new(UserIdComparer.Instance); // those of the pipeline, which may have none
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var user in UserId ?? [])
        {
            users ??= new(UserIdComparer.Instance);
            if (Identity.KeptOf(user) is { } kept) users.Add(kept.UserId ?? "");
            else if (Identity.FaultOf(user) is { } why) WriteError(new ErrorRecord(new ArgumentException(why), "InvalidId", ErrorCategory.InvalidArgument, null));
            else users.Add(user);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Summary) WriteSummaries();
        else WritePresences();
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => stop.Set();

    /// <inheritdoc/>
    public void Dispose() => stop.Dispose();

    private void WriteSummaries()
    {
        foreach (var session in KeepAlives.Count().GroupBy(group => group.Session))
            if (session.Key.IsOf(Context)) WriteObject(new KeepAliveSummary(session.Key.Context, session.Select(group => group.Numbers)));
    }

    private void WritePresences()
    {
        var seen = -1L;
        KeptPresence[] kept;
        do
        {
            kept = [.. KeepAlives.All(out var now).Where(IsOfThese)];
            foreach (var presence in kept.Where(presence => presence.Version > seen && IsWanted(presence))) WriteObject(presence);
            seen = now;
            HostCalls.RunOf(kept, this); // a renewal may wait for a token
        }
        while (Wait && Array.Exists(kept, IsAlive) && !stop.Wait(LookInterval));
    }

    // A presence that Graph has refused is not tried again.
    private static bool IsAlive(KeptPresence presence) => presence.State != KeepAliveState.Refused;

    private bool IsOfThese(KeptPresence presence) =>
        presence.Context.Session.IsOf(Context)
        && (users is null || users.Contains(presence.UserId ?? ""));

    private bool IsWanted(KeptPresence presence) => State is null || State.Contains(presence.State);
}
