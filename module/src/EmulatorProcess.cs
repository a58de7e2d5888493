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
using System.Threading;
using MgPresence.Json;

namespace MgPresence;

/// <summary>The output of Start-MgPresenceEmulator.</summary>
public sealed class EmulatorProcess
{
    private static readonly ConcurrentDictionary<int, EmulatorProcess> Running = new();

    // The emulator starts in milliseconds, but a machine under load, or one that scans new programs, takes longer.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private const int MaxErrorOutput = 10_000;
    private const string NoGreeting = "its first line does not say where it listens.";

    private readonly Process process;

    /// <exception cref="FormatException">The greeting is not an emulator's.</exception>
    private EmulatorProcess(Process process, JsonObject greeting)
    {
        string Member(string name) => greeting.Text(name) ?? throw new FormatException();
        Uri Address(string name) => Uri.TryCreate(Member(name), UriKind.Absolute, out var address) ? address : throw new FormatException();

        this.process = process;
        Id = process.Id;
        (Url, Control) = (Address("url"), Address("control"));
        (Token, UserToken, AppId, UserId) = (Member("token"), Member("userToken"), Member("appId"), Member("userId"));
        Running[Id] = this;
    }

    /// <summary>The process.</summary>
    public int Id { get; }

    /// <summary>The address of the emulator, for the -BaseUri of Connect-MgPresence.</summary>
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
    /// <exception cref="OperationCanceledException">Ctrl+C.</exception>
    internal static EmulatorProcess Start(string program, IEnumerable<string> arguments, CancellationToken stop)
    {
        var process = Launch(program, arguments);
        var errorOutput = new StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errorOutput)
                if (errorOutput.Length < MaxErrorOutput) errorOutput.AppendLine(line.Data);
        };
        process.BeginErrorReadLine(); // read as long as it runs, since a full pipe would block it

        string symptom;
        try
        {
            var answer = process.StandardOutput.ReadLineAsync();
            if (!answer.Wait((int)StartTimeout.TotalMilliseconds, stop)) symptom = $"it did not say within {StartTimeout.TotalSeconds} seconds where it listens.";
            else if (answer.Result is not { } line) symptom = "it ended without a message.";
            else if (JsonReader.TryReadObject(line) is { } greeting) return new EmulatorProcess(process, greeting);
            else symptom = NoGreeting;
            if (answer is { IsCompleted: true, Result: null }) process.WaitForExit(); // until its whole error output has been read
        }
        catch (FormatException)
        {
            symptom = NoGreeting;
        }
        catch (OperationCanceledException)
        {
            End(process);
            throw;
        }
        End(process);
        lock (errorOutput) throw new InvalidOperationException($"The emulator did not start: {Reason(errorOutput.ToString()) ?? symptom}");
    }

    private static void End(Process process)
    {
        try { process.Kill(); }
        catch (InvalidOperationException) { } // the process has ended
        process.Dispose();
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
        process.StandardInput.Close(); // the emulator ends at the end of its input
        if (!process.WaitForExit(2000)) process.Kill();
        process.Dispose();
    }

    /// <summary>Finds the program: at MGP_EMULATOR, or else beside the native library, or else on PATH.</summary>
    /// <exception cref="FileNotFoundException">The program is not there.</exception>
    internal static string Find()
    {
        var file = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "mgpresence-emulator.exe" : "mgpresence-emulator";
        if (System.Environment.GetEnvironmentVariable("MGP_EMULATOR") is { Length: > 0 } named)
            return File.Exists(named) ? named : throw new FileNotFoundException($"MGP_EMULATOR is \"{named}\", which is not a file. Correct the variable, or remove it.", named);
        var places = (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(place => place.Length > 0);
        return places.Prepend(Interop.Library.Folder).Select(place => Path.Combine(place, file)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException("There is no mgpresence-emulator beside the native library or on PATH. Set MGP_EMULATOR to the path of the program.");
    }
}
