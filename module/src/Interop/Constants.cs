// The numbers of include/mgpresence.h that the binding uses, under the header's names.

using System;

namespace MgPresence.Interop;

/// <summary>MGP_OP_*: what is asked of Graph.</summary>
public enum Operation
{
    GetPresence = 1,
    SetPresence = 2,
    UpdatePresence = 3,
    CreatePresence = 4,
    DeletePresence = 5,
    ClearPresence = 6,
    SetUserPreferredPresence = 7,
    ClearUserPreferredPresence = 8,
    SetStatusMessage = 9,
    SetManualLocation = 10,
    SetAutomaticLocation = 11,
    ClearLocation = 12,
    ClearAutomaticLocation = 13,
    ListPresences = 14,
    CountPresences = 15,
    GetPresencesByUserId = 16,
}

/// <summary>MGP_TARGET_*: whose presence, by which path.</summary>
public enum TargetKind
{
    Me = 0,
    User = 1,
    Communications = 2,
}

/// <summary>MGP_API_*: Graph's version.</summary>
public enum ApiVersion
{
    V1_0 = 0,
    Beta = 1,
}

/// <summary>MGP_REQUEST_*.</summary>
[Flags]
public enum RequestOptions
{
    None = 0,
    SkipValidation = 1,
    DefaultSessionId = 2,
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
    Caller = 1,
    Transport = 2,
    Authentication = 3,
    Service = 4,
    Lifecycle = 5,
    Validation = 6,
    Internal = 9,
}
