// Credentials: what the exceptions of a program's functions become, and what is read while a credential is disposed of.

using System;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using MgPresence.Interop;
using Xunit;

namespace MgPresence.Tests;

public sealed class CredentialTests(Emulator emulator) : IClassFixture<Emulator>
{
    // <half> stands for half of a surrogate pair, which an attribute cannot hold.
    [Theory]
    [InlineData("The smart card is locked.", "The smart card is locked.")]
    [InlineData("half of a pair: <half>.", "half of a pair: \ufffd.")]
    [InlineData("a NUL:\0.", "a NUL:.")]
    [InlineData(null, "MgPresence.Tests.CredentialTests+Unreadable has no message.")]
    public void AnExceptionOfACallbackBecomesTheReason(string? message, string reason)
    {
        var options = Options(CredentialKind.ClientAssertion);
        options.Assertion = () => throw (message is null ? new Unreadable() : new InvalidOperationException(message.Replace("<half>", "\ud800")));
        Assert.Contains(reason, FailureOf(options));
    }

    [Fact]
    public void ACallbackWithoutAResultIsNamed()
    {
        var assertion = Options(CredentialKind.ClientAssertion);
        assertion.Assertion = () => null!;
        Assert.Contains("Assertion returned null.", FailureOf(assertion));

        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var signature = Options(CredentialKind.ClientCertificate);
        signature.Certificate = certificate.RawData;
        foreach (var nothing in new byte[]?[] { null, [] })
        {
            signature.Sign = _ => nothing!;
            Assert.Contains("Sign returned no signature.", FailureOf(signature));
        }
    }

    [Fact]
    public void TheCallbacksAreThoseOfTheCreation()
    {
        var options = Options(CredentialKind.ClientAssertion);
        options.Assertion = () => throw new InvalidOperationException("the first");
        using var credential = new PresenceCredential(options);
        options.Assertion = () => throw new InvalidOperationException("the second");
        Assert.Contains("the first", FailureOf(credential));
        options.Assertion = null;
        Assert.Contains("the first", FailureOf(credential));
    }

    [Fact]
    public void TheScopesMayBeNull()
    {
        var options = Options(CredentialKind.ClientAssertion);
        options.Scopes = null!;
        options.Assertion = () => throw new InvalidOperationException("asked");
        Assert.Contains("asked", FailureOf(options));
    }

    [Fact]
    public void ARefreshTokenIsClearedWhenItsFunctionReturns()
    {
        byte[]? kept = null;
        var first = byte.MinValue;
        var options = Options(CredentialKind.DeviceCode);
        options.Prompt = _ => { };
        options.RefreshTokenChanged = token => (kept, first) = (token, token![0]);
        using var credential = new PresenceCredential(options);
        credential.SignIn(TimeSpan.FromSeconds(30));
        Assert.NotEqual(0, first);
        Assert.All(kept!, value => Assert.Equal(0, value));
    }

    [Fact]
    public void WhatIsReadDuringADisposalIsWholeOrRefused()
    {
        var whole = About(PresenceCredential.FromToken(Emulator.Secret(emulator.Token)));
        var read = new ConcurrentBag<string>();
        for (var i = 0; i < 300; i++)
        {
            var credential = PresenceCredential.FromToken(Emulator.Secret(emulator.Token));
            Parallel.Invoke(
                () => { for (var text = About(credential); text is not null; text = About(credential)) read.Add(text); },
                credential.Dispose);
        }
        Assert.All(read, text => Assert.Equal(whole, text));
    }

    private PresenceCredentialOptions Options(CredentialKind kind) => new()
    {
        Kind = kind,
        Authority = emulator.Url,
        Flags = CredentialOptions.AllowLoopbackHttp,
        ProxyUrl = "",
        TenantId = emulator.TenantId,
        ClientId = emulator.AppId,
    };

    private static string FailureOf(PresenceCredentialOptions options)
    {
        using var credential = new PresenceCredential(options);
        return FailureOf(credential);
    }

    private static string FailureOf(PresenceCredential credential) =>
        Assert.Throws<PresenceException>(() => credential.SignIn(TimeSpan.FromSeconds(5))).Message;

    private static string? About(PresenceCredential credential)
    {
        try { return credential.About; }
        catch (ObjectDisposedException) { return null; }
    }

    private sealed class Unreadable : Exception
    {
        public override string Message => throw new InvalidOperationException("no text");
    }
}
