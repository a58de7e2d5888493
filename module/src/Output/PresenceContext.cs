// The output of Get-MgPresenceContext. It never contains the token.

using System;
using MgPresence.Interop;
using MgPresence.Json;

namespace MgPresence;

/// <summary>The description of a session, which -Context also accepts.</summary>
public sealed class PresenceContext
{
    private Session? session;

    internal PresenceContext(string authType, string tokenCredentialType)
    {
        AuthType = authType;
        TokenCredentialType = tokenCredentialType;
    }

    /// <summary>The kind of sign-in: Delegated, AppOnly, ManagedIdentity, EnvironmentVariable or UserProvidedAccessToken.</summary>
    public string AuthType { get; }

    /// <summary>The credential: InteractiveBrowser, DeviceCode, ClientSecret, ClientCertificate, ClientAssertion, ManagedIdentity, EnvironmentVariable or UserProvidedAccessToken.</summary>
    public string TokenCredentialType { get; }

    /// <summary>The client id in the token. This and the other values from the token are null if the token does not contain them.</summary>
    public string? ClientId { get; private set; }

    /// <summary>The tenant id in the token.</summary>
    public string? TenantId { get; private set; }

    /// <summary>The user principal name of the signed-in user; null for an application.</summary>
    public string? Account { get; private set; }

    /// <summary>The permissions in the token: the scopes of a delegated token, or the roles of an application token.</summary>
    public string[] Scopes { get; private set; } = [];

    /// <summary>The expiration of the token (UTC). A session that can sign in without the user renews the token before.</summary>
    public DateTime? ExpiresOn { get; private set; }

    /// <summary>The name of the cloud or environment; null if the session has a base URI.</summary>
    public string? Environment { get; internal set; }

    /// <summary>The base URI of the session; null if requests go to the cloud's own address.</summary>
    public Uri? BaseUri { get; internal set; }

    /// <summary>Whether the sign-in is kept after the process ends.</summary>
    public ContextScope ContextScope { get; internal set; }

    /// <summary>The thumbprint of the signing certificate.</summary>
    public string? CertificateThumbprint { get; internal set; }

    /// <summary>The subject of the signing certificate.</summary>
    public string? CertificateSubjectName { get; internal set; }

    /// <summary>Whether the public certificate is sent with the client assertion.</summary>
    public bool SendCertificateChain { get; internal set; }

    /// <summary>The client id of a user-assigned managed identity.</summary>
    public string? ManagedIdentityId { get; internal set; }

    /// <summary>The start of the session (UTC).</summary>
    public DateTime ConnectedAt { get; } = DateTime.UtcNow;

    /// <summary>The version of the native library.</summary>
    public string? LibraryVersion { get; private set; }

    /// <summary>The module that runs Set-MgUserPresence in the caller's runspace: MgPresence, or the module whose function hides the cmdlet.</summary>
    public string? CommandSource { get; private set; }

    /// <summary>The signed-in user or application, and the tenant.</summary>
    public override string ToString() => $"{Account ?? ClientId ?? TokenCredentialType}, {TenantId ?? Service}";

    /// <summary>The address to which requests go.</summary>
    internal string? Service => BaseUri?.AbsoluteUri ?? Environment;

    /// <summary>The session that this object describes.</summary>
    internal Session Session => session!;

    /// <summary>The current context of a session.</summary>
    internal PresenceContext Of(Session owner)
    {
        var context = (PresenceContext)MemberwiseClone();
        context.session = owner;
        context.ReadToken((JsonObject)JsonReader.Read(owner.About)!);
        context.LibraryVersion = Library.Version;
        return context;
    }

    /// <summary>The context for one caller, because a command name can refer to different commands in different runspaces.</summary>
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
        ExpiresOn = about.TryGetValue("expires", out var expires) && expires is long seconds ? UnixTime.Of(seconds) : null;
    }
}
