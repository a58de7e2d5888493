// A running mgpresence-emulator: a Graph presence service on this machine, to try a script without a tenant.

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
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private const int MaxErrorOutput = 10_000;

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

    /// <summary>Where it listens: the -BaseUri of Connect-MgPresence.</summary>
    public Uri Url { get; }

    /// <summary>The control API: faults, the clock and the requests that were received.</summary>
    public Uri Control { get; }

    /// <summary>A token of an application that may write every user's presence.</summary>
    public string Token { get; }

    /// <summary>A token of the first user, who may write their own presence.</summary>
    public string UserToken { get; }

    /// <summary>The client id of the application that the tokens belong to.</summary>
    public string AppId { get; }

    /// <summary>The object id of the first user.</summary>
    public string UserId { get; }

    /// <inheritdoc/>
    public override string ToString() => Url.ToString();

    internal static EmulatorProcess[] All => [.. Running.Values];

    /// <summary>Starts an emulator, which ends with this PowerShell at the latest.</summary>
    /// <exception cref="InvalidOperationException">It did not start; the message has its error output.</exception>
    internal static EmulatorProcess Start(string program, IEnumerable<string> arguments)
    {
        var process = Launch(program, arguments);
        var errorOutput = new StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errorOutput)
                if (errorOutput.Length < MaxErrorOutput) errorOutput.AppendLine(line.Data);
        };
        process.BeginErrorReadLine(); // for as long as it runs: a pipe that is not read would block it when full

        var answer = process.StandardOutput.ReadLineAsync();
        var isLate = !answer.Wait(StartTimeout);
        if (!isLate && JsonReader.TryReadObject(answer.Result ?? "") is { } greeting) return new EmulatorProcess(process, greeting);

        var hasEnded = !isLate && answer.Result is null;
        if (hasEnded) process.WaitForExit(); // until its whole error output has been read
        else process.Kill();
        process.Dispose();
        var symptom = isLate ? $"it did not say within {StartTimeout.TotalSeconds} seconds where it listens."
            : hasEnded ? "it ended without a message."
            : "its first line does not say where it listens.";
        lock (errorOutput) throw new InvalidOperationException($"The emulator did not start: {Reason(errorOutput.ToString()) ?? symptom}");
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
        catch (Win32Exception failure) // a file that may not be run, or that is not a program
        {
            throw new InvalidOperationException($"The emulator did not start: {failure.Message}", failure);
        }
    }

    // The first paragraph; what follows it is about the command line, which a user of the cmdlet does not see.
    private static string? Reason(string errorOutput)
    {
        var first = errorOutput.Trim().Replace("\r", "").Split(["\n\n"], StringSplitOptions.None)[0];
        return first.Length == 0 ? null : Regex.Replace(first, @"^(mgpresence-emulator|error):\s*|\s*\n\s*", match => match.Index == 0 ? "" : " ");
    }

    internal void Stop()
    {
        if (!Running.TryRemove(Id, out _)) return;
        process.StandardInput.Close(); // the end of its input is the end of it
        if (!process.WaitForExit(2000)) process.Kill();
        process.Dispose();
    }

    /// <summary>Named by MGP_EMULATOR, else beside the native library, else on PATH; null where it is not found.</summary>
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
