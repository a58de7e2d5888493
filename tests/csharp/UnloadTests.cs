// The assembly in a collectible AssemblyLoadContext, as hosts of plug-ins load it.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Threading;
using MgPresence.Interop;
using Xunit;

namespace MgPresence.Tests;

public sealed class UnloadTests(Emulator emulator) : IClassFixture<Emulator>
{
    [Fact]
    public void AnUnloadWaitsForTheLastLogLine()
    {
        emulator.Reset();
        emulator.Fault("""{"status":503,"headers":{"Retry-After":"1"}}""");
        for (var i = 0; i < 6; i++)
        {
            var context = Unloaded();
            for (var clock = Stopwatch.StartNew(); context.IsAlive; Thread.Sleep(1))
            {
                Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1));
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            for (var later = Stopwatch.StartNew(); later.ElapsedMilliseconds < 1200; GC.Collect()) _ = new byte[100_000]; // in place of what was unloaded
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Unloaded()
    {
        var context = new AssemblyLoadContext("plug-in", isCollectible: true);
        var plugIn = context.LoadFromAssemblyPath(typeof(PresenceClient).Assembly.Location);
        var client = New(plugIn, nameof(PresenceClient), With(New(plugIn, nameof(PresenceClientOptions)), new()
        {
            [nameof(PresenceClientOptions.BaseUrl)] = emulator.Url,
            [nameof(PresenceClientOptions.AllowLoopbackHttp)] = true,
            [nameof(PresenceClientOptions.ProxyUrl)] = "",
            [nameof(PresenceClientOptions.AccessToken)] = Emulator.Secret(emulator.Token),
        }));
        var queue = New(plugIn, nameof(CompletionQueue));
        for (var i = 0; i < 20; i++)
        {
            var request = With(New(plugIn, nameof(PresenceRequest)), new()
            {
                [nameof(PresenceRequest.Operation)] = Operation.GetPresence,
                [nameof(PresenceRequest.Target)] = TargetKind.User,
                [nameof(PresenceRequest.TargetId)] = "adele",
            });
            client.GetType().GetMethod(nameof(PresenceClient.Submit))!.Invoke(client, [request, queue, i]);
        }
        Thread.Sleep(200); // now the requests wait before their second attempt
        ((IDisposable)client).Dispose();
        context.Unload();
        return new WeakReference(context);
    }

    private static object New(Assembly assembly, string name, params object[] arguments) =>
        Activator.CreateInstance(assembly.GetType($"MgPresence.Interop.{name}", throwOnError: true)!, arguments)!;

    private static object With(object made, Dictionary<string, object> values)
    {
        foreach (var (property, value) in values.Select(one => (made.GetType().GetProperty(one.Key)!, one.Value)))
            property.SetValue(made, property.PropertyType.IsEnum ? Enum.ToObject(property.PropertyType, value) : value);
        return made;
    }
}
