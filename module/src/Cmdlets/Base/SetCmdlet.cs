// The four parameter sets of Microsoft's Set- cmdlets, and those of -Me. Derived classes add the parameters of the body.

using System;
using System.Collections;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>A cmdlet that sets something of a user's presence.</summary>
public abstract class SetCmdlet : ActionCmdlet
{
    /// <summary>Uses the signed-in user instead of an id. Requires a token for a user, not for an application.</summary>
    [Parameter(ParameterSetName = Sets.SetMeExpanded, Mandatory = true)]
    [Parameter(ParameterSetName = Sets.SetMe, Mandatory = true)]
    [GivenSwitch]
    public SwitchParameter Me { get; set; }

    /// <summary>An identity: an object or a hashtable that has the id as UserId, or as PresenceId for the cmdlets of /communications. Other properties are ignored.</summary>
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentity, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get => GivenIdentity; set => GivenIdentity = value; }

    /// <summary>The whole body, as a hashtable, a dictionary, an object or JSON text. You can write Graph's own keys in any case; other keys are sent as you write them.</summary>
    [Parameter(ParameterSetName = Sets.Set, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentity, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = Sets.SetMe, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull] // refused in its turn
    public object? BodyParameter { get; set; }

    /// <summary>Properties of the body that do not have a parameter. A property without a value is left out.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded)]
    [Alias("A")] // keeps Microsoft's -A beside our -AccessToken
    public Hashtable? AdditionalProperties { get; set; }

    private protected abstract BodyShape Shape { get; }

    // An object in the argument only names the user. One with a value for what the command line leaves out is more likely a row.
    private protected sealed override object Body() =>
        IsNamed(IdParameter) && UnreadColumn(AdditionalProperties) is { } column
            ? throw new ArgumentException($"The {column} of a row is read only if the row is piped, as in $rows | {MyInvocation.MyCommand.Name}. Pipe it, or give the id alone.")
            : BodyOf(Shape, BodyParameter, AdditionalProperties);
}
