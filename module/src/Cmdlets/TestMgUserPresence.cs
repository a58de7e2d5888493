using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Test-MgUserPresence: GET /users/{user-id}/presence. Returns whether a pair is visible, or explains the visible pair.</summary>
[Cmdlet(VerbsDiagnostic.Test, "MgUserPresence", DefaultParameterSetName = Sets.Get)]
[OutputType(typeof(bool), typeof(PresenceReport))]
public sealed class TestMgUserPresence : TargetedCmdlet
{
    /// <summary>The users, by object id or user principal name. From the pipeline it also accepts rows and objects that have a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.Get, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }

    /// <summary>Uses the signed-in user instead of an id. Requires a token for a user, not for an application.</summary>
    [Parameter(ParameterSetName = Sets.GetMe, Mandatory = true)]
    [GivenSwitch]
    public SwitchParameter Me { get; set; }

    /// <summary>With -Activity: returns $true for each user who is seen as that pair now, and $false for every other user. A piped row may have a pair of its own.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PairCompleter))]
    public string? Availability { get; set; }

    /// <summary>The activity of the pair, together with -Availability.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PairCompleter))]
    public string? Activity { get; set; }

    /// <summary>With -Detailed: explains the pair as a preferred presence instead of a session.</summary>
    [Parameter]
    public SwitchParameter Preferred { get; set; }

    /// <summary>Explains the pair instead of returning $true or $false: whether it shows, whether it would show if it were set now, and if not, why. Without a pair, the cmdlet always returns the explanation.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    private const string HalfPair = "-Availability and -Activity belong together. Give both, or neither for an explanation.";

    private protected override Operation Operation => Operation.GetPresence;

    // A report is true in an if statement, so an incomplete pair must not return one.
    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if ((IsNamed(nameof(Availability)) || IsNamed(nameof(Activity))) && (string.IsNullOrEmpty(Availability) || string.IsNullOrEmpty(Activity)))
            ThrowTerminatingError(new ErrorRecord(new ArgumentException(HalfPair), "HalfPair", ErrorCategory.InvalidArgument, null));
    }

    private protected override object? Body()
    {
        RowBesideUser.Refuse(this, IsNamed, nameof(Availability), nameof(Activity));
        return Array.Exists<string?>(TargetIds ?? [null!], id => CellsOf(id) is (null, not null) or (not null, null)) ? throw new ArgumentException(HalfPair) : null;
    }

    private protected override (string Availability, string Activity)? PairFor(Target target) =>
        CellsOf(target.Id) is ({ } availability, { } activity) ? (availability, activity) : null;

    private (string?, string?) CellsOf(string? user) =>
        (Identity.Cell(user, nameof(Availability), Availability), Identity.Cell(user, nameof(Activity), Activity));

    private protected override void WriteResult(Call call)
    {
        var response = call.Responses[0];
        if (call.Pair is ({ } availability, { } activity) && !Detailed) WriteObject(response.WhyNotShown(0, PairOperation, availability, activity) is null);
        else WriteObject(Explain(response, call));
    }

    private Operation PairOperation => Preferred ? Operation.SetUserPreferredPresence : Operation.SetPresence;

    private PresenceReport Explain(PresenceResponse response, Call call)
    {
        var report = new PresenceReport(call.Target.Id ?? "me", response.Explain(0));
        if (call.Pair is not ({ } availability, { } activity)) return report;

        var reason = response.WhyWouldNotShow(0, PairOperation, availability, activity);
        report.Shows = response.WhyNotShown(0, PairOperation, availability, activity) is null;
        report.WouldShow = reason is null;
        if (reason is not null) report.Notes = [.. report.Notes, reason];
        return report;
    }
}
