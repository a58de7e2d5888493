// What the user prefers to show: one override over every session.

using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Set-Mg…PresenceUserPreferredPresence.</summary>
public abstract class SetPreferredPresenceCmdlet : SetCmdlet
{
    /// <summary>The colour of the dot. With -Activity it has to be a pair that Graph takes here: Tab offers them, about_MgPresence_Pairs lists them.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PreferredPairCompleter))]
    public string? Availability { get => Value<string>(); set => Take(value); }

    /// <summary>What the user is doing. Tab offers what fits the availability.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PreferredPairCompleter))]
    [Alias("Ac")] // keeps Microsoft's -Ac beside our -AccessToken
    public string? Activity { get => Value<string>(); set => Take(value); }

    /// <summary>How long the preference lasts: a TimeSpan, ISO 8601 text such as PT8H, or 08:00:00. Left out, Graph takes a day for Busy and DoNotDisturb and seven for the others.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded, ValueFromPipelineByPropertyName = true)]
    [DurationTransformation]
    public Duration? ExpirationDuration { get => Value<Duration>(); set => Take(value); }

    private protected sealed override Operation Operation => Operation.SetUserPreferredPresence;

    private protected sealed override BodyShape Shape => BodyShape.SetUserPreferredPresence;
}
