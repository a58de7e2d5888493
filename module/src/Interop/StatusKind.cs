// The tens of a status tell its kind, also of one that this binding does not know yet.

namespace MgPresence.Interop;

/// <summary>The kinds of statuses: their tens.</summary>
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

internal static class StatusKinds
{
    internal static StatusKind Kind(this Status status) => (StatusKind)((int)status / 10);
}
