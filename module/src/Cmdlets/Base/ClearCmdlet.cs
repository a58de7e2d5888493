// The two parameter sets of Microsoft's Clear- cmdlets that send no body, the four of the one that does, and those of -Me.

using System.Collections;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>A cmdlet that clears something of a user's presence.</summary>
public abstract class ClearCmdlet : ActionCmdlet
{
    /// <summary>The user of the token, in place of an id. Needs a token of a user, not of an application.</summary>
    [Parameter(ParameterSetName = Sets.ClearMe, Mandatory = true)]
    public SwitchParameter Me { get; set; }

    /// <summary>An identity: an object or a hashtable with the id as UserId, or as PresenceId for the cmdlets of /communications. Its other members do not count.</summary>
    [Parameter(ParameterSetName = Sets.ClearViaIdentity, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get => GivenIdentity; set => GivenIdentity = value; }
}

/// <summary>Clear-Mg…Presence.</summary>
public abstract class ClearPresenceCmdlet : ActionCmdlet
{
    /// <summary>The user of the token, in place of an id. Needs a token of a user, not of an application.</summary>
    [Parameter(ParameterSetName = Sets.ClearMeExpanded, Mandatory = true)]
    [Parameter(ParameterSetName = Sets.ClearMe, Mandatory = true)]
    public SwitchParameter Me { get; set; }

    /// <summary>An identity: an object or a hashtable with the id as UserId, or as PresenceId for the cmdlets of /communications. Its other members do not count.</summary>
    [Parameter(ParameterSetName = Sets.ClearViaIdentityExpanded, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = Sets.ClearViaIdentity, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get => GivenIdentity; set => GivenIdentity = value; }

    /// <summary>The whole body: a hashtable, a dictionary, an object or JSON text. Graph's own keys may be written in any case; others go out as they stand.</summary>
    [Parameter(ParameterSetName = Sets.Clear, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = Sets.ClearViaIdentity, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = Sets.ClearMe, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull] // refused in its turn
    public object? BodyParameter { get; set; }

    /// <summary>Members of the body that have no parameter of their own. Those without a value are left out.</summary>
    [Parameter(ParameterSetName = Sets.ClearExpanded)]
    [Parameter(ParameterSetName = Sets.ClearViaIdentityExpanded)]
    [Parameter(ParameterSetName = Sets.ClearMeExpanded)]
    [Alias("A")] // keeps Microsoft's -A beside our -AccessToken
    public Hashtable? AdditionalProperties { get; set; }

    /// <summary>The application's session: its client id. Left out, the application of the token is taken. It is never read from a piped object, whose SessionId is a key of call records.</summary>
    [Parameter(ParameterSetName = Sets.ClearExpanded)]
    [Parameter(ParameterSetName = Sets.ClearViaIdentityExpanded)]
    [Parameter(ParameterSetName = Sets.ClearMeExpanded)]
    [Alias("S")] // keeps Microsoft's -S beside our -SkipValidation
    public string? SessionId { get => Value<string>(); set => Take(value); }

    private protected sealed override Operation Operation => Operation.ClearPresence;

    private protected sealed override object Body() => BodyOf(BodyShape.ClearPresence, BodyParameter, AdditionalProperties);

    private protected sealed override RequestOptions Options =>
        base.Options | (Sets.IsExpanded(ParameterSetName) ? RequestOptions.DefaultSessionId : RequestOptions.None);
}
