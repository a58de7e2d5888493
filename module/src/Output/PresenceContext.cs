// What Get-MgPresenceContext shows of a session; never its token.

using System;
using MgPresence.Interop;
using MgPresence.Json;

namespace MgPresence;

/// <summary>A session as its user sees it, and what -Context names.</summary>
public sealed class PresenceContext
{
    private Session? session;

    internal PresenceContext(string authType, string tokenCredentialType)
    {
        AuthType = authType;
        TokenCredentialType = tokenCredentialType;
    }

    /// <summary>Who signs in: Delegated, AppOnly, ManagedIdentity, EnvironmentVariable or UserProvidedAccessToken.</summary>
    public string AuthType { get; }

    /// <summary>How: InteractiveBrowser, DeviceCode, ClientSecret, ClientCertificate, ClientAssertion, ManagedIdentity, EnvironmentVariable or UserProvidedAccessToken.</summary>
    public string TokenCredentialType { get; }

    /// <summary>The application of the token; null where it does not say, as with all that is read from it.</summary>
    public string? ClientId { get; private set; }

    /// <summary>Its tenant.</summary>
    public string? TenantId { get; private set; }

    /// <summary>The user principal name of the one who signed in; null for an application.</summary>
    public string? Account { get; private set; }

    /// <summary>What the token permits: the scopes of a user's token, or the roles of an application's token.</summary>
    public string[] Scopes { get; private set; } = [];

    /// <summary>When the token ends (UTC). A session that can sign in by itself renews it before.</summary>
    public DateTime? ExpiresOn { get; private set; }

    /// <summary>The cloud or the environment by name; null with a base URI.</summary>
    public string? Environment { get; internal set; }

    /// <summary>Where requests go, if not to the cloud's own address.</summary>
    public Uri? BaseUri { get; internal set; }

    /// <summary>Whether the sign-in outlives the process.</summary>
    public ContextScope ContextScope { get; internal set; }

    /// <summary>The thumbprint of the certificate that signs.</summary>
    public string? CertificateThumbprint { get; internal set; }

    /// <summary>The subject of the certificate that signs.</summary>
    public string? CertificateSubjectName { get; internal set; }

    /// <summary>Whether the public certificate is sent along.</summary>
    public bool SendCertificateChain { get; internal set; }

    /// <summary>The client id of a user-assigned managed identity.</summary>
    public string? ManagedIdentityId { get; internal set; }

    /// <summary>When the session began (UTC).</summary>
    public DateTime ConnectedAt { get; } = DateTime.UtcNow;

    /// <summary>The version of the native library.</summary>
    public string? LibraryVersion { get; private set; }

    /// <summary>What Set-MgUserPresence is in the caller's session: MgPresence, or the module whose function hides it.</summary>
    public string? CommandSource { get; private set; }

    /// <summary>Who signed in, and to which tenant.</summary>
    public override string ToString() => $"{Account ?? ClientId ?? TokenCredentialType}, {TenantId ?? Service}";

    /// <summary>Where requests go.</summary>
    internal string? Service => BaseUri?.AbsoluteUri ?? Environment;

    /// <summary>The session that this is the context of.</summary>
    internal Session Session => session!;

    /// <summary>The context of a session at this moment.</summary>
    internal PresenceContext Of(Session owner)
    {
        var context = (PresenceContext)MemberwiseClone();
        context.session = owner;
        context.ReadToken((JsonObject)JsonReader.Read(owner.Client.About)!);
        context.LibraryVersion = Library.Version;
        return context;
    }

    /// <summary>The session as one caller sees it: what a name stands for is not the same in every runspace.</summary>
    internal PresenceContext For(string? commandSource)
    {
        var context = (PresenceContext)MemberwiseClone();
        context.CommandSource = commandSource;
        return context;
    }

    private void ReadToken(JsonObject about)
    {
        ClientId = about.Text("clientId");
        TenantId = about.Text("tenantId");
        Account = about.Text("account");
        Scopes = [.. about.Texts("scopes"), .. about.Texts("roles")];
        ExpiresOn = about.TryGetValue("expires", out var expires) && expires is long seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime : null;
    }
}
