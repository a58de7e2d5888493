using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Remove-MgCommunicationPresence: DELETE /communications/presences/{presence-id}.</summary>
[Cmdlet(VerbsCommon.Remove, "MgCommunicationPresence", DefaultParameterSetName = Sets.Delete, SupportsShouldProcess = true)]
[OutputType(typeof(bool))]
public class RemoveMgCommunicationPresence : RemoveCmdlet
{
    /// <summary>The users' object ids. From the pipeline also rows and objects with a PresenceId, a UserId or an Id.</summary>
    [Parameter(ParameterSetName = Sets.Delete, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdTransformation(nameof(PresenceId))]
    public string[]? PresenceId { get => TargetIds; set => TargetIds = value; }

    private protected sealed override TargetKind Kind => TargetKind.Communications;
}
