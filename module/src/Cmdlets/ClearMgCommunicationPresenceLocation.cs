using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Clear-MgCommunicationPresenceLocation: POST /communications/presences/{presence-id}/clearLocation.</summary>
[Cmdlet(VerbsCommon.Clear, "MgCommunicationPresenceLocation", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class ClearMgCommunicationPresenceLocation : ClearCmdlet
{
    /// <summary>The users' object ids. From the pipeline also rows and objects with a PresenceId, a UserId or an Id.</summary>
    [Parameter(ParameterSetName = Sets.Clear, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(PresenceId))]
    public string[]? PresenceId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override Operation Operation => Operation.ClearLocation;

    private protected sealed override TargetKind Kind => TargetKind.Communications;
}
