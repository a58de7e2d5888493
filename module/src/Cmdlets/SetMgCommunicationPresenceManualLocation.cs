using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Set-MgCommunicationPresenceManualLocation: POST /communications/presences/{presence-id}/setManualLocation.</summary>
[Cmdlet(VerbsCommon.Set, "MgCommunicationPresenceManualLocation", DefaultParameterSetName = Sets.SetExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class SetMgCommunicationPresenceManualLocation : SetLocationCmdlet
{
    /// <summary>The users' object ids. From the pipeline also rows and objects with a PresenceId, a UserId or an Id.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Set, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(PresenceId))]
    public string[]? PresenceId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override Operation Operation => Operation.SetManualLocation;

    private protected sealed override TargetKind Kind => TargetKind.Communications;
}
