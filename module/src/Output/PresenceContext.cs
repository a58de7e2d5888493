// What Get-MgPresenceContext shows of a session; never its token.

using System;

namespace MgPresence;

/// <summary>A session as its user sees it.</summary>
public sealed class PresenceContext
{
    /// <summary>How the session proves who it is.</summary>
    public string AuthType { get; internal set; } = "";

    /// <summary>The cloud by name; null with a base URI.</summary>
    public string? Environment { get; internal set; }

    /// <summary>Where requests go, if not to the cloud's own address.</summary>
    public Uri? BaseUri { get; internal set; }

    /// <summary>The version of the native library.</summary>
    public string LibraryVersion { get; internal set; } = "";

    /// <summary>What Set-MgUserPresence is in the caller's session: MgPresence, or the module whose function hides it.</summary>
    public string? CommandSource { get; private set; }

    /// <summary>The session as one caller sees it: what a name stands for is not the same in every runspace.</summary>
    internal PresenceContext For(string? commandSource)
    {
        var context = (PresenceContext)MemberwiseClone();
        context.CommandSource = commandSource;
        return context;
    }
}
