// What the user prefers to show: one override over every session.

using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Set-Mg…PresenceUserPreferredPresence.</summary>
public abstract class SetPreferredPresenceCmdlet : SetPairCmdlet
{
    /// <summary>How long the preference lasts: a TimeSpan, ISO 8601 text such as PT8H, or 08:00:00. Left out, Graph takes a day for Busy and DoNotDisturb and seven for the others.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded, ValueFromPipelineByPropertyName = true)]
    [DurationTransformation]
    public Duration? ExpirationDuration { get => Value<Duration>(); set => Take(value); }

    private protected sealed override Operation Operation => Operation.SetUserPreferredPresence;

    private protected sealed override BodyShape Shape => BodyShape.SetUserPreferredPresence;
}
