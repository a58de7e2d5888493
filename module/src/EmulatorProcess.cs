// A running mgpresence-emulator: a Graph presence service on this machine, for trying a script before a tenant does.

using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using MgPresence.Json;

namespace MgPresence;

/// <summary>What Start-MgPresenceEmulator gives.</summary>
public sealed class EmulatorProcess
{
    private static readonly ConcurrentDictionary<int, EmulatorProcess> Running = new();

    // It answers in milliseconds; a machine under load, or one that scans new programs, takes longer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int MostSaid = 10_000;

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
    /// <exception cref="InvalidOperationException">It did not start; the message has what it said.</exception>
    internal static EmulatorProcess Start(string program, IEnumerable<string> arguments)
    {
        var process = Launch(program, arguments);
        var said = new StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (said)
                if (said.Length < MostSaid) said.AppendLine(line.Data);
        };
        process.BeginErrorReadLine(); // for as long as it runs: a pipe that is not read would block it when full

        var answer = process.StandardOutput.ReadLineAsync();
        var isLate = !answer.Wait(Patience);
        if (!isLate && JsonReader.TryReadObject(answer.Result ?? "") is { } greeting) return new EmulatorProcess(process, greeting);

        var hasEnded = !isLate && answer.Result is null;
        if (hasEnded) process.WaitForExit(); // until all that it said has been read
        else process.Kill();
        process.Dispose();
        var without = isLate ? $"it did not say within {Patience.TotalSeconds} seconds where it listens"
            : hasEnded ? "it ended without a word"
            : "its first line does not say where it listens";
        lock (said) throw new InvalidOperationException($"The emulator did not start: {Reason(said.ToString()) ?? without}");
    }

    private static Process Launch(string program, IEnumerable<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, CommandLine.Join(arguments.Prepend("--until-stdin-closes")))
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception failure) // it may not be run, or is no program
        {
            throw new InvalidOperationException($"The emulator did not start: {failure.Message}", failure);
        }
    }

    // The first paragraph; what follows it is about the command line, which a user of the cmdlet does not see.
    private static string? Reason(string said)
    {
        var first = said.Trim().Replace("\r", "").Split(["\n\n"], StringSplitOptions.None)[0];
        return first.Length == 0 ? null : Regex.Replace(first, @"^(mgpresence-emulator|error):\s*|\s*\n\s*", match => match.Index == 0 ? "" : " ");
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
