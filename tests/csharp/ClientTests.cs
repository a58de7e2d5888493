// What becomes of clients, credentials and their threads, and which times are taken.

using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using MgPresence.Interop;
using Xunit;

namespace MgPresence.Tests;

// Alone, since it counts threads.
[CollectionDefinition(nameof(ClientTests), DisableParallelization = true)]
[Collection(nameof(ClientTests))]
public sealed class ClientTests(Emulator emulator) : IClassFixture<Emulator>
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private static PresenceRequest Get() => new() { Operation = Operation.GetPresence, Target = TargetKind.User, TargetId = "adele" };

    [Fact]
    public void ADisposedCredentialMakesNoClient()
    {
        var credential = PresenceCredential.FromToken(Emulator.Secret("x"));
        credential.Dispose();
        Assert.Throws<ObjectDisposedException>(() => new PresenceClient(new PresenceClientOptions { Credential = credential }));
    }

    [Fact]
    public void AClientKeepsItsCredential()
    {
        emulator.Reset();
        var credential = PresenceCredential.FromToken(Emulator.Secret(emulator.Token));
        var about = credential.About;
        using var client = emulator.Client(options => options.Credential = credential);
        credential.Dispose();
        credential.Dispose();
        Assert.Equal(about, client.About);
        Assert.Single(client.Send(Get()).Presences);
        Assert.Throws<ObjectDisposedException>(() => credential.About);
    }

    [Fact]
    public void ANullArgumentIsRefusedByName()
    {
        using var client = emulator.Client();
        using var queue = new CompletionQueue();
        using var held = new KeepAlive(client, KeepAliveOptions.None, TimeSpan.Zero);
        foreach (var (name, call) in new (string, Action)[]
        {
            ("options", () => _ = new PresenceClient(null!)), ("options", () => _ = new PresenceCredential(null!)),
            ("token", () => PresenceCredential.FromToken(null!)), ("client", () => _ = new KeepAlive(null!, KeepAliveOptions.None, TimeSpan.Zero)),
            ("request", () => client.Send(null!)), ("request", () => client.Submit(null!, queue, 1)), ("queue", () => client.Submit(Get(), null!, 1)),
            ("request", () => client.SendAsync(null!).GetAwaiter().GetResult()), ("request", () => held.Hold(null!)),
        })
        {
            Assert.Equal(name, Assert.Throws<ArgumentNullException>(call).ParamName);
        }
    }

    [Fact]
    public async Task ADisposedClientStartsNoThread()
    {
        var before = Pumps();
        for (var i = 0; i < 20; i++)
        {
            var client = emulator.Client();
            client.Dispose();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => client.SendAsync(Get()));
        }
        Assert.Equal(before, Pumps());
    }

    [Fact]
    public void AClientThatNobodyHasTakesItsThreadAlong()
    {
        var before = Pumps();
        var client = Abandoned();
        WaitUntil(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return !client.IsAlive && Pumps() <= before;
        });
    }

    [Fact]
    public async Task ATaskEndsWhoeverDisposesOfItsClientMeanwhile()
    {
        emulator.Reset();
        using var both = new Barrier(2);
        for (var i = 0; i < 1000; i++)
        {
            var client = emulator.Client();
            var task = Task.Run(async () => { both.SignalAndWait(); using var response = await client.SendAsync(Get()); });
            both.SignalAndWait();
            client.Dispose();
            Assert.Same(task, await Task.WhenAny(task, Task.Delay(5000)));
            _ = task.Exception; // any end will do
        }
    }

    [Fact]
    public async Task CancellingAfterTheClientWasDisposedOfIsQuiet()
    {
        emulator.Reset();
        emulator.Fault("""{"kind":"delay","delayMs":600000}""");
        for (var i = 0; i < 20; i++)
        {
            using var cancellation = new CancellationTokenSource();
            var client = emulator.Client();
            var task = client.SendAsync(Get(), cancellation.Token);
            client.Dispose();
            cancellation.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        }
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(-100000)]
    public void ANegativeTimeIsRefused(int milliseconds)
    {
        var time = TimeSpan.FromMilliseconds(milliseconds);
        using var queue = new CompletionQueue();
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.Take(time));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PresenceClient(new PresenceClientOptions { Timeout = time }));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void ANegativeNumberOfAttemptsIsRefused(int attempts) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PresenceClient(new PresenceClientOptions { MaxAttempts = attempts }));

    [Fact]
    public void QueryAndHeadersMayBeNull()
    {
        emulator.Reset();
        using var client = emulator.Client();
        var request = Get();
        (request.Query, request.Headers) = (null!, null!);
        Assert.Equal(200, client.Send(request).HttpStatus);
    }

    [Theory]
    [InlineData(Operation.GetPresence, 1)]
    [InlineData(Operation.GetPresence, -1)]
    [InlineData(Operation.SetPresence, 0)]
    public void APresenceThatTheResponseDoesNotHaveIsRefused(Operation operation, int presence)
    {
        emulator.Reset();
        using var client = emulator.Client();
        var request = Get();
        request.Operation = operation;
        if (operation == Operation.SetPresence) request.Body = """{"availability":"Away","activity":"Away"}""";
        request.Options = RequestOptions.DefaultSessionId;
        using var response = client.Send(request);
        Assert.Throws<ArgumentOutOfRangeException>(() => response.Explain(presence));
        Assert.Throws<ArgumentOutOfRangeException>(() => response.WhyNotShown(presence, Operation.SetPresence, "Busy", "InACall"));
        Assert.Throws<ArgumentOutOfRangeException>(() => response.WhyWouldNotShow(presence, Operation.SetPresence, "Busy", "InACall"));
    }

    [Fact]
    public void AShortTimeIsNotTheDefault()
    {
        emulator.Reset();
        emulator.Fault("""{"kind":"delay","delayMs":600000}""");
        using var client = emulator.Client(options => options.Timeout = TimeSpan.FromTicks(1));
        Assert.Equal(Status.Timeout, Assert.Throws<PresenceException>(() => client.Send(Get())).Status);
    }

    [Theory]
    [InlineData(-1)] // Timeout.InfiniteTimeSpan
    [InlineData(365L * 24 * 3600 * 1000)]
    public void AnEndlessWaitEndsWithAWake(long milliseconds)
    {
        using var queue = new CompletionQueue();
        var clock = Stopwatch.StartNew();
        using var timer = new Timer(_ => queue.Wake(), null, 200, Timeout.Infinite);
        Assert.Null(queue.Take(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.InRange(clock.ElapsedMilliseconds, 150, 10_000);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Abandoned()
    {
        emulator.Reset();
        var client = emulator.Client();
        client.SendAsync(Get()).GetAwaiter().GetResult().Dispose();
        return new WeakReference(client);
    }

    private static void WaitUntil(Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); Thread.Sleep(20)) Assert.True(clock.Elapsed < Long);
    }

    // By their name; Linux shows it.
    private static int Pumps() => !Directory.Exists("/proc/self/task") ? 0 : Directory.GetDirectories("/proc/self/task").Count(IsPump);

    private static bool IsPump(string task)
    {
        try { return File.ReadAllText(task + "/comm").StartsWith("MgPresence comp", StringComparison.Ordinal); }
        catch (IOException) { return false; } // it has ended
    }
}
