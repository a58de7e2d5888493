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
    /// <summary>The users, by object id or user principal name. From the pipeline it also accepts rows and objects that have a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.Get, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }

    /// <summary>Uses the signed-in user instead of an id. Requires a token for a user, not for an application.</summary>
    [Parameter(ParameterSetName = Sets.GetMe, Mandatory = true)]
    public SwitchParameter Me { get; set; }

    /// <summary>With -Activity: returns $true for each user who is seen as that pair now, and $false for every other user.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PairCompleter))]
    public string? Availability { get; set; }

    /// <summary>The activity of the pair, together with -Availability.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PairCompleter))]
    public string? Activity { get; set; }

    /// <summary>With -Detailed: explains the pair as a preferred presence instead of a session.</summary>
    [Parameter]
    public SwitchParameter Preferred { get; set; }

    /// <summary>Explains the pair instead of returning $true or $false: whether it shows, whether it would show if it were set now, and if not, why. Without a pair, the cmdlet always returns the explanation.</summary>
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
            new ArgumentException("-Availability and -Activity belong together. Give both, or neither for an explanation."),
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
