using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using System.Threading;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Start-MgPresenceEmulator: a Graph presence service on this machine.</summary>
[Cmdlet(VerbsLifecycle.Start, "MgPresenceEmulator", SupportsShouldProcess = true)]
[OutputType(typeof(EmulatorProcess))]
public sealed class StartMgPresenceEmulator : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource stop = new();

    /// <summary>The users of the emulator, by short name, principal name or object id.</summary>
    [Parameter(Position = 0)]
    public string[]? User { get; set; }

    /// <summary>Answers 404 to requests that update, create or delete a presence, as the live service does.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>The port to listen on. The default is a free port.</summary>
    [Parameter]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    /// <summary>A file to which the emulator appends a line of JSON for each request.</summary>
    [Parameter]
    public string? LogPath { get; set; }

    /// <summary>Connects MgPresence to the emulator as an application.</summary>
    [Parameter]
    public SwitchParameter Connect { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!ShouldProcess("127.0.0.1", MyInvocation.MyCommand.Name)) return;
        var emulator = Start(Program());
        if (Connect) Session.WithToken(AccessTokenTransformationAttribute.Secure(emulator.Token), emulator.Url).MakeCurrent();
        WriteObject(emulator);
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => stop.Cancel();

    /// <inheritdoc/>
    public void Dispose() => stop.Dispose();

    private string Program()
    {
        try
        {
            return EmulatorProcess.Find();
        }
        catch (FileNotFoundException failure)
        {
            ThrowTerminatingError(new ErrorRecord(failure, "NoEmulator", ErrorCategory.ObjectNotFound, failure.FileName));
            throw; // never: the line above does not return
        }
    }

    private EmulatorProcess Start(string program)
    {
        try
        {
            return EmulatorProcess.Start(program, Arguments(), stop.Token);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException)
        {
            ThrowTerminatingError(new ErrorRecord(failure, "EmulatorNotStarted", ErrorCategory.OpenError, program));
            throw; // never: the line above does not return
        }
    }

    // Flag and value in one argument, so that a value that begins with a dash is not taken for a flag.
    private IEnumerable<string> Arguments()
    {
        yield return $"--port={Port}";
        foreach (var user in User ?? []) yield return $"--user={user}";
        if (Strict) yield return "--strict";
        if (LogPath is not null) yield return $"--log={FilePath.Of(this, LogPath)}";
    }
}
