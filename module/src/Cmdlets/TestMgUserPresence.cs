using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Test-MgUserPresence: GET /users/{user-id}/presence; whether a pair is seen, or what is seen and why.</summary>
[Cmdlet(VerbsDiagnostic.Test, "MgUserPresence", DefaultParameterSetName = Sets.Get)]
[OutputType(typeof(bool), typeof(PresenceReport))]
public sealed class TestMgUserPresence : TargetedCmdlet
{
    /// <summary>The users: object ids or user principal names. From the pipeline also rows and objects with a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.Get, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }

    /// <summary>The user of the token, in place of an id. Needs a token of a user, not of an application.</summary>
    [Parameter(ParameterSetName = Sets.GetMe, Mandatory = true)]
    public SwitchParameter Me { get; set; }

    /// <summary>With -Activity: gives $true for each user who is seen as that pair now, and $false for each other.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PairCompleter))]
    public string? Availability { get; set; }

    /// <summary>The activity that goes with it.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PairCompleter))]
    public string? Activity { get; set; }

    /// <summary>With -Detailed: explains the pair as a preferred presence and not as a session.</summary>
    [Parameter]
    public SwitchParameter Preferred { get; set; }

    /// <summary>Explains the pair in place of $true or $false: whether it shows, whether it would, and if not, why. Without a pair the explanation is what the cmdlet gives.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    private protected override Operation Operation => Operation.GetPresence;

    // A report is true in an if: half a pair must not give one.
    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (IsPair || !(IsNamed(nameof(Availability)) || IsNamed(nameof(Activity)))) return;
        ThrowTerminatingError(new ErrorRecord(
            new ArgumentException("-Availability and -Activity ask for a pair together; give both, or neither for an explanation"),
            "HalfPair", ErrorCategory.InvalidArgument, null));
    }

    private protected override void WriteResult(Call call)
    {
        var response = call.Responses[0];
        if (IsPair && !Detailed) WriteObject(response.WhyNotShown(0, PairOperation, Availability!, Activity!) is null);
        else WriteObject(Explain(response, call.Target.Id ?? "me"));
    }

    private bool IsPair => !string.IsNullOrEmpty(Availability) && !string.IsNullOrEmpty(Activity);

    private Operation PairOperation => Preferred ? Operation.SetUserPreferredPresence : Operation.SetPresence;

    private PresenceReport Explain(PresenceResponse response, string user)
    {
        var report = new PresenceReport(user, response.Explain(0));
        if (!IsPair) return report;

        var reason = response.WhyWouldNotShow(0, PairOperation, Availability!, Activity!);
        report.Shows = response.WhyNotShown(0, PairOperation, Availability!, Activity!) is null;
        report.WouldShow = reason is null;
        if (reason is not null) report.Notes = [.. report.Notes, reason];
        return report;
    }
}
