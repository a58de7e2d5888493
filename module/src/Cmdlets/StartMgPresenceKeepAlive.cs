using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Security.Authentication;
using MgPresence.Interop;
using MgPresence.Json;

namespace MgPresence.Cmdlets;

/// <summary>Start-MgPresenceKeepAlive: sets presences, and sets them again before they fade or expire.</summary>
[Cmdlet(VerbsLifecycle.Start, "MgPresenceKeepAlive", DefaultParameterSetName = Sets.Set, SupportsShouldProcess = true)]
[OutputType(typeof(KeptPresence))]
public sealed class StartMgPresenceKeepAlive : PSCmdlet
{
    // Beyond what the library can be given. What it accepts depends on the presence, and it says so.
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(49);

    private const string Needed = $"{Session.Needed} A keep-alive does not use the session of Connect-MgGraph.";

    private Session? session;
    private DateTime? patience;
    private HashSet<string> named = []; // on the command line

    /// <summary>The users, by object id or user principal name. From the pipeline it also accepts rows and objects that have a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.Set, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[] UserId { get; set; } = [];

    /// <summary>Uses the signed-in user instead of an id. Requires a token for a user, not for an application.</summary>
    [Parameter(ParameterSetName = Sets.SetMe, Mandatory = true)]
    [GivenSwitch]
    public SwitchParameter Me { get; set; }

    /// <summary>The availability to hold. Together with -Activity it must be a pair that Graph accepts here. Tab completes the value.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PairCompleter))]
    public string? Availability { get; set; }

    /// <summary>The activity to hold. Tab completes the values that fit the availability.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PairCompleter))]
    public string? Activity { get; set; }

    /// <summary>How long the presence lasts if it can no longer be renewed: a TimeSpan, ISO 8601 text such as PT30M, or 00:30:00. Graph accepts 5 minutes to 4 hours for a session. The default is Graph's. Available fades after 5 minutes in any case.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationTransformation]
    public Duration? ExpirationDuration { get; set; }

    /// <summary>The id of the application's session. The default is the application of the token.</summary>
    [Parameter]
    public string? SessionId { get; set; }

    /// <summary>Holds the preferred presence of the user instead of a session. It shows only while the user has a session.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SwitchTransformation]
    public SwitchParameter Preferred { get; set; }

    /// <summary>Clears the presence when it is stopped. Without it, what was set is left to fade or expire.</summary>
    [Parameter]
    [GivenSwitch]
    public SwitchParameter ClearOnStop { get; set; }

    /// <summary>How often each presence is renewed: a TimeSpan, ISO 8601 text, or 00:04:00. The default is four fifths of the time that it lasts, which is every 4 minutes for Available.</summary>
    [Parameter]
    [DurationTransformation]
    public Duration? Interval { get; set; }

    /// <summary>The session that renews, instead of the one that was connected last: what Connect-MgPresence -PassThru returned.</summary>
    [Parameter]
    [ValidateNotNull]
    public PresenceContext? Context { get; set; }

    /// <summary>Returns each presence that is now kept alive.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        FalseSwitch.Refuse(this, nameof(Me), nameof(UserId));
        GivenNull.Refuse(this, nameof(Availability), nameof(Activity), nameof(ExpirationDuration), nameof(Interval), nameof(SessionId));
        named = [.. MyInvocation.BoundParameters.Keys];
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var user in ParameterSetName == Sets.SetMe ? [null] : (string?[])UserId)
        {
            try
            {
                RowBesideUser.Refuse(this, named.Contains, nameof(Availability), nameof(Activity), nameof(ExpirationDuration), nameof(Preferred));
                if (user is not null && Identity.FaultOf(user) is { } why && Identity.KeptOf(user) is null) throw new ArgumentException(why);
                Hold(user);
            }
            catch (Exception fault) when (fault is ArgumentException or ExtendedTypeSystemException) // the latter of a property that throws
            {
                WriteError(new ErrorRecord(fault, "InvalidId", ErrorCategory.InvalidArgument, null));
            }
        }
    }

    private void Hold(string? source)
    {
        session ??= Connected();
        var user = source;
        if (source is not null && Identity.KeptOf(source) is { UserId: null } kept)
        {
            if (Context is null && !kept.IsOfUserOf(session.Context))
                throw new ArgumentException($"The presence was kept for the signed-in user of another session{(kept.Context.Account is { } account ? $", {account}" : "")}. Name that session with -Context.");
            user = null;
        }
        var presence = new KeptPresence(
            user, Identity.Cell(source, nameof(Availability), Availability), Identity.Cell(source, nameof(Activity), Activity),
            Identity.Cell(source, nameof(ExpirationDuration), ExpirationDuration?.Text), SessionId, IsPreferred(source), session.Context);
        var body = Body(presence);
        if (!ShouldProcess(BodySummary.Of(user ?? "me", body) ?? user ?? "me", "Keep the presence alive")) return;
        try
        {
            KeepAlives.Hold(session, ClearOnStop, IntervalGiven(), presence.Request(body), presence, Host.Name, WaitsForClear);
            if (PassThru) WriteObject(presence.Copy());
        }
        catch (PresenceException refusal)
        {
            WriteError(ErrorRecords.For(presence.About(body, MyInvocation.MyCommand.Name), refusal));
        }
        catch (Exception refusal) when (refusal is InvalidOperationException or FormatException or ArgumentException)
        {
            var id = refusal switch { InvalidOperationException => "AlreadyKeptAlive", FormatException => "InvalidDuration", _ => "InvalidText" };
            WriteError(ErrorRecords.For(presence.About(body, MyInvocation.MyCommand.Name), refusal, id, ErrorCategory.InvalidArgument));
        }
    }

    // The clears of a session that was just disconnected take moments, and those of an outage up to a minute.
    private bool WaitsForClear() => !Stopping && DateTime.UtcNow < (patience ??= DateTime.UtcNow.AddSeconds(5));

    // None is the library's own, which one of no length would ask for too.
    private TimeSpan IntervalGiven()
    {
        if (Interval is null) return TimeSpan.Zero;
        var fault = "is longer than any presence lasts";
        try
        {
            var interval = Interval.ToTimeSpan();
            if (interval < TimeSpan.FromMilliseconds(1)) fault = "has no length";
            else if (interval < LongestInterval) return interval;
        }
        catch (FormatException)
        {
            fault = "is not an ISO 8601 duration";
        }
        catch (OverflowException) { }
        throw new FormatException($"The interval \"{Printable.Start(Interval.Text)}\" {fault}. Use a time of at least 1 s, such as PT4M or 00:04:00, or leave it out.");
    }

    private bool IsPreferred(string? source) =>
        Preferred || (!named.Contains(nameof(Preferred)) && source is not null && Identity.RowOf(source) is { } row && SwitchTransformationAttribute.Read(Identity.Member(row, nameof(Preferred))));

    private static JsonObject Body(KeptPresence presence)
    {
        var body = new JsonObject();
        foreach (var (name, value) in new[]
        {
            ("sessionId", presence.SessionId), ("availability", presence.Availability), ("activity", presence.Activity),
            ("expirationDuration", presence.ExpirationDuration is { } duration ? new Duration(duration).Text : null),
        })
        {
            if (value is not null) body[name] = value;
        }
        return body;
    }

    private Session Connected()
    {
        if (Session.Of(Context) is { HasEnded: false } connected)
        {
            if (connected.HostCalls is { NeedPipeline: true })
                WriteWarning("The script block of -FederatedToken runs only while a pipeline waits, so the presences are not renewed after the token has expired. Keep Get-MgPresenceKeepAlive -Wait running, or sign in with -FederatedTokenFile.");
            return connected;
        }
        ThrowTerminatingError(new ErrorRecord(new AuthenticationException(Context is null ? Needed : Session.Disconnected), "NoCredential", ErrorCategory.AuthenticationError, null));
        throw new PipelineStoppedException(); // never: the line above does not return
    }
}
