// The completion queue through the P/Invoke layer.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using MgPresence.Interop;
using Xunit;

namespace MgPresence.Tests;

public sealed class QueueTests : IClassFixture<Emulator>, IDisposable
{
    private const string Slow = """{"kind":"delay","delayMs":600000}""";
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly Emulator emulator;
    private readonly PresenceClient client;
    private readonly CompletionQueue queue = new();

    public QueueTests(Emulator emulator)
    {
        this.emulator = emulator;
        emulator.Reset();
        client = emulator.Client();
    }

    public void Dispose()
    {
        queue.Dispose();
        client.Dispose();
    }

    private static PresenceRequest Get() => new() { Operation = Operation.GetPresence, Target = TargetKind.User, TargetId = "adele" };

    [Fact]
    public void AHundredRequestsEndOnceEach()
    {
        foreach (var tag in Enumerable.Range(0, 100)) client.Submit(Get(), queue, tag);
        var tags = new List<int>();
        for (var i = 0; i < 100; i++)
        {
            var completion = queue.Take(Long)!.Value;
            Assert.Equal(200, completion.Response!.HttpStatus);
            tags.Add(completion.Tag);
        }

        Assert.Equal(Enumerable.Range(0, 100), tags.Order());
        Assert.Null(queue.Take(TimeSpan.Zero));
    }

    [Fact]
    public void ACancelledRequestEndsAtOnceAsCancelled()
    {
        emulator.Fault(Slow);
        var operation = client.Submit(Get(), queue, 7);
        client.Cancel(operation);

        var completion = queue.Take(Long)!.Value;
        Assert.Equal((7, "Cancelled"), (completion.Tag, completion.Error!.StatusName));
        client.Cancel(operation); // after the end: no effect
    }

    [Fact]
    public void AFailureArrivesAsAnExceptionThatIsNotThrown()
    {
        emulator.Fault("""{"status":403,"code":"Forbidden","message":"Not you."}""");
        client.Submit(Get(), queue, 1);

        var error = queue.Take(Long)!.Value.Error!;
        Assert.Equal((403, "Forbidden", "Not you."), (error.HttpStatus, error.GraphCode, error.GraphMessage));
    }

    [Fact]
    public void AWakeEndsAWait()
    {
        var clock = Stopwatch.StartNew();
        var waker = new Thread(queue.Wake);
        waker.Start();

        Assert.Null(queue.Take(Long));
        Assert.True(clock.Elapsed < Long);
        waker.Join();
    }

    [Fact]
    public void ObjectsMayGoInAnyOrderWithRequestsUnderWay()
    {
        emulator.Fault(Slow);
        client.Submit(Get(), queue, 1);
        queue.Dispose();
        client.Dispose();
        Assert.Throws<ObjectDisposedException>(() => client.Send(Get()));
    }
}
