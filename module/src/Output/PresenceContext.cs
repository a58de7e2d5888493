// What Get-MgPresenceContext shows of a session; never its token.

using System;
using MgPresence.Interop;
using MgPresence.Json;

namespace MgPresence;

/// <summary>A session as its user sees it.</summary>
public sealed class PresenceContext
{
    /// <summary>How the session proves who it is.</summary>
    public string AuthType { get; internal set; } = "";

    internal PresenceContext(Session session)
    {
        Session = session;
        var about = (JsonObject)JsonReader.Read(session.Client.About)!;
        ClientId = about.Text("clientId");
        TenantId = about.Text("tenantId");
        Account = about.Text("account");
        Scopes = [.. about.Texts("scopes"), .. about.Texts("roles")];
        if (about.TryGetValue("expires", out var expires) && expires is long seconds) ExpiresOn = DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime;
        LibraryVersion = Library.Version;
    }

    /// <summary>What -Context names.</summary>
    internal Session Session { get; }

    /// <summary>The application of the token; null where it does not say, as with all that is read from it.</summary>
    public string? ClientId { get; }

    /// <summary>Its tenant.</summary>
    public string? TenantId { get; }

    /// <summary>The user principal name of the one who signed in; null for an application.</summary>
    public string? Account { get; }

    /// <summary>What the token permits: the scopes of a user's token, or the roles of an application's token.</summary>
    public string[] Scopes { get; }

    /// <summary>When the token ends (UTC).</summary>
    public DateTime? ExpiresOn { get; }

    /// <summary>The cloud by name; null with a base URI.</summary>
    public string? Environment { get; internal set; }

    /// <summary>Where requests go, if not to the cloud's own address.</summary>
    public Uri? BaseUri { get; internal set; }

    /// <summary>When the session began (UTC).</summary>
    public DateTime ConnectedAt { get; } = DateTime.UtcNow;

    /// <summary>The version of the native library.</summary>
    public string LibraryVersion { get; }

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
