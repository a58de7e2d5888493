// The tens digit of a status is its kind, even for a status that is newer than this binding.

namespace MgPresence.Interop;

/// <summary>The kinds of statuses, by their tens digit.</summary>
public enum StatusKind
{
    /// <summary>A mistake of the caller.</summary>
    Caller = 1,

    /// <summary>Transport: there was no usable response.</summary>
    Transport = 2,

    /// <summary>Sign-in: there was no usable token.</summary>
    Authentication = 3,

    /// <summary>Graph refused the request.</summary>
    Service = 4,

    /// <summary>Cancelled, closed, or nothing to deliver.</summary>
    Lifecycle = 5,

    /// <summary>Validation: the library refused the request before it was sent.</summary>
    Validation = 6,

    /// <summary>A fault of the library.</summary>
    Internal = 9,
}

internal static class StatusKinds
{
    internal static StatusKind Kind(this Status status) => (StatusKind)((int)status / 10);
}
