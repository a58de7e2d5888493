// A keep-alive through the P/Invoke layer.

using System;
using System.Runtime.CompilerServices;
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

    [Fact]
    public void AKeepAliveNeedsNoReferenceUntilItHasEnded()
    {
        using var client = emulator.Client();
        var kept = Unreferenced(client);
        Collect();
        Assert.True(kept.IsAlive, "it was collected while it kept a presence");
        End(kept);
        Collect();
        Assert.False(kept.IsAlive, "it is held after its end");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Unreferenced(PresenceClient client)
    {
        var keepAlive = new KeepAlive(client, KeepAliveOptions.None, TimeSpan.Zero);
        keepAlive.Hold(Set("adele"));
        return new WeakReference(keepAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void End(WeakReference kept)
    {
        var keepAlive = (KeepAlive)kept.Target!;
        keepAlive.Stop();
        while (Next(keepAlive).State != KeepAliveState.Ended) { }
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
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
