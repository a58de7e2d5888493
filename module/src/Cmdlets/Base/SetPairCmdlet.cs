// Sets availability and activity, of a session or of the preferred presence, and checks with -Verify whether they show.

using System;
using System.Management.Automation;
using MgPresence.Interop;
using MgPresence.Json;

namespace MgPresence.Cmdlets;

/// <summary>A cmdlet that sets a pair of availability and activity.</summary>
public abstract class SetPairCmdlet : SetCmdlet
{
    /// <summary>The availability: the colour of the dot. Together with -Activity it must be a pair that Graph accepts here. Tab completes the value; about_MgPresence_Pairs lists the pairs.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PairCompleter))]
    public string? Availability { get => Value<string>(); set => SetValue(value); }

    /// <summary>The activity: what the user is doing. Tab completes the values that fit the availability.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PairCompleter))]
    [Alias("Ac")] // keeps Microsoft's -Ac beside our -AccessToken
    public string? Activity { get => Value<string>(); set => SetValue(value); }

    /// <summary>Reads the presence back, and warns if another session or the preferred presence outranks what was set.</summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        GivenNull.Refuse(this, "ExpirationDuration");
    }

    private protected sealed override Func<Call, PresenceRequest?>? Next => Verify ? ReadBack : null;

    private PresenceRequest? ReadBack(Call call) => call.Responses.Count == 1 ? RequestFor(Operation.GetPresence, call.Target) : null;

    private protected sealed override void WriteResult(Call call)
    {
        base.WriteResult(call);
        if (call.Responses.Count < 2 || call.Body is not JsonObject body) return;
        if (body.Text("availability") is { } availability && body.Text("activity") is { } activity
            && call.Responses[1].WhyNotShown(0, Operation, availability, activity) is { } reason)
            WriteWarning($"{NameOf(call)}: {reason}");
    }

    // The set has succeeded, even if the presence cannot be read back.
    private protected sealed override void WriteFailure(Call call, PresenceException error)
    {
        if (call.HasFailed) base.WriteFailure(call, error);
        else WriteWarning($"{NameOf(call)}: the presence was set but could not be read back. {ParameterNames.In(error.Message)}");
    }

    private static string NameOf(Call call) => call.Target.Id ?? "me";
}
