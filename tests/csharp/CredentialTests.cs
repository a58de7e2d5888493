// Credentials: what the exceptions of a program's functions become, and what is read while a credential is disposed of.

using System;
using System.Collections.Concurrent;
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
        using var credential = new PresenceCredential(new PresenceCredentialOptions
        {
            Kind = CredentialKind.ClientAssertion,
            Authority = emulator.Url,
            Flags = CredentialOptions.AllowLoopbackHttp,
            ProxyUrl = "",
            TenantId = emulator.TenantId,
            ClientId = emulator.AppId,
            Assertion = () => throw (message is null ? new Unreadable() : new InvalidOperationException(message.Replace("<half>", "\ud800"))),
        });
        Assert.Contains(reason, Assert.Throws<PresenceException>(() => credential.SignIn(TimeSpan.FromSeconds(5))).Message);
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
