// The options of a way to sign in: mgp_credential_options with the types of .NET. The library checks the combinations.

using System;
using System.Collections.Generic;
using System.Security;

namespace MgPresence.Interop;

/// <summary>What to show a person who has to sign in.</summary>
public readonly struct SignInPrompt(string message, string? url, string? userCode)
{
    /// <summary>The complete text to show.</summary>
    public string Message => message;

    /// <summary>The page to open.</summary>
    public string? Url => url;

    /// <summary>The code to enter on the page; null if the page does not need one.</summary>
    public string? UserCode => userCode;
}

/// <summary>A way to sign in, with its options. Null and zero are the library's defaults.</summary>
public sealed class PresenceCredentialOptions
{
    /// <summary>The way to sign in.</summary>
    public CredentialKind Kind { get; set; }

    /// <summary>Flags for loopback http, the certificate chain and the browser.</summary>
    public CredentialOptions Flags { get; set; }

    /// <summary>How long a person has to sign in.</summary>
    public TimeSpan Timeout { get; set; }

    /// <summary>The name of the cloud: Global, USGov, USGovDoD or BleuCloud.</summary>
    public string? Cloud { get; set; }

    /// <summary>The scheme, host and port to sign in at, in place of the cloud's login host.</summary>
    public string? Authority { get; set; }

    /// <summary>The tenant, by id or by domain.</summary>
    public string? TenantId { get; set; }

    /// <summary>The client id of the application.</summary>
    public string? ClientId { get; set; }

    /// <summary>The permissions to ask for.</summary>
    public IReadOnlyList<string>? Scopes { get; set; } = [];

    /// <summary>The client secret of the application.</summary>
    public SecureString? ClientSecret { get; set; }

    /// <summary>A file with a certificate and its private key.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>The public part of a certificate whose key <see cref="Sign"/> uses.</summary>
    public byte[]? Certificate { get; set; }

    /// <summary>The password of <see cref="CertificateFile"/>.</summary>
    public SecureString? CertificatePassword { get; set; }

    /// <summary>A token of another identity provider.</summary>
    public SecureString? ClientAssertion { get; set; }

    /// <summary>A file with a token of another identity provider.</summary>
    public string? AssertionFile { get; set; }

    /// <summary>The user name to suggest.</summary>
    public string? LoginHint { get; set; }

    /// <summary>The refresh token of an earlier sign-in, in UTF-8.</summary>
    public byte[]? RefreshToken { get; set; }

    /// <summary>The URL of a proxy; "" for no proxy, null for the system's.</summary>
    public string? ProxyUrl { get; set; }

    /// <summary>The path of a PEM file with certificates to trust in addition to the system's.</summary>
    public string? CaFile { get; set; }

    /// <summary>The environment variables as NAME=value; null for those of the process.</summary>
    public IReadOnlyList<string>? Environment { get; set; }

    /// <summary>Signs bytes with the key of <see cref="Certificate"/>: RSA-PSS with SHA-256, which is PS256.</summary>
    public Func<byte[], byte[]>? Sign { get; set; }

    /// <summary>Returns a token of another identity provider.</summary>
    public Func<SecureString>? Assertion { get; set; }

    /// <summary>Shows a person how to sign in. An exception ends the sign-in; its message is not passed on.</summary>
    public Action<SignInPrompt>? Prompt { get; set; }

    /// <summary>Receives each new refresh token in UTF-8, or null if Entra no longer accepts the last one. The array is cleared when the function returns: copy what is kept longer.</summary>
    public Action<byte[]?>? RefreshTokenChanged { get; set; }

    /// <summary>A copy of the options.</summary>
    internal PresenceCredentialOptions Copy() => (PresenceCredentialOptions)MemberwiseClone();

    /// <summary>The native struct, in the arena's memory.</summary>
    internal unsafe NativeCredentialOptions ToNative(Utf8Arena arena)
    {
        var certificate = Certificate; // read once: its size must be that of the copy
        var native = new NativeCredentialOptions
        {
            StructSize = (uint)sizeof(NativeCredentialOptions),
            Kind = (int)Kind,
            Flags = (uint)Flags,
            TimeoutMs = Milliseconds.Of(Timeout),
            Cloud = arena.Copy(Cloud),
            Authority = arena.Copy(Authority),
            TenantId = arena.Copy(TenantId),
            ClientId = arena.Copy(ClientId),
            Scopes = Scopes is { Count: > 0 } ? arena.Copy(string.Join(" ", Scopes)) : IntPtr.Zero,
            ClientSecret = arena.Copy(ClientSecret),
            CertificateFile = arena.Copy(CertificateFile),
            Certificate = arena.Copy(certificate),
            CertificateSize = (uint)(certificate?.Length ?? 0),
            CertificatePassword = arena.Copy(CertificatePassword),
            AssertionFile = arena.Copy(AssertionFile),
            ClientAssertion = arena.Copy(ClientAssertion),
            LoginHint = arena.Copy(LoginHint),
            RefreshToken = arena.Copy(RefreshToken),
            ProxyUrl = arena.Copy(ProxyUrl),
            CaFile = arena.Copy(CaFile),
            Environment = arena.Copy(Environment, out var variables),
            EnvironmentCount = variables,
        };
        CredentialCallbacks.Set(this, ref native);
        return native;
    }
}
