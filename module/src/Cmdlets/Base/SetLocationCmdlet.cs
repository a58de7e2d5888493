// Sets the work location that a user chose, or that a device detected.

using System.Management.Automation;

namespace MgPresence.Cmdlets;

/// <summary>Set-Mg…PresenceManualLocation and Set-Mg…PresenceAutomaticLocation.</summary>
public abstract class SetLocationCmdlet : SetCmdlet
{
    /// <summary>Where the user works: office, remote or timeOff.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(WorkLocationTypeCompleter))]
    public string? WorkLocationType { get => Value<string>(); set => SetValue(value); }

    /// <summary>The id of the place in the Places directory.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded, ValueFromPipelineByPropertyName = true)]
    public string? PlaceId { get => Value<string>(); set => SetValue(value); }

    private protected sealed override BodyShape Shape => BodyShape.SetLocation;
}
