using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Clear-MgCommunicationPresenceAutomaticLocation: POST /communications/presences/{presence-id}/clearAutomaticLocation.</summary>
[Cmdlet(VerbsCommon.Clear, "MgCommunicationPresenceAutomaticLocation", DefaultParameterSetName = Sets.Clear, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class ClearMgCommunicationPresenceAutomaticLocation : ClearCmdlet
{
    /// <summary>The users' object ids. From the pipeline also rows and objects with a PresenceId, a UserId or an Id.</summary>
    [Parameter(ParameterSetName = Sets.Clear, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(PresenceId))]
    public string[]? PresenceId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override Operation Operation => Operation.ClearAutomaticLocation;

    private protected sealed override TargetKind Kind => TargetKind.Communications;
}
