// What every cmdlet has that asks Graph: Microsoft's common parameters, and the record loop.
// The loop: for each target ask ShouldProcess, submit, and write what is done in the order of the inputs.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Security;
using System.Security.Authentication;
using MgPresence.Interop;
using MgPresence.Json;

namespace MgPresence.Cmdlets;

/// <summary>A cmdlet that sends a request for each of its targets.</summary>
public abstract class PresenceCmdlet : PSCmdlet, IDisposable
{
    private RequestWindow? window;
    private PresenceClient? client;
    private HashSet<string> named = [];
    private volatile bool isStopped;

    /// <summary>The name of a global variable that receives the headers of the last answer that was a success: a dictionary of arrays, its keys in any case.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Alias("RHV")]
    public string? ResponseHeadersVariable { get; set; }

    /// <summary>Headers of your own as a dictionary. An array is a header for each of its values, $null is none. The token cannot be replaced.</summary>
    [Parameter]
    public IDictionary? Headers { get; set; }

    /// <summary>A token for this call alone, in place of the session's. A SecureString, or text; text stays in the history of the shell and in transcripts. Without Connect-MgPresence it goes to the global cloud.</summary>
    [Parameter]
    [ValidateNotNull]
    [AccessTokenTransformation]
    public SecureString? AccessToken { get; set; }

    /// <summary>Microsoft's; see <see cref="MicrosoftOnly"/>.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter Break { get; set; }

    /// <summary>Microsoft's; see <see cref="MicrosoftOnly"/>.</summary>
    [Parameter(DontShow = true)]
    public object[]? HttpPipelineAppend { get; set; }

    /// <summary>Microsoft's; see <see cref="MicrosoftOnly"/>.</summary>
    [Parameter(DontShow = true)]
    public object[]? HttpPipelinePrepend { get; set; }

    /// <summary>Microsoft's; see <see cref="MicrosoftOnly"/>.</summary>
    [Parameter(DontShow = true)]
    public Uri? Proxy { get; set; }

    /// <summary>Microsoft's; see <see cref="MicrosoftOnly"/>.</summary>
    [Parameter(DontShow = true)]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Microsoft's; see <see cref="MicrosoftOnly"/>.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter ProxyUseDefaultCredentials { get; set; }

    private protected abstract Operation Operation { get; }

    private protected virtual ApiVersion ApiVersion => ApiVersion.V1_0;

    /// <summary>Whether a user is asked before something is sent (-WhatIf, -Confirm).</summary>
    private protected virtual bool IsWrite => false;

    private protected virtual RequestOptions Options => RequestOptions.None;

    /// <summary>Whom the record at hand is about.</summary>
    private protected abstract IEnumerable<Target> Targets();

    /// <summary>The body: a dictionary, a text that is judged by the library, or null.</summary>
    private protected virtual object? Body() => null;

    private protected virtual IReadOnlyList<KeyValuePair<string, string>> Query() => [];

    /// <summary>What has to be asked after the last answer, such as the next page.</summary>
    private protected virtual PresenceRequest? Next(Call call) => null;

    /// <summary>Writes what a call's answers have to show.</summary>
    private protected abstract void WriteResult(Call call);

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        named = [.. MyInvocation.BoundParameters.Keys];
        MicrosoftOnly.Refuse(this);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        object? body;
        string? json;
        try
        {
            body = Body();
            json = body as string ?? (body is null ? null : JsonWriter.Write(body));
        }
        catch (Exception failure) when (failure is ArgumentException or ExtendedTypeSystemException) // the latter of a property that throws
        {
            foreach (var target in Targets()) WriteError(ErrorRecords.For(About(target, null), failure, "InvalidBody", ErrorCategory.InvalidArgument));
            return;
        }

        foreach (var target in Targets())
        {
            if (IsWrite && !ShouldProcess(RouteOf(target), Action)) continue;
            Send(target, body, json);
        }
        if (window is not null) Write(window.Ready());
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (window is not null) Write(window.All());
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        isStopped = true;
        window?.Stop();
    }

    /// <summary>Cancels what is outstanding, whichever way the pipeline ended.</summary>
    public void Dispose()
    {
        window?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether the parameter stands on the command line; its value is then every record's.</summary>
    private protected bool IsNamed(string parameter) => named.Contains(parameter);

    /// <summary>What -WhatIf and an error's activity call this operation: Microsoft's cmdlets are one per parameter set.</summary>
    private string Action => $"{MyInvocation.MyCommand.Name}_{ParameterSetName}";

    private void Send(Target target, object? body, string? json)
    {
        var request = RequestFor(Operation, target);
        request.Body = json;
        request.Query = Query();
        request.Headers = [.. OwnHeaders()];
        request.Options |= Options;
        var call = new Call(target, body, request) { IsWrite = IsWrite, Next = Next };
        try
        {
            client ??= Session.ClientFor(this, AccessToken is not null);
            if (client is null)
            {
                WriteNotConnected(target, body, null);
                return;
            }
            window ??= new RequestWindow(new Narration(this));
            if (isStopped) window.Stop(); // Ctrl+C came before there was a window
            window.Add(client, call);
        }
        catch (RuntimeException failure) when (failure is not PipelineStoppedException) // Microsoft's module is connected and has no token
        {
            WriteNotConnected(target, body, failure);
            return;
        }
        catch (PresenceException failure) // there is a session of Microsoft's that cannot be used here
        {
            WriteFailure(call, failure);
        }
        catch (ArgumentException failure) // a NUL or half a surrogate pair, which no C string can hold
        {
            WriteError(ErrorRecords.For(About(target, body), failure, "InvalidText", ErrorCategory.InvalidArgument));
        }
        if (window is not null) Write(window.Ready());
    }

    /// <summary>A request of this cmdlet about a target, bare of everything that is one operation's own.</summary>
    private protected PresenceRequest RequestFor(Operation operation, Target target) => new()
    {
        Operation = operation,
        ApiVersion = ApiVersion,
        Target = target.Kind,
        TargetId = target.Id,
        AccessToken = AccessToken,
        Options = IsDebug ? RequestOptions.Trace : RequestOptions.None,
    };

    private void Write(IEnumerable<Call> calls)
    {
        foreach (var call in calls)
        {
            foreach (var response in call.Responses) Report(response);
            if (call.Responses.Count > 0)
            {
                if (ResponseHeadersVariable is { } name)
                    SessionState.PSVariable.Set($"global:{name}", ResponseHeaders.ToDictionary(call.Responses[0].Headers));
                WriteResult(call);
            }
            if (call.Error is { } error) WriteFailure(call, error);
            foreach (var response in call.Responses) response.Dispose();
        }
    }

    private protected virtual void WriteFailure(Call call, PresenceException error)
    {
        WriteTrace(error.Trace);
        WriteError(ErrorRecords.For(About(call.Target, call.Body), error));
    }

    private void WriteNotConnected(Target target, object? body, RuntimeException? reason)
    {
        var why = reason is null ? "" : $" (Connect-MgGraph gave no token: {reason.ErrorRecord.Exception.Message})";
        var failure = new AuthenticationException($"Authentication needed. Please call Connect-MgPresence.{why}", reason);
        WriteError(ErrorRecords.For(About(target, body), failure, "NoCredential", ErrorCategory.AuthenticationError));
    }

    private ErrorRecords.Request About(Target target, object? body) => new(target, Headers, body, Action);

    private void Report(PresenceResponse response)
    {
        WriteTrace(response.Trace);
        WarnAsGraphDoes(response);
    }

    private void WarnAsGraphDoes(PresenceResponse response)
    {
        var warnings = response.Headers.Where(header => header.Key.Equals("Warning", StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);
        if (string.Join(", ", warnings) is { Length: > 0 } text) WriteWarning(text);
    }

    private void WriteTrace(string trace)
    {
        if (trace.Length > 0) WriteDebug(trace);
    }

    // The preference of the caller's scope counts, which a cmdlet sees and Microsoft's script functions do not.
    private bool IsDebug => MyInvocation.BoundParameters.TryGetValue("Debug", out var debug)
        ? (SwitchParameter)debug
        : LanguagePrimitives.TryConvertTo<ActionPreference>(GetVariableValue("DebugPreference"), out var preference)
            && preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    private string RouteOf(Target target)
    {
        var route = Operations.Route(Operation, target.Kind) ?? "";
        var (open, close) = (route.IndexOf('{'), route.IndexOf('}'));
        return $"Call remote '{(open < 0 ? route : route.Substring(0, open) + target.Id + route.Substring(close + 1))}' operation";
    }

    /// <summary>The caller's headers. An array is a header for each of its values; $null is none.</summary>
    private protected virtual IEnumerable<KeyValuePair<string, string>> OwnHeaders()
    {
        if (Headers is null) yield break;
        foreach (DictionaryEntry header in Headers)
            foreach (var value in LanguagePrimitives.GetEnumerable(header.Value)?.Cast<object?>() ?? [header.Value])
                if (value is not null) yield return new(Text(header.Key), Text(value));
    }

    private static string Text(object value) => Convert.ToString(value is PSObject wrapped ? wrapped.BaseObject : value, CultureInfo.InvariantCulture) ?? "";
}
