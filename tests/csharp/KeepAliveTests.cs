// A keep-alive through the P/Invoke layer.

using System;
using System.Threading;
using MgPresence.Interop;
using Xunit;

namespace MgPresence.Tests;

public sealed class KeepAliveTests(Emulator emulator) : IClassFixture<Emulator>
{
    [Fact]
    public void APresenceThatWasClearedStopsWithoutAnError()
    {
        using var client = emulator.Client();
        using var keepAlive = new KeepAlive(client, KeepAliveOptions.ClearOnStop, TimeSpan.Zero);
        keepAlive.Hold(Set("adele"));
        Assert.Equal(KeepAliveState.Held, Next(keepAlive).State);
        keepAlive.Release("adele");
        var stopped = Next(keepAlive);
        Assert.Equal(KeepAliveState.Stopped, stopped.State);
        Assert.Null(stopped.Error);
    }

    [Fact]
    public void ANegativeIntervalIsRefusedAsOne()
    {
        using var client = emulator.Client();
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => new KeepAlive(client, KeepAliveOptions.None, Timeout.InfiniteTimeSpan));
        Assert.Contains("cannot be negative", refusal.Message);
    }

    [Fact]
    public void AStopClearsEveryPresenceBeforeTheEnd()
    {
        emulator.Reset();
        using var client = emulator.Client();
        using var keepAlive = new KeepAlive(client, KeepAliveOptions.ClearOnStop, TimeSpan.Zero);
        foreach (var user in new[] { "adele", "alex" })
        {
            keepAlive.Hold(Set(user));
            Assert.Equal(KeepAliveState.Held, Next(keepAlive).State);
        }
        keepAlive.Stop();
        foreach (var state in new[] { KeepAliveState.Stopped, KeepAliveState.Stopped, KeepAliveState.Ended })
        {
            var happened = Next(keepAlive);
            Assert.Equal((state, null), (happened.State, happened.Error));
        }
        foreach (var user in new[] { "adele", "alex" })
        {
            using var now = client.Send(new PresenceRequest { Operation = Operation.GetPresence, Target = TargetKind.User, TargetId = user });
            Assert.Contains("Offline", now.Body);
        }
    }

    private static PresenceRequest Set(string user) => new()
    {
        Operation = Operation.SetPresence,
        Target = TargetKind.User,
        TargetId = user,
        Body = """{"availability":"Busy","activity":"InACall"}""",
        Options = RequestOptions.DefaultSessionId,
    };

    private static KeepAliveEvent Next(KeepAlive keepAlive) =>
        keepAlive.TakeEvent(TimeSpan.FromSeconds(15)) ?? throw new TimeoutException("No event in time.");
}
