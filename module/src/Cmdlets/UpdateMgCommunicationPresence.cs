using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Update-MgCommunicationPresence: PATCH /communications/presences/{presence-id}.</summary>
[Cmdlet(VerbsData.Update, "MgCommunicationPresence", DefaultParameterSetName = Sets.UpdateExpanded, SupportsShouldProcess = true)]
[OutputType(typeof(Presence))]
public class UpdateMgCommunicationPresence : UpdateCmdlet
{
    /// <summary>The users' object ids. From the pipeline also rows and objects with a PresenceId, a UserId or an Id.</summary>
    [Parameter(ParameterSetName = Sets.UpdateExpanded, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.Update, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(PresenceId))]
    public string[]? PresenceId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override TargetKind Kind => TargetKind.Communications;
}
