// setPresence through the P/Invoke layer.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using MgPresence.Interop;
using Xunit;

namespace MgPresence.Tests;

public sealed class SetPresenceTests : IClassFixture<Emulator>, IDisposable
{
    private readonly Emulator emulator;
    private readonly PresenceClient client;

    public SetPresenceTests(Emulator emulator)
    {
        this.emulator = emulator;
        emulator.Reset();
        client = emulator.Client();
    }

    public void Dispose() => client.Dispose();

    private PresenceRequest Set(string availability, string activity) => new()
    {
        Operation = Operation.SetPresence,
        Target = TargetKind.User,
        TargetId = "adele",
        Body = $$"""{"sessionId":"{{emulator.AppId}}","availability":"{{availability}}","activity":"{{activity}}"}""",
    };

    private static PresenceRequest Get(string user) => new() { Operation = Operation.GetPresence, Target = TargetKind.User, TargetId = user };

    [Fact]
    public void WhatIsSetIsWhatTheNextReadShows()
    {
        Assert.Equal(200, client.Send(Set("Busy", "InACall")).HttpStatus);

        var now = Assert.Single(client.Send(Get("adele")).Presences);
        Assert.Contains("\"InACall\"", now);
    }

    [Fact]
    public void ARefusedPairSendsNothingAndExplainsItself()
    {
        var refusal = Assert.Throws<PresenceException>(() => client.Send(Set("Busy", "Busy")));

        Assert.Equal(("InvalidPair", StatusKind.Validation), (refusal.StatusName, refusal.Kind));
        Assert.Contains("InACall", refusal.Message);
        Assert.Null(refusal.HttpStatus);
        Assert.Empty(emulator.Sent());
    }

    [Fact]
    public void ARefusalOfTheServiceHasAllThatIsKnown()
    {
        var refusal = Assert.Throws<PresenceException>(() => client.Send(Get("nobody")));

        Assert.Equal(404, refusal.HttpStatus);
        Assert.Equal(StatusKind.Service, refusal.Kind);
        Assert.NotEmpty(refusal.GraphCode);
        Assert.True(Guid.TryParse(refusal.RequestId, out _));
        Assert.True(Guid.TryParse(refusal.ClientRequestId, out _));
        Assert.Equal(1, refusal.Attempts);
        Assert.Contains(refusal.Response!.Headers, header => header.Key == "request-id" && header.Value == refusal.RequestId);
    }

    [Theory]
    [InlineData("../../x")]
    [InlineData("..")]
    [InlineData("a/b?c#d")]
    [InlineData("")]
    public void AnIdThatWouldChangeThePathIsRefused(string id)
    {
        var refusal = Assert.Throws<PresenceException>(() => client.Send(Get(id)));

        Assert.Equal("InvalidId", refusal.StatusName);
        Assert.Empty(emulator.Sent());
    }

    // Not InlineData: an attribute is stored as UTF-8, in which half a surrogate pair is lost.
    public static TheoryData<string> NotUtf8 => new() { "a\0b", "a\ud800b" };

    [Theory, MemberData(nameof(NotUtf8), DisableDiscoveryEnumeration = true)]
    public void TextThatCannotBeUtf8IsRefusedAndNeverChanged(string id)
    {
        Assert.ThrowsAny<ArgumentException>(() => client.Send(Get(id)));
        Assert.Empty(emulator.Sent());
    }

    [Fact]
    public void AHeaderOfTheCallerGoesAlongAndTheAnswersComeBack()
    {
        var request = Get("adele");
        request.Headers = [new("x-ms-example", "of the caller")];
        request.Options = RequestOptions.Trace;
        var response = client.Send(request);

        Assert.Contains("of the caller", response.Trace);
        Assert.DoesNotContain(emulator.Token, response.Trace);
        Assert.Contains(response.Headers, header => header.Key == "content-type");
    }

    [Fact]
    public void HeadersMayChangeWhileTheyAreRead()
    {
        var request = Get("adele");
        KeyValuePair<string, string>[] one = [new("x-ms-example", "0")], many = [.. Enumerable.Range(0, 60).Select(i => new KeyValuePair<string, string>($"x-ms-{i}", "0"))];
        var isOver = false;
        var other = new Thread(() => { while (!Volatile.Read(ref isOver)) (request.Headers, request.Headers) = (one, many); });
        other.Start();
        for (var i = 0; i < 20_000; i++) request.Check();
        Volatile.Write(ref isOver, true);
        other.Join();
    }

    [Fact]
    public void ATokenOfTheRequestGoesBeforeTheClients()
    {
        var request = Get("adele");
        request.AccessToken = Emulator.Secret("not.a.token");

        Assert.Equal(401, Assert.Throws<PresenceException>(() => client.Send(request)).HttpStatus);
    }

    [Fact]
    public void EachTargetHasItsPath()
    {
        var request = Set("Busy", "InACall");
        client.Send(request);
        request.ApiVersion = ApiVersion.Beta;
        Assert.Equal(204, client.Send(request).HttpStatus);

        Assert.All(emulator.Sent().Zip(["/v1.0/users/adele/presence/", "/beta/users/adele/presence/"]),
            pair => Assert.StartsWith(pair.Second, pair.First));
    }
}
