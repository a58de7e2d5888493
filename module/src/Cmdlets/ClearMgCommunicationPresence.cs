using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Clear-MgCommunicationPresence: POST /communications/presences/{presence-id}/clearPresence.</summary>
[Cmdlet(VerbsCommon.Clear, "MgCommunicationPresence", DefaultParameterSetName = Sets.ClearExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class ClearMgCommunicationPresence : ClearPresenceCmdlet
{
    /// <summary>The users' object ids. From the pipeline also rows and objects with a PresenceId, a UserId or an Id.</summary>
    [Parameter(ParameterSetName = Sets.ClearExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Clear, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(PresenceId))]
    public string[]? PresenceId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override TargetKind Kind => TargetKind.Communications;
}
