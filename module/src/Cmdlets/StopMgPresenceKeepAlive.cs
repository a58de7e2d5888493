using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using MgPresence.Interop;
using MgPresence.Json;
using MgPresence.SignIn;

namespace MgPresence.Cmdlets;

/// <summary>Stop-MgPresenceKeepAlive: stops renewing presences.</summary>
[Cmdlet(VerbsLifecycle.Stop, "MgPresenceKeepAlive", DefaultParameterSetName = "User", SupportsShouldProcess = true)]
[OutputType(typeof(KeptPresence))]
public sealed class StopMgPresenceKeepAlive : PSCmdlet, IDisposable
{
    // A cleared presence ends when Graph has confirmed it. The limit keeps an outage from blocking a script for ever: of all, with -ClearOnStop,
    // which goes on after it, and with -Clear of the time without an answer.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);
    private static TimeSpan longestWait = TimeSpan.FromSeconds(30); // a test shortens it

    private readonly ManualResetEventSlim stop = new();
    private readonly List<KeptPresence> released = [];
    private readonly List<ErrorRecord> failures = []; // written last, since with -ErrorAction Stop the first one ends the cmdlet
    private readonly HashSet<KeptEnd> ends = []; // of the released
    private readonly HashSet<string> users = new(UserIdComparer.Instance); // of the released

    /// <summary>The users to stop for, as they were given to Start-MgPresenceKeepAlive. From the pipeline it also accepts what Get-MgPresenceKeepAlive returns, and then stops that presence alone. A copy of it, as of Select-Object or Import-Clixml, names the user, and stops both.</summary>
    [Parameter(ParameterSetName = "User", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    [ArgumentCompleter(typeof(KeptUserCompleter))]
    public string[] UserId { get; set; } = [];

    /// <summary>Stops for the signed-in user.</summary>
    [Parameter(ParameterSetName = "Me", Mandatory = true)]
    public SwitchParameter Me { get; set; }

    /// <summary>Stops everything that is kept alive.</summary>
    [Parameter(ParameterSetName = "All", Mandatory = true)]
    public SwitchParameter All { get; set; }

    /// <summary>Clears the presences that were set, even if they were started without -ClearOnStop.</summary>
    [Parameter]
    public SwitchParameter Clear { get; set; }

    /// <summary>Stops only what this session renews: what Connect-MgPresence -PassThru returned.</summary>
    [Parameter]
    [ValidateNotNull]
    public PresenceContext? Context { get; set; }

    /// <summary>Returns each presence that was stopped.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        FalseSwitch.Refuse(this, nameof(Me), nameof(UserId));
        FalseSwitch.Refuse(this, nameof(All), nameof(UserId));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var user in All ? EveryUser() : Me ? [""] : UserId)
        {
            var kept = Identity.KeptOf(user);
            var name = kept is null ? user : kept.UserId ?? "";
            if (kept is null && Identity.FaultOf(user) is { } why) failures.Add(new ErrorRecord(new ArgumentException(why), "InvalidId", ErrorCategory.InvalidArgument, null));
            else if (Held(name, kept) is { Length: > 0 } held) Release(name, held);
            else if (!users.Contains(name)) // a user may come twice
            {
                failures.Add(new ErrorRecord(
                    new ItemNotFoundException($"The presence of {(name.Length > 0 ? name : "the signed-in user")} is not kept alive. Name the user as for Start-MgPresenceKeepAlive; Get-MgPresenceKeepAlive shows the names."),
                    "NotKeptAlive", ErrorCategory.ObjectNotFound, name));
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var end = DateTime.UtcNow + longestWait;
        while (released.Exists(IsHeld) && DateTime.UtcNow < end)
        {
            HostCalls.RunOf(released, this);
            if (stop.Wait(LookInterval)) return;
        }
        foreach (var presence in released) AddFailure(presence, presence.End.Failure);
        if (Clear) ClearAll([.. released.Where(presence => !presence.End.IsCleared && !presence.WasNeverSet)]);
        if (released.Exists(IsHeld)) WriteWarning("Some presences could not be cleared yet. The module continues to try as long as the process runs.");
        failures.ForEach(WriteError);
        if (PassThru) WriteObject(released, enumerateCollection: true);
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => stop.Set();

    /// <inheritdoc/>
    public void Dispose() => stop.Dispose();

    private string[] EveryUser() =>
        [.. KeepAlives.All(out _).Where(IsMine).Select(presence => presence.UserId ?? "").Distinct(UserIdComparer.Instance)];

    private KeptPresence[] Held(string user, KeptPresence? given) =>
        [.. KeepAlives.Of(IdOf(user)).Where(presence => IsMine(presence) && !ends.Contains(presence.End) && (given is null || IsHoldOf(given, presence)))];

    // It may have been started again since.
    private static bool IsHoldOf(KeptPresence given, KeptPresence presence) =>
        presence.Context.Session == given.Context.Session && presence.Operation == given.Operation;

    private bool IsMine(KeptPresence presence) => presence.Context.Session.IsOf(Context);

    private static string? IdOf(string user) => user.Length > 0 ? user : null;

    private static bool IsHeld(KeptPresence presence) => KeepAlives.Has(presence);

    private void Release(string user, KeptPresence[] presences)
    {
        if (!ShouldProcess(user.Length > 0 ? user : "me", "Stop keeping the presence alive")) return;
        foreach (var presence in presences)
        {
            KeepAlives.Release(presence);
            released.Add(presence);
            ends.Add(presence.End);
        }
        users.Add(user);
    }

    private void ClearAll(KeptPresence[] presences)
    {
        var clients = presences.Select(presence => presence.Context.Session).Distinct().ToDictionary(session => session, session => session.Enter());
        try { ClearAll(presences, clients); }
        finally { foreach (var entered in clients.Values) entered.Leave(); }
    }

    private void ClearAll(KeptPresence[] presences, Dictionary<Session, SessionClients> clients)
    {
        using var queue = new CompletionQueue();
        var open = new HashSet<KeptPresence>(presences);
        var end = DateTime.UtcNow + longestWait;
        for (var next = 0; open.Count > 0 && !stop.IsSet && DateTime.UtcNow < end;)
        {
            while (next < presences.Length && clients[presences[next].Context.Session].Own.TrySubmit(ClearRequest(presences[next]), queue, next)) next++;
            foreach (var entered in clients.Values) entered.Own.Flush();
            var isAnswered = TakeCleared(queue, presences, open);
            if (isAnswered || clients.Values.Any(entered => entered.Own.Held is not null)) end = DateTime.UtcNow + longestWait;
        }
        if (!stop.IsSet) failures.AddRange(presences.Where(open.Contains).Select(NotCleared));
    }

    private bool TakeCleared(CompletionQueue queue, KeptPresence[] presences, HashSet<KeptPresence> open)
    {
        HostCalls.RunOf(presences, this);
        if (queue.Take(LookInterval) is not { } completion) return false;
        completion.Response?.Dispose();
        var presence = presences[completion.Tag];
        open.Remove(presence);
        if (completion.Error is { } failure && !presence.IsAbsent(failure)) AddFailure(presence, failure);
        return true;
    }

    private ErrorRecord NotCleared(KeptPresence presence)
    {
        var command = presence.Preferred ? "Clear-MgUserPresenceUserPreferredPresence" : "Clear-MgUserPresence";
        var reason = $"Graph has not confirmed that the presence of {presence.UserId ?? "the signed-in user"} is cleared, and has not answered for {longestWait.TotalSeconds:0} s. Clear it with {command}.";
        return ErrorRecords.For(presence.About(null, MyInvocation.MyCommand.Name), new TimeoutException(reason), "NotCleared", ErrorCategory.OperationTimeout);
    }

    private void AddFailure(KeptPresence presence, PresenceException? failure)
    {
        if (failure is not null) failures.Add(ErrorRecords.For(presence.About(null, MyInvocation.MyCommand.Name), failure));
    }

    private static PresenceRequest ClearRequest(KeptPresence presence)
    {
        var request = presence.Preferred
            ? presence.Request(Operation.ClearUserPreferredPresence, null)
            : presence.Request(Operation.ClearPresence, presence.SessionId is { } id ? new JsonObject { ["sessionId"] = id } : []);
        request.Options |= RequestOptions.Batch;
        return request;
    }
}
