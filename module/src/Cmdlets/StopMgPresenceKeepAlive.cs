using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using MgPresence.Interop;
using MgPresence.SignIn;

namespace MgPresence.Cmdlets;

/// <summary>Stop-MgPresenceKeepAlive: stops renewing presences.</summary>
[Cmdlet(VerbsLifecycle.Stop, "MgPresenceKeepAlive", DefaultParameterSetName = "User", SupportsShouldProcess = true)]
[OutputType(typeof(KeptPresence))]
public sealed class StopMgPresenceKeepAlive : PSCmdlet, IDisposable
{
    // A presence that is cleared ends when Graph has confirmed the clear, or it has failed. The clears go on if none ends for so long: longer than
    // they wait for a service that is down.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(75);

    private readonly ManualResetEventSlim stop = new();
    private readonly List<KeptPresence> released = [];
    private readonly List<ErrorRecord> failures = []; // of names; written last, since with -ErrorAction Stop the first one ends the cmdlet
    private readonly HashSet<KeptEnd> ends = []; // of the released
    private readonly HashSet<string> users = new(UserIdComparer.Instance); // of the released

    /// <summary>The users to stop for, as they were given to Start-MgPresenceKeepAlive. From the pipeline it also accepts what Get-MgPresenceKeepAlive returns, and then stops that presence alone. A copy of it, as of Select-Object or Import-Clixml, names the user, and stops both.</summary>
    [Parameter(ParameterSetName = "User", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    [ArgumentCompleter(typeof(KeptUserCompleter))]
    public string[] UserId { get; set; } = [];

    /// <summary>Stops for the signed-in user of each session. -Context chooses one session.</summary>
    [Parameter(ParameterSetName = "Me", Mandatory = true)]
    [GivenSwitch]
    public SwitchParameter Me { get; set; }

    /// <summary>Stops everything that is kept alive.</summary>
    [Parameter(ParameterSetName = "All", Mandatory = true)]
    [GivenSwitch]
    public SwitchParameter All { get; set; }

    /// <summary>Clears all presences that it stops, even those that were started without -ClearOnStop.</summary>
    [Parameter]
    [GivenSwitch]
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
        foreach (var user in All ? KeepAlives.UsersOf(IsMine) : Me ? [""] : UserId)
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
        var (left, end) = (released.Count, DateTime.UtcNow + LongestPause);
        while (KeepAlives.CountOf(released) is > 0 and var held && DateTime.UtcNow < end)
        {
            if (held < left) (left, end) = (held, DateTime.UtcNow + LongestPause);
            HostCalls.RunOf(released, this);
            if (stop.Wait(LookInterval)) return;
        }
        if (KeepAlives.CountOf(released) > 0) WriteWarning("Some presences could not be cleared yet. The module continues to try as long as the process runs.");
        failures.ForEach(WriteError);
        foreach (var presence in released)
        {
            if (presence.End.Failure is not { } failure) continue;
            KeepAlives.Told(presence.End);
            WriteError(ErrorRecords.For(presence.About(null, MyInvocation.MyCommand.Name), failure));
        }
        if (PassThru) WriteObject(released, enumerateCollection: true);
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => stop.Set();

    /// <inheritdoc/>
    public void Dispose() => stop.Dispose();

    private KeptPresence[] Held(string user, KeptPresence? given) =>
        [.. KeepAlives.Of(IdOf(user)).Where(presence => IsMine(presence) && !ends.Contains(presence.End) && (given is null || IsHoldOf(given, presence)))];

    // It may have been started again since.
    private static bool IsHoldOf(KeptPresence given, KeptPresence presence) =>
        presence.Context.Session == given.Context.Session && presence.Operation == given.Operation;

    private bool IsMine(KeptPresence presence) => presence.Context.Session.IsOf(Context);

    private static string? IdOf(string user) => user.Length > 0 ? user : null;

    private void Release(string user, KeptPresence[] presences)
    {
        if (!ShouldProcess(user.Length > 0 ? user : "me", "Stop keeping the presence alive")) return;
        foreach (var presence in presences)
        {
            KeepAlives.Release(presence, Clear);
            released.Add(presence);
            ends.Add(presence.End);
        }
        users.Add(user);
    }
}
