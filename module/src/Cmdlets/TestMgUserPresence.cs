using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Test-MgUserPresence: GET /users/{user-id}/presence, explained.</summary>
[Cmdlet(VerbsDiagnostic.Test, "MgUserPresence", DefaultParameterSetName = Sets.Get)]
[OutputType(typeof(PresenceReport))]
public sealed class TestMgUserPresence : TargetedCmdlet
{
    /// <summary>The users: object ids or user principal names. From the pipeline also rows and objects with a UserId, an Id or a UserPrincipalName.</summary>
    [Parameter(ParameterSetName = Sets.Get, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(UserId))]
    public string[]? UserId { get => TargetIds; set => TargetIds = value; }

    /// <summary>The user of the token, in place of an id. Needs a token of a user, not of an application.</summary>
    [Parameter(ParameterSetName = Sets.GetMe, Mandatory = true)]
    public SwitchParameter Me { get; set; }

    /// <summary>An availability that was set or is to be set: whether it shows, whether it would, and if not, why.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PairCompleter))]
    public string? Availability { get; set; }

    /// <summary>The activity that goes with it.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PairCompleter))]
    public string? Activity { get; set; }

    /// <summary>Asks about the pair as a preferred presence and not as a session.</summary>
    [Parameter]
    public SwitchParameter Preferred { get; set; }

    private protected override Operation Operation => Operation.GetPresence;

    private protected override void WriteResult(Call call)
    {
        var response = call.Responses[0];
        var report = new PresenceReport(NameOf(call), response.Explain(0));
        if (Availability is not null && Activity is not null)
        {
            var operation = Preferred ? Operation.SetUserPreferredPresence : Operation.SetPresence;
            var reason = response.WhyWouldNotShow(0, operation, Availability, Activity);
            report.Shows = response.WhyNotShown(0, operation, Availability, Activity) is null;
            report.WouldShow = reason is null;
            if (reason is not null) report.Notes = [.. report.Notes, reason];
        }
        WriteObject(report);
    }

    // A missing permission is an answer here: the library says which one.
    private protected override void WriteFailure(Call call, PresenceException error)
    {
        if (error.HttpStatus is not (401 or 403))
        {
            base.WriteFailure(call, error);
            return;
        }
        WriteObject(new PresenceReport(NameOf(call), "{}") { Notes = [error.Message] });
    }

    private static string NameOf(Call call) => call.Target.Id ?? "me";
}
