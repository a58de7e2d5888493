// Converts the parameters of Connect-MgPresence to a credential of the library and to the session's context. One function for each parameter set.

using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MgPresence.Cmdlets;
using MgPresence.Interop;

namespace MgPresence.SignIn;

/// <summary>The credential to create, and the context of its session.</summary>
internal sealed class SignInPlan
{
    // A script block runs while a request waits, so its time limit is that of an answer.
    private static readonly TimeSpan LongestScript = TimeSpan.FromSeconds(100);

    private readonly ConnectMgPresence cmdlet;
    private readonly HostCalls host;

    internal SignInPlan(ConnectMgPresence cmdlet, HostCalls host)
    {
        this.cmdlet = cmdlet;
        this.host = host;
        Options = new PresenceCredentialOptions { TenantId = Given(cmdlet.TenantId), ClientId = Given(cmdlet.ClientId), Environment = EnvironmentVariables.Ours };
        Context = cmdlet.ParameterSetName switch
        {
            SignInSets.AppCertificate => WithCertificate(),
            SignInSets.AppSecretCredential => WithSecret(),
            SignInSets.Identity => WithManagedIdentity(),
            SignInSets.EnvironmentVariable => With(CredentialKind.Environment, "EnvironmentVariable", "EnvironmentVariable"),
            SignInSets.FederatedToken => WithFederatedToken(),
            SignInSets.FederatedTokenFile => WithFederatedTokenFile(),
            SignInSets.GitHubActions => With(CredentialKind.GithubActions, "AppOnly", "ClientAssertion"),
            _ => WithUser(),
        };
    }

    internal PresenceCredentialOptions Options { get; }

    internal PresenceContext Context { get; }

    /// <summary>Whether a person was asked to sign in.</summary>
    internal bool HasAsked { get; private set; }

    private PresenceContext With(CredentialKind kind, string authType, string tokenCredentialType)
    {
        Options.Kind = kind;
        return new PresenceContext(authType, tokenCredentialType);
    }

    private PresenceContext WithUser()
    {
        Options.Scopes = [.. (cmdlet.Scopes ?? []).SelectMany(scopes => scopes.Split(',')).Select(scope => scope.Trim()).Where(scope => scope.Length > 0)];
        Options.LoginHint = cmdlet.LoginHint;
        if (!cmdlet.UseDeviceCode) Options.Flags |= CredentialOptions.OpenBrowser;
        Options.Prompt = prompt =>
        {
            HasAsked = true;
            host.Tell(pipeline => ToHost(pipeline, prompt.Message));
        };
        var context = cmdlet.UseDeviceCode
            ? With(CredentialKind.DeviceCode, "Delegated", "DeviceCode")
            : With(CredentialKind.InteractiveBrowser, "Delegated", "InteractiveBrowser");
        context.ContextScope = cmdlet.ContextScope;
        return context;
    }

    private PresenceContext WithSecret()
    {
        Options.ClientId = cmdlet.ClientSecretCredential!.UserName;
        Options.ClientSecret = cmdlet.ClientSecretCredential.Password;
        return With(CredentialKind.ClientSecret, "AppOnly", "ClientSecret");
    }

    private PresenceContext WithManagedIdentity()
    {
        var context = With(CredentialKind.ManagedIdentity, "ManagedIdentity", "ManagedIdentity");
        context.ManagedIdentityId = Options.ClientId;
        return context;
    }

    private PresenceContext WithFederatedTokenFile()
    {
        Options.AssertionFile = FilePath.Of(cmdlet, cmdlet.FederatedTokenFile!);
        return With(CredentialKind.ClientAssertion, "AppOnly", "ClientAssertion");
    }

    private PresenceContext WithFederatedToken()
    {
        var home = HostCalls.Here;
        if (cmdlet.FederatedToken is ScriptBlock script)
        {
            Options.Assertion = () => TokenOf(host.Ask(script, home, LongestScript));
            host.NeedPipeline = true;
        }
        else Options.ClientAssertion = (SecureString)cmdlet.FederatedToken!;
        return With(CredentialKind.ClientAssertion, "AppOnly", "ClientAssertion");
    }

    private PresenceContext WithCertificate()
    {
        if (cmdlet.SendCertificateChain) Options.Flags |= CredentialOptions.SendCertificateChain;
        var context = With(CredentialKind.ClientCertificate, "AppOnly", "ClientCertificate");
        context.SendCertificateChain = cmdlet.SendCertificateChain;
        if (Certificate() is { } certificate)
        {
            Options.Certificate = certificate.RawData;
            Options.Sign = bytes => Sign(certificate, bytes);
            context.CertificateThumbprint = certificate.Thumbprint;
            context.CertificateSubjectName = certificate.Subject;
        }
        else
        {
            Options.CertificateFile = FilePath.Of(cmdlet, cmdlet.CertificatePath!);
            Options.CertificatePassword = cmdlet.CertificatePassword;
        }
        return context;
    }

    // If a script gives several of these, Microsoft's module uses the same order.
    private X509Certificate2? Certificate()
    {
        if (Given(cmdlet.CertificateThumbprint) is { } thumbprint) return CertificateStore.ByThumbprint(thumbprint);
        if (Given(cmdlet.CertificateSubjectName) is { } subject) return CertificateStore.BySubject(subject);
        if (cmdlet.Certificate is { } loaded && loaded.Handle == IntPtr.Zero) throw new ArgumentException("The certificate of -Certificate was disposed of. Load it again.");
        if (cmdlet.Certificate is { HasPrivateKey: false }) throw new ArgumentException($"The certificate {cmdlet.Certificate.Thumbprint} of -Certificate has no private key. Load it together with its key.");
        if (cmdlet.Certificate is null && Given(cmdlet.CertificatePath) is null)
            throw new ArgumentException("-ClientId alone does not say how the application signs in. Add -CertificateThumbprint, -CertificateSubjectName, -Certificate or -CertificatePath.");
        return cmdlet.Certificate is { } given ? new X509Certificate2(given) : null; // a script may dispose of its own once it has connected
    }

    // Called on a thread of the library. The key stays in its store; only the signature is returned.
    private static byte[] Sign(X509Certificate2 certificate, byte[] bytes)
    {
        using var key = certificate.GetRSAPrivateKey() ?? throw new CryptographicException("the certificate has no RSA key.");
        return key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
    }

    private static SecureString TokenOf(object? output) => output switch
    {
        SecureString token => token,
        string text => AccessTokenTransformationAttribute.Secure(text),
        _ => throw new InvalidDataException("the script block of -FederatedToken returned no token. Return a SecureString or text."),
    };

    // Like Write-Host, writes to the information stream and never to the output.
    private static void ToHost(PSCmdlet pipeline, string message) =>
        pipeline.WriteInformation(new HostInformationMessage { Message = message }, ["PSHOST"]);

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
