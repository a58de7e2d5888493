// The four parameter sets of Microsoft's Set- cmdlets, and those of -Me. What can be set is the derived classes'.

using System.Collections;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>A cmdlet that sets something of a user's presence.</summary>
public abstract class SetCmdlet : ActionCmdlet
{
    /// <summary>The user of the token, in place of an id. Needs a token of a user, not of an application.</summary>
    [Parameter(ParameterSetName = Sets.SetMeExpanded, Mandatory = true)]
    [Parameter(ParameterSetName = Sets.SetMe, Mandatory = true)]
    public SwitchParameter Me { get; set; }

    /// <summary>An identity: an object or a hashtable with the id as UserId, or as PresenceId for the cmdlets of /communications. Its other members do not count.</summary>
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentity, Mandatory = true, ValueFromPipeline = true)]
    public PSObject? InputObject { get => GivenIdentity; set => GivenIdentity = value; }

    /// <summary>The whole body: a hashtable, a dictionary, an object or JSON text. Graph's own keys may be written in any case; others go out as they stand.</summary>
    [Parameter(ParameterSetName = Sets.Set, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentity, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = Sets.SetMe, Mandatory = true, ValueFromPipeline = true)]
    public object? BodyParameter { get; set; }

    /// <summary>Members of the body that have no parameter of their own. Those without a value are left out.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded)]
    [Alias("A")] // keeps Microsoft's -A beside our -AccessToken
    public Hashtable? AdditionalProperties { get; set; }

    private protected abstract BodyShape Shape { get; }

    private protected sealed override object Body() => BodyOf(Shape, BodyParameter, AdditionalProperties);
}

/// <summary>Set-Mg…Presence.</summary>
public abstract class SetPresenceCmdlet : SetCmdlet
{
    /// <summary>The application's session: its client id. Left out, the application of the token is taken. It is never read from a piped object, whose SessionId is a key of call records.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded)]
    [Alias("S")] // keeps Microsoft's -S beside our -SkipValidation
    public string? SessionId { get => Value<string>(); set => Take(value); }

    /// <summary>The colour of the dot. With -Activity it has to be a pair that Graph takes here: Tab offers them, about_MgPresence_Pairs lists them.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionPairCompleter))]
    public string? Availability { get => Value<string>(); set => Take(value); }

    /// <summary>What the user is doing. Tab offers what fits the availability.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionPairCompleter))]
    [Alias("Ac")] // keeps Microsoft's -Ac beside our -AccessToken
    public string? Activity { get => Value<string>(); set => Take(value); }

    /// <summary>How long the session lasts: a TimeSpan, ISO 8601 text such as PT30M, or 00:30:00. Graph takes 5 minutes to 4 hours, and 5 minutes when it is left out.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded, ValueFromPipelineByPropertyName = true)]
    [DurationTransformation]
    public Duration? ExpirationDuration { get => Value<Duration>(); set => Take(value); }

    private protected sealed override Operation Operation => Operation.SetPresence;

    private protected sealed override BodyShape Shape => BodyShape.SetPresence;

    // Only where the body is ours: a -BodyParameter goes out as it was given.
    private protected sealed override RequestOptions Options =>
        base.Options | (Sets.IsExpanded(ParameterSetName) ? RequestOptions.DefaultSessionId : RequestOptions.None);
}
