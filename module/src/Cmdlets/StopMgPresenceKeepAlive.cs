using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using MgPresence.Interop;
using MgPresence.Json;

namespace MgPresence.Cmdlets;

/// <summary>Stop-MgPresenceKeepAlive: no longer renews presences.</summary>
[Cmdlet(VerbsLifecycle.Stop, "MgPresenceKeepAlive", DefaultParameterSetName = "User", SupportsShouldProcess = true)]
[OutputType(typeof(KeptPresence))]
public sealed class StopMgPresenceKeepAlive : PSCmdlet, IDisposable
{
    // The end of a presence that is cleared comes when Graph has confirmed it. An outage must not hold up a script for ever.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50), LongestWait = TimeSpan.FromSeconds(30);

    private readonly ManualResetEventSlim stop = new();
    private readonly List<KeptPresence> released = [];

    /// <summary>The users to stop for, as they were given to Start-MgPresenceKeepAlive. From the pipeline it also accepts what Get-MgPresenceKeepAlive returns.</summary>
    [Parameter(ParameterSetName = "User", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[] UserId { get; set; } = [];

    /// <summary>Stops for the signed-in user.</summary>
    [Parameter(ParameterSetName = "Me", Mandatory = true)]
    public SwitchParameter Me { get; set; }

    /// <summary>Stops everything that is kept alive.</summary>
    [Parameter(ParameterSetName = "All", Mandatory = true)]
    public SwitchParameter All { get; set; }

    /// <summary>Clears the presences, even if they were started without -ClearOnStop.</summary>
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
    protected override void ProcessRecord()
    {
        var held = KeepAlives.Since(-1, out _).Where(presence => Context is null || presence.Context.Session == Context.Session).ToLookup(Name, StringComparer.OrdinalIgnoreCase);
        foreach (var user in All ? held.Select(group => group.Key).ToArray() : Me ? [""] : UserId)
        {
            if (Identity.FaultOf(user) is { } why) WriteError(new ErrorRecord(new ArgumentException(why), "InvalidId", ErrorCategory.InvalidArgument, null));
            else if (held[user].Any()) Release(user, held[user]);
            else
            {
                WriteError(new ErrorRecord(
                    new ItemNotFoundException($"The presence of {(user.Length > 0 ? user : "the signed-in user")} is not kept alive. Name the user as for Start-MgPresenceKeepAlive; Get-MgPresenceKeepAlive shows the names."),
                    "NotKeptAlive", ErrorCategory.ObjectNotFound, user));
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var end = DateTime.UtcNow + LongestWait;
        while (released.Exists(IsHeld) && DateTime.UtcNow < end)
            if (stop.Wait(LookInterval)) return;
        if (released.Exists(IsHeld)) WriteWarning("Some presences could not be cleared yet. The module goes on trying as long as the process runs.");
        if (Clear) ClearReleased();
        if (PassThru) WriteObject(released, enumerateCollection: true);
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => stop.Set();

    /// <inheritdoc/>
    public void Dispose() => stop.Dispose();

    private static string Name(KeptPresence presence) => presence.UserId ?? "";

    private static bool IsHeld(KeptPresence presence) => KeepAlives.Has(presence);

    private void Release(string user, IEnumerable<KeptPresence> presences)
    {
        if (!ShouldProcess(user.Length > 0 ? user : "me", "Stop keeping the presence alive")) return;
        foreach (var session in presences.GroupBy(presence => presence.Context.Session)) KeepAlives.Release(session.Key, user.Length > 0 ? user : null);
        released.AddRange(presences);
    }

    private void ClearReleased()
    {
        using var queue = new CompletionQueue();
        for (var i = 0; i < released.Count; i++) released[i].Context.Session.Client.Submit(ClearRequest(released[i]), queue, i);
        foreach (var session in released.Select(presence => presence.Context.Session).Distinct()) session.Client.Flush();
        for (var left = released.Count; left > 0 && !stop.IsSet;)
        {
            if (queue.Take(LookInterval) is not { } completion) continue;
            left--;
            completion.Response?.Dispose();
            if (completion.Error is { } error)
                WriteError(ErrorRecords.For(new(new Target(TargetKind.User, released[completion.Tag].UserId, nameof(UserId)), null, null, MyInvocation.MyCommand.Name), error));
        }
    }

    private static PresenceRequest ClearRequest(KeptPresence presence) => new()
    {
        Operation = presence.Preferred ? Operation.ClearUserPreferredPresence : Operation.ClearPresence,
        Target = presence.UserId is null ? TargetKind.Me : TargetKind.User,
        TargetId = presence.UserId,
        Body = presence.Preferred ? null : JsonWriter.Write(presence.SessionId is { } id ? new JsonObject { ["sessionId"] = id } : []),
        Options = RequestOptions.Batch | (presence.Preferred ? RequestOptions.None : RequestOptions.DefaultSessionId),
    };
}
