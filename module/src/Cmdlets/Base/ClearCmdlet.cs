// The two parameter sets of Microsoft's Clear- cmdlets without a body, and the one for -Me.

using System.Management.Automation;

namespace MgPresence.Cmdlets;

/// <summary>A cmdlet that clears something of a user's presence.</summary>
public abstract class ClearCmdlet : ActionCmdlet
{
    /// <summary>Uses the signed-in user instead of an id. Requires a token for a user, not for an application.</summary>
    [Parameter(ParameterSetName = Sets.ClearMe, Mandatory = true)]
    [GivenSwitch]
    public SwitchParameter Me { get; set; }

    /// <summary>An identity: an object or a hashtable that has the id as UserId, or as PresenceId for the cmdlets of /communications. Other properties are ignored.</summary>
    [Parameter(ParameterSetName = Sets.ClearViaIdentity, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get => GivenIdentity; set => GivenIdentity = value; }
}
