// What the user prefers to show: one override over every session.

using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Set-Mg…PresenceUserPreferredPresence.</summary>
public abstract class SetPreferredPresenceCmdlet : SetCmdlet
{
    /// <summary>The colour of the dot.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PreferredPairCompleter))]
    public string? Availability { get => Value<string>(); set => Take(value); }

    /// <summary>What the user is doing.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PreferredPairCompleter))]
    [Alias("Ac")] // keeps Microsoft's -Ac beside our -AccessToken
    public string? Activity { get => Value<string>(); set => Take(value); }

    /// <summary>How long the preference lasts.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded, ValueFromPipelineByPropertyName = true)]
    [DurationTransformation]
    public Duration? ExpirationDuration { get => Value<Duration>(); set => Take(value); }

    private protected sealed override Operation Operation => Operation.SetUserPreferredPresence;

    private protected sealed override BodyShape Shape => BodyShape.SetUserPreferredPresence;
}
