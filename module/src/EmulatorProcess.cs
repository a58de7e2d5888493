// A running mgpresence-emulator: a Graph presence service on this machine, for trying a script before a tenant does.

using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Runtime.InteropServices;
using MgPresence.Json;

namespace MgPresence;

/// <summary>What Start-MgPresenceEmulator gives.</summary>
public sealed class EmulatorProcess
{
    private static readonly ConcurrentDictionary<int, EmulatorProcess> Running = new();

    private readonly Process process;

    private EmulatorProcess(Process process, JsonObject greeting)
    {
        this.process = process;
        Id = process.Id;
        Url = new Uri(greeting.Text("url")!);
        Control = new Uri(greeting.Text("control")!);
        Token = greeting.Text("token")!;
        UserToken = greeting.Text("userToken")!;
        AppId = greeting.Text("appId")!;
        UserId = greeting.Text("userId")!;
        Running[Id] = this;
    }

    /// <summary>The process.</summary>
    public int Id { get; }

    /// <summary>Graph's place: -BaseUri of Connect-MgPresence.</summary>
    public Uri Url { get; }

    /// <summary>The control API: faults, clock, what was received.</summary>
    public Uri Control { get; }

    /// <summary>A token of an application that may write everybody's presence.</summary>
    public string Token { get; }

    /// <summary>A token of the first user, who may write the own presence.</summary>
    public string UserToken { get; }

    /// <summary>The application of the tokens.</summary>
    public string AppId { get; }

    /// <summary>The first user.</summary>
    public string UserId { get; }

    /// <inheritdoc/>
    public override string ToString() => Url.ToString();

    internal static EmulatorProcess[] All => [.. Running.Values];

    /// <summary>Starts one; it ends with this PowerShell at the latest.</summary>
    internal static EmulatorProcess Start(string program, string arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, $"--until-stdin-closes {arguments}")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        return JsonReader.TryReadObject(process.StandardOutput.ReadLine() ?? "") is { } greeting
            ? new EmulatorProcess(process, greeting)
            : throw new InvalidOperationException($"{program} ended before it said where it listens");
    }

    internal void Stop()
    {
        if (!Running.TryRemove(Id, out _)) return;
        process.StandardInput.Close(); // the end of its input is the end of it
        if (!process.WaitForExit(2000)) process.Kill();
        process.Dispose();
    }

    /// <summary>Beside the native library, else named by MGP_EMULATOR, else on PATH; null where it is nowhere.</summary>
    internal static string? Find()
    {
        var file = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "mgpresence-emulator.exe" : "mgpresence-emulator";
        var named = System.Environment.GetEnvironmentVariable("MGP_EMULATOR");
        var places = (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(place => place.Length > 0);
        return new[] { named, Path.Combine(Interop.Library.Folder, file) }
            .Concat(places.Select(place => Path.Combine(place, file)))
            .FirstOrDefault(File.Exists);
    }
}
