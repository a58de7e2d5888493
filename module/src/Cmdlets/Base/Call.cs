// One input of a cmdlet: whose presence it is about, what an error has to show of it, and how it ended.

using System;
using System.Collections.Generic;
using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Whose presence a call is about, and the name of the parameter that says so.</summary>
internal sealed class Target(TargetKind kind, string? id, string? parameter, string? fault = null)
{
    /// <summary>No user: /communications/presences and the actions beside it, for which the library takes MGP_TARGET_ME.</summary>
    internal static readonly Target Collection = new(default, null, null);

    internal TargetKind Kind => kind;
    internal string? Id => id;
    internal string? Parameter => parameter;

    /// <summary>Why the input does not name a user; null where it does.</summary>
    internal string? Fault => fault;
}

/// <summary>How an input names its user. Which object id belongs to which principal name only Graph knows.</summary>
internal enum Naming
{
    ObjectId,

    /// <summary>A principal name, or the one who signed in.</summary>
    Name,
}

/// <summary>A request, those that follow from its answers (the next page, a reading back), and their end.</summary>
internal sealed class Call(Target target, object? body, bool isWrite = false)
{
    private readonly List<PresenceResponse> responses = new(1);

    internal Target Target => target;

    /// <summary>The body before it became text.</summary>
    internal object? Body => body;

    /// <summary>Whether it changes something, so that the order among other writes matters.</summary>
    internal bool IsWrite => isWrite;

    /// <summary>How it names its user.</summary>
    internal Naming Naming { get; } = isWrite && Guid.TryParse(target.Id, out _) ? Naming.ObjectId : Naming.Name;

    /// <summary>What a resume file knows it by; null where there is none.</summary>
    internal ResumeKey? ResumeKey { get; set; }

    /// <summary>Makes the request that follows an answer, if one does. Runs on the pipeline's thread.</summary>
    internal Func<Call, PresenceRequest?>? Next { get; set; }

    /// <summary>The pair that the input asks about, if it does.</summary>
    internal (string Availability, string Activity)? Pair { get; set; }

    /// <summary>Whether each answer is written when it comes.</summary>
    internal bool IsPaged { get; set; }

    /// <summary>The answers that were not written yet, in the order in which they came.</summary>
    internal IReadOnlyList<PresenceResponse> Responses => responses;

    /// <summary>Why the library or Graph refused it.</summary>
    internal PresenceException? Error { get; private set; }

    /// <summary>Why this module refused it; nothing was sent then.</summary>
    internal ErrorRecord? Refusal { get; private set; }

    internal bool IsDone { get; private set; }

    /// <summary>Whether there is something to write.</summary>
    internal bool IsReady => IsDone || (IsPaged && responses.Count > 0);

    /// <summary>Takes an answer; returns the request that follows from it, or null when the call is done.</summary>
    internal PresenceRequest? Advance(Completion completion)
    {
        if (completion.Error is { } error)
        {
            Fail(error);
            return null;
        }
        responses.Add(completion.Response!);
        var next = Next?.Invoke(this);
        IsDone = next is null;
        return next;
    }

    /// <summary>Lets go of the answers that were written.</summary>
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
