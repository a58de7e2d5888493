// One input of a cmdlet: its user, the details for an error, and its result.

using System;
using System.Collections.Generic;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>The user of a call, and the name of the parameter that names the user.</summary>
internal sealed class Target(TargetKind kind, string? id, string? parameter, string? fault = null)
{
    /// <summary>No user: /communications/presences and the actions beside it, for which the library takes MGP_TARGET_ME.</summary>
    internal static readonly Target Collection = new(default, null, null);

    internal TargetKind Kind => kind;
    internal string? Id => id;
    internal string? Parameter => parameter;

    /// <summary>Why the input does not name a user; null if it does.</summary>
    internal string? Fault => fault;
}

/// <summary>How an input names its user. Which object id belongs to which principal name only Graph knows.</summary>
internal enum Naming
{
    ObjectId,

    /// <summary>A principal name, or the one who signed in.</summary>
    Name,
}

/// <summary>A request, the requests that follow from its responses (the next page, a read for -Verify), and their result.</summary>
internal sealed class Call(Target target, object? body, bool isWrite = false)
{
    private readonly List<PresenceResponse> responses = new(1);

    internal Target Target => target;

    /// <summary>The body before it was converted to text.</summary>
    internal object? Body => body;

    /// <summary>Whether the call changes something, so that its order among other writes matters.</summary>
    internal bool IsWrite => isWrite;

    /// <summary>How the call names its user.</summary>
    internal Naming Naming { get; } = isWrite && Guid.TryParse(target.Id, out _) ? Naming.ObjectId : Naming.Name;

    /// <summary>The key of the call in a resume file; null without a resume file.</summary>
    internal ResumeKey? ResumeKey { get; set; }

    /// <summary>Creates the request that follows from a response, if any. Runs on the pipeline's thread.</summary>
    internal Func<Call, PresenceRequest?>? Next { get; set; }

    /// <summary>The pair that the input asks about, if any.</summary>
    internal (string Availability, string Activity)? Pair { get; set; }

    /// <summary>How many inputs the call is for.</summary>
    internal int Inputs { get; set; } = 1;

    /// <summary>Whether each response is written when it arrives.</summary>
    internal bool IsPaged { get; set; }

    /// <summary>The responses that were not written yet, in order of arrival.</summary>
    internal IReadOnlyList<PresenceResponse> Responses => responses;

    /// <summary>Why the library or Graph refused the call.</summary>
    internal PresenceException? Error { get; private set; }

    /// <summary>Why this module refused the call before anything was sent.</summary>
    internal ErrorRecord? Refusal { get; private set; }

    internal bool IsDone { get; private set; }

    /// <summary>Whether Graph has confirmed the call's write, whatever becomes of the read that follows.</summary>
    internal bool IsConfirmed { get; private set; }

    internal bool HasFailed => Refusal is not null || (Error is not null && !IsConfirmed);

    /// <summary>Whether there is something to write.</summary>
    internal bool IsReady => IsDone || (IsPaged && responses.Count > 0);

    /// <summary>Takes a response. Returns the request that follows from it, or null if the call is complete.</summary>
    internal PresenceRequest? Advance(Completion completion)
    {
        if (completion.Error is { } error)
        {
            Fail(error);
            return null;
        }
        responses.Add(completion.Response!);
        IsConfirmed = isWrite;
        var next = Next?.Invoke(this);
        IsDone = next is null;
        return next;
    }

    /// <summary>Drops the responses that were written.</summary>
    internal void ForgetResponses()
    {
        foreach (var response in responses) response.Dispose();
        responses.Clear();
    }

    internal void Fail(PresenceException error)
    {
        Error = error;
        IsDone = true;
    }

    internal void Refuse(ErrorRecord refusal)
    {
        Refusal = refusal;
        IsDone = true;
    }
}
