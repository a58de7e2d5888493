// Cmdlets for users: by id, by identity object, or -Me. Derived classes declare the parameters, whose names and sets differ as Microsoft's
// do; this class has the values.

using System;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>A cmdlet whose requests are for one user each.</summary>
public abstract class TargetedCmdlet : PresenceCmdlet
{
    /// <summary>-UserId or -PresenceId.</summary>
    private protected string[]? TargetIds { get; set; }

    /// <summary>-InputObject.</summary>
    private protected PSObject? GivenIdentity { get; set; }

    /// <summary>The kind of path that addresses a user.</summary>
    private protected virtual TargetKind Kind => TargetKind.User;

    // A value without an id on the command line ends the command before anything is sent, like an empty value of a mandatory parameter.
    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        FalseSwitch.Refuse(this, "Me", IdParameter);
        if (IsNamed(IdParameter) && Array.Find(TargetIds ?? [], id => Identity.FaultOf(id) is not null) is { } none)
            ThrowTerminatingError(new ErrorRecord(new ArgumentException(Identity.FaultOf(none)), "InvalidId", ErrorCategory.InvalidArgument, null));
    }

    private protected override Target[] Targets()
    {
        if (Sets.IsMe(ParameterSetName)) return [new Target(TargetKind.Me, null, null)];
        if (Sets.IsViaIdentity(ParameterSetName)) return Identified();
        return Array.ConvertAll(TargetIds ?? [], id => TargetOf(id, IdParameter));
    }

    private protected void WritePresences(Call call)
    {
        foreach (var response in call.Responses)
            foreach (var presence in response.Presences) WriteObject(Presence.Read(presence, call.Target.Id));
    }

    /// <summary>The name of the parameter that has the ids.</summary>
    private protected virtual string IdParameter => Kind == TargetKind.Communications ? "PresenceId" : "UserId";

    // Only the id is read, since an identity's SessionId is a key of call records and not the presence session. An identity on the command
    // line must have Microsoft's member, or the pipeline ends, as with Microsoft's cmdlet. A piped identity is anything that names a user;
    // without an id it is an error for that input.
    private Target[] Identified()
    {
        if (!IsNamed("InputObject")) return Array.ConvertAll(Identity.OrFaults(GivenIdentity, IdParameter), id => TargetOf(id, IdParameter));
        if (Identity.Text(Identity.Member(GivenIdentity, IdParameter)) is { Length: > 0 } id) return [new Target(Kind, id, null)];
        ThrowTerminatingError(new ErrorRecord(
            new ArgumentException($"InputObject has null value for InputObject.{IdParameter}"), "InvalidId", ErrorCategory.InvalidArgument, GivenIdentity));
        throw new PipelineStoppedException(); // never: the line above does not return
    }

    private Target TargetOf(string id, string parameter) => Identity.FaultOf(id) is { } why ? new Target(Kind, null, null, why) : new Target(Kind, id, parameter);
}
