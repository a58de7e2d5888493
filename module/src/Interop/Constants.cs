// The numbers of include/mgpresence.h that the binding uses, under the header's names.

using System;

namespace MgPresence.Interop;

/// <summary>MGP_OP_*: what is asked of Graph.</summary>
public enum Operation
{
    /// <summary>Reads a presence.</summary>
    GetPresence = 1,

    /// <summary>Sets the session of an application.</summary>
    SetPresence = 2,

    /// <summary>Updates a presence object; on no page of Graph.</summary>
    UpdatePresence = 3,

    /// <summary>Creates a presence object; on no page of Graph.</summary>
    CreatePresence = 4,

    /// <summary>Deletes a presence object; on no page of Graph.</summary>
    DeletePresence = 5,

    /// <summary>Ends the session of an application.</summary>
    ClearPresence = 6,

    /// <summary>Sets what a user wants to be seen as.</summary>
    SetUserPreferredPresence = 7,

    /// <summary>Takes that wish back.</summary>
    ClearUserPreferredPresence = 8,

    /// <summary>Sets the note beside a user's name.</summary>
    SetStatusMessage = 9,

    /// <summary>Sets where a user works.</summary>
    SetManualLocation = 10,

    /// <summary>Says where a device found a user to be.</summary>
    SetAutomaticLocation = 11,

    /// <summary>Clears every location of today.</summary>
    ClearLocation = 12,

    /// <summary>Clears what a device said.</summary>
    ClearAutomaticLocation = 13,

    /// <summary>Lists presences, a page at a time.</summary>
    ListPresences = 14,

    /// <summary>Counts presences.</summary>
    CountPresences = 15,

    /// <summary>Reads the presences of many users.</summary>
    GetPresencesByUserId = 16,
}

/// <summary>MGP_TARGET_*: whose presence, by which path.</summary>
public enum TargetKind
{
    /// <summary>/me/presence; also of operations on no user.</summary>
    Me = 0,

    /// <summary>/users/{id}/presence.</summary>
    User = 1,

    /// <summary>/communications/presences/{id}.</summary>
    Communications = 2,
}

/// <summary>MGP_API_*: Graph's version.</summary>
public enum ApiVersion
{
    /// <summary>/v1.0.</summary>
    V1_0 = 0,

    /// <summary>/beta.</summary>
    Beta = 1,
}

/// <summary>MGP_REQUEST_*.</summary>
[Flags]
public enum RequestOptions
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>Leaves the rules about presence to the service.</summary>
    SkipValidation = 1,

    /// <summary>Fills in a missing sessionId.</summary>
    DefaultSessionId = 2,

    /// <summary>Keeps a text of what goes over the wire.</summary>
    Trace = 4,
}

/// <summary>The statuses that this binding itself acts on; every other one is known by its name (<see cref="PresenceException.StatusName"/>).</summary>
internal static class Status
{
    internal const int Ok = 0;
    internal const int NoCredential = 30;
    internal const int Cancelled = 50;
    internal const int Closed = 51;
    internal const int WaitTimeout = 53;
    internal const int Woken = 54;

    /// <summary>The decade of a status is its kind.</summary>
    internal static StatusKind KindOf(int status) => (StatusKind)(status / 10);
}

/// <summary>The decades of the statuses.</summary>
public enum StatusKind
{
    /// <summary>The call was wrong.</summary>
    Caller = 1,

    /// <summary>No proper answer came.</summary>
    Transport = 2,

    /// <summary>There was no usable token.</summary>
    Authentication = 3,

    /// <summary>Graph refused.</summary>
    Service = 4,

    /// <summary>Cancelled, closed, or nothing to deliver.</summary>
    Lifecycle = 5,

    /// <summary>Refused before it was sent.</summary>
    Validation = 6,

    /// <summary>A fault of the library.</summary>
    Internal = 9,
}
