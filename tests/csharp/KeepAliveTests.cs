// A keep-alive through the P/Invoke layer.

using System;
using System.Diagnostics;
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
        keepAlive.Hold(new PresenceRequest
        {
            Operation = Operation.SetPresence,
            Target = TargetKind.User,
            TargetId = "adele",
            Body = """{"availability":"Busy","activity":"InACall"}""",
            Options = RequestOptions.DefaultSessionId,
        });
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

    private static KeepAliveEvent Next(KeepAlive keepAlive)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(15); Thread.Sleep(20))
            if (keepAlive.TakeEvent() is { } happened) return happened;
        throw new TimeoutException("No event in time.");
    }
}
