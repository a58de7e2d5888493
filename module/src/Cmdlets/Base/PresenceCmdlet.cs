// The base of every cmdlet that calls Graph: Microsoft's common parameters, and the record loop. For each target, the loop calls
// ShouldProcess, submits the request, and writes the results in the order of the inputs.

using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Security;
using System.Security.Authentication;
using MgPresence.Interop;
using MgPresence.Json;
using MgPresence.SignIn;

namespace MgPresence.Cmdlets;

/// <summary>A cmdlet that sends a request for each of its targets.</summary>
public abstract class PresenceCmdlet : PSCmdlet, IDisposable
{
    private RequestWindow? window;
    private OutputVariable? headersVariable;
    private ResumeFile? resume;
    private string? resumePlace;
    private Session? session;
    private Session? connected;
    private PresenceClient? client;
    private Preferences preferences;
    private HostCalls? hostCalls;
    private HashSet<string> onCommandLine = [];
    private readonly List<SessionClients> entered = [];
    private volatile bool isStopped;

    /// <summary>The name of a global variable that receives the response headers of the last successful request: a dictionary of arrays, with keys in any case.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Alias("RHV", "R", "Re", "Res")] // the short ones keep Microsoft's -R beside our -ResumeFile
    public string? ResponseHeadersVariable { get; set; }

    /// <summary>The name of a variable that receives a summary of the pipeline: how many inputs succeeded, failed and were skipped, how often requests were sent again, how often Graph answered 429, how long it took, and the rate. The variable is set at the start, so that it also tells of a pipeline that was stopped.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SummaryVariable { get; set; }

    /// <summary>Your own request headers, as a dictionary. An array sends a header for each of its values; $null sends none. You cannot replace the token.</summary>
    [Parameter]
    [HeadersTransformation]
    public IDictionary? Headers { get; set; }

    /// <summary>A token for this call only, instead of the session's token. Give a SecureString: text is accepted, but it stays in the history of the shell and in transcripts. Without a session, the call goes to the global cloud.</summary>
    [Parameter]
    [ValidateNotNull]
    [AccessTokenTransformation]
    public SecureString? AccessToken { get; set; }

    /// <summary>The session to use for this call, instead of the one that was connected last: what Connect-MgPresence -PassThru returned.</summary>
    [Parameter]
    [ValidateNotNull]
    public PresenceContext? Context { get; set; }

    /// <summary>Microsoft's; see <see cref="MicrosoftOnly"/>.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter Break { get; set; }

    /// <summary>Microsoft's; see <see cref="MicrosoftOnly"/>.</summary>
    [Parameter(DontShow = true)]
    public object[]? HttpPipelineAppend { get; set; }

    /// <summary>Microsoft's; see <see cref="MicrosoftOnly"/>.</summary>
    [Parameter(DontShow = true)]
    public object[]? HttpPipelinePrepend { get; set; }

    /// <summary>The URL of an HTTP proxy for this call, instead of the session's or the system's proxy. Use '' for a direct connection. A connection over plain http, which is allowed on this machine only, does not use a proxy; the cmdlet then warns and ignores the parameter.</summary>
    [Parameter]
    [ProxyTransformation]
    public Uri? Proxy { get; set; }

    /// <summary>The user name and password for -Proxy, or for the proxy of Connect-MgPresence. They are sent as Basic authentication.</summary>
    [Parameter]
    [SecretTransformation(typeof(PSCredential), "Get-Credential")]
    public PSCredential? ProxyCredential { get; set => field = value == PSCredential.Empty ? null : value; }

    /// <summary>Accepted so that existing scripts run, but it has no effect. The library signs in to a proxy with -ProxyCredential only, not as the Windows user.</summary>
    [Parameter]
    public SwitchParameter ProxyUseDefaultCredentials { get; set; }

    private protected abstract Operation Operation { get; }

    private protected virtual ApiVersion ApiVersion => ApiVersion.V1_0;

    /// <summary>Whether the cmdlet asks before it sends something (-WhatIf, -Confirm).</summary>
    private protected virtual bool AsksFirst => false;

    /// <summary>Whether the cmdlet changes something, so that the calls for one user keep their order.</summary>
    private protected virtual bool IsWrite => false;

    private protected virtual RequestOptions Options => RequestOptions.None;

    /// <summary>The targets of the current record.</summary>
    private protected abstract Target[] Targets();

    /// <summary>The body: a dictionary, a text that the library checks, or null.</summary>
    private protected virtual object? Body() => null;

    private protected virtual IList<KeyValuePair<string, string>> Query() => [];

    /// <summary>Creates the request that follows from a response, such as the next page; null if there is never one.</summary>
    private protected virtual Func<Call, PresenceRequest?>? Next => null;

    /// <summary>The pair that the current record asks about for a user.</summary>
    private protected virtual (string Availability, string Activity)? PairFor(Target target) => null;

    /// <summary>How many inputs a request with this body is for.</summary>
    private protected virtual int InputsIn(object? body) => 1;

    /// <summary>Whether each response is written when it arrives, and not with the last one.</summary>
    private protected virtual bool IsPaged => false;

    /// <summary>-ResumeFile, if the cmdlet has it.</summary>
    private protected virtual string? ResumePath => null;

    private RequestSummary Summary { get; } = new();

    /// <summary>Writes what a call's answers have to show, those of a page each time one has come.</summary>
    private protected abstract void WriteResult(Call call);

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        onCommandLine = [.. MyInvocation.BoundParameters.Keys];
        MicrosoftOnly.Refuse(this);
        preferences = new Preferences(this, AsksFirst);
        if (SummaryVariable is { } summary) new OutputVariable(this, nameof(SummaryVariable), summary, Summary).Set(Summary);
        if (ResponseHeadersVariable is { } headers)
            headersVariable = new OutputVariable(this, nameof(ResponseHeadersVariable), OutputVariable.Global(headers), ResponseHeaders.ToDictionary([]));
        if (ResumePath is { } path) OpenResumeFile(path);
        if (ProxyCredential is null || Proxy is not null || Session.Of(Context)?.HasProxy == true) return;
        ThrowTerminatingError(new ErrorRecord(
            new ArgumentException("-ProxyCredential requires a proxy. Add -Proxy, or connect with Connect-MgPresence -Proxy."),
            "NoProxy", ErrorCategory.InvalidArgument, null));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        object? body = null;
        string? json = null;
        Exception? fault = null;
        try
        {
            body = Body();
            json = body as string ?? (body is null ? null : JsonWriter.Write(body));
        }
        catch (Exception failure) when (failure is not PipelineStoppedException) // a property or a list of the caller's may throw anything
        {
            (body, fault) = (null, failure);
        }
        var targets = Targets();
        Window.BeginInput(targets.Length);
        foreach (var target in targets) Process(target, body, json, fault);
        Window.EndInput();
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Window.WriteAll();

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        isStopped = true;
        window?.Stop();
    }

    /// <summary>Cancels outstanding requests, however the pipeline ended.</summary>
    public void Dispose()
    {
        window?.Dispose();
        resume?.Dispose();
        Summary.Complete();
        entered.ForEach(clients => clients.Leave());
        entered.Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether the parameter is on the command line, so that its value applies to every record.</summary>
    private protected bool IsNamed(string parameter) => onCommandLine.Contains(parameter);

    /// <summary>The name of this operation for -WhatIf and for an error's activity. Microsoft has one cmdlet per parameter set.</summary>
    private string Action => $"{MyInvocation.MyCommand.Name}_{ParameterSetName}";

    private RequestWindow Window
    {
        get
        {
            window ??= new RequestWindow(IsOneByOne, new RequestProgress(this, preferences, Summary), Summary, resume, Write, () => hostCalls?.Run(this));
            if (isStopped) window.Stop(); // Ctrl+C may come before there is a window
            return window;
        }
    }

    // Refuses or sends one input for one user. Its result is written after the results of earlier inputs.
    private void Process(Target target, object? body, string? json, Exception? bodyFault)
    {
        if (target.Fault is { } targetFault) Refuse(target, null, new ArgumentException(targetFault), "InvalidId");
        else if (bodyFault is not null) Refuse(target, null, bodyFault, "InvalidBody");
        else
        {
            var call = new Call(target, body, IsWrite) { Next = Next, IsPaged = IsPaged, Pair = PairFor(target), Inputs = InputsIn(body) };
            if (IsConfirmed(call, json)) return;
            if (MaySend(target, body)) Send(call, json);
            else if (preferences.IsWhatIf && resume is not null && IsAccepted(target, json)) resume.Send(call); // a run without -WhatIf would send it
        }
    }

    // An earlier run has sent the input, and Graph has confirmed it.
    private bool IsConfirmed(Call call, string? json)
    {
        if (resume is null || FindSession() is not { } session) return false;
        call.ResumeKey = KeyOf(session, call, json);
        if (!resume.Skips(call)) return false;
        Summary.Skip();
        WriteVerbose($"{call.Target.Id ?? "me"}: skipped, since {ResumePath} says that it succeeded");
        return true;
    }

    private ResumeKey KeyOf(Session session, Call call, string? json) =>
        new(Operation, resumePlace ??= ResumeKey.PlaceOf(session.Context, AccessToken), call.Target.Id, json);

    // Without a session nothing is sent, and Send reports why, unless it finds one.
    private Session? FindSession()
    {
        try
        {
            return SessionForCall();
        }
        catch (Exception failure) when (failure is AuthenticationException or PresenceException)
        {
            return null;
        }
    }

    private bool IsAccepted(Target target, string? json)
    {
        try
        {
            FirstRequest(target, json).Check();
            return true;
        }
        catch (Exception failure) when (failure is PresenceException or ArgumentException)
        {
            return false;
        }
    }

    private bool MaySend(Target target, object? body) => !preferences.MayAsk || ShouldProcess(IntentFor(target, body), Action);

    private void Send(Call call, string? json)
    {
        var (target, body) = (call.Target, call.Body);
        try
        {
            var client = ClientForCall();
            var request = FirstRequest(target, json);
            if (resume is not null)
            {
                call.ResumeKey ??= KeyOf(connected!, call, json);
                request.Check(); // what is refused is not sent, and voids no confirmation
            }
            Window.Add(client, call, request);
        }
        catch (AuthenticationException failure)
        {
            Refuse(target, body, failure, "NoCredential", ErrorCategory.AuthenticationError);
        }
        catch (PresenceException failure) // also a proxy or a session of Microsoft's module that cannot be used
        {
            call.Fail(failure);
            Window.AddRefused(call);
        }
        catch (ArgumentException failure) // a NUL or half a surrogate pair, which a C string cannot hold
        {
            Refuse(target, body, failure, "InvalidText");
        }
    }

    /// <summary>The client of this call's session and proxy.</summary>
    /// <exception cref="AuthenticationException">There is no session, or Microsoft's module is connected and gives no token.</exception>
    /// <exception cref="PresenceException">The session or the proxy cannot be used.</exception>
    private PresenceClient ClientForCall()
    {
        var session = SessionForCall();
        if (client is not null && session == connected) return client;
        var clients = session.Enter();
        entered.Add(clients);
        client = Session.ClientFor(this, clients, new ProxyOverride(Proxy, ProxyCredential));
        Summary.Follow(client);
        (connected, hostCalls) = (session, session.HostCalls);
        return client;
    }

    /// <summary>
    /// The session that all inputs use. It is found once, since the key of an input in a resume file contains the session; but one of
    /// Microsoft's module is found anew when its token ends.
    /// </summary>
    /// <exception cref="AuthenticationException">There is none, or Microsoft's module is connected and gives no token.</exception>
    /// <exception cref="PresenceException">That of Microsoft's module cannot be used.</exception>
    private Session SessionForCall()
    {
        try
        {
            if (session is { IsStale: true }) session = null;
            return session ??= Session.For(this, Context, AccessToken is not null) ?? throw NotConnected(null);
        }
        catch (RuntimeException failure) when (failure is not PipelineStoppedException)
        {
            throw NotConnected(failure);
        }
    }

    private PresenceRequest FirstRequest(Target target, string? json)
    {
        var request = RequestFor(Operation, target);
        request.Body = json;
        request.Query = Query();
        request.Options |= Options;
        return request;
    }

    /// <summary>Creates the error for an input that does not name a user.</summary>
    private protected void Refuse(string fault) => Process(new Target(TargetKind.Me, null, null, fault), null, null, null);

    private void Refuse(Target target, object? body, Exception fault, string id, ErrorCategory category = ErrorCategory.InvalidArgument)
    {
        var call = new Call(target, body);
        call.Refuse(ErrorRecords.For(About(target, body), fault, id, category));
        Window.AddRefused(call);
    }

    /// <summary>A request for a target, with everything that all operations have in common.</summary>
    private protected PresenceRequest RequestFor(Operation operation, Target target)
    {
        var request = new PresenceRequest
        {
            Operation = operation,
            ApiVersion = ApiVersion,
            Target = target.Kind,
            TargetId = target.Id,
            AccessToken = AccessToken,
            Options = preferences.IsDebug ? RequestOptions.Trace : RequestOptions.None,
        };
        foreach (var header in OwnHeaders()) request.Headers.Add(header);
        return request;
    }

    // Writes the result of a call, or one page of it.
    private void Write(Call call)
    {
        foreach (var response in call.Responses)
        {
            WriteTrace(response.Trace);
            WriteGraphWarnings(response);
        }
        if (call.Responses.Count > 0)
        {
            headersVariable?.Set(ResponseHeaders.ToDictionary(call.Responses[0].Headers));
            WriteResult(call);
        }
        if (call.Error is { } error)
        {
            if (error.HttpStatus == 401 && AccessToken is null) session?.Refuse();
            WriteTrace(error.Trace);
            WriteFailure(call, error);
        }
        if (call.Refusal is { } refusal) WriteError(refusal);
        call.ForgetResponses();
    }

    private protected virtual void WriteFailure(Call call, PresenceException error) =>
        WriteError(ErrorRecords.For(About(call.Target, call.Body), error));

    private static AuthenticationException NotConnected(RuntimeException? reason)
    {
        var why = reason is null ? "" : $" (Connect-MgGraph did not return a token: {reason.ErrorRecord.Exception.Message})";
        return new AuthenticationException(Session.Needed + why, reason);
    }

    private ErrorRecords.Request About(Target target, object? body) => new(target, Headers, body, Action);

    private void WriteGraphWarnings(PresenceResponse response)
    {
        if (!response.HasWarning) return;
        var warnings = response.Headers.Where(header => header.Key.Equals("Warning", StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);
        if (string.Join(", ", warnings) is { Length: > 0 } text) WriteWarning(text);
    }

    private void WriteTrace(string trace)
    {
        if (trace.Length > 0) WriteDebug(trace);
    }

    // Nothing behind an input may have been sent then.
    private bool IsOneByOne => preferences.IsOneByOne || ResponseHeadersVariable is not null;

    private void OpenResumeFile(string path)
    {
        try
        {
            resume = new ResumeFile(FilePath.Of(this, path), preferences.IsWhatIf,
                failure => WriteError(new ErrorRecord(failure, "ResumeFile", ErrorCategory.WriteError, path)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            ThrowTerminatingError(new ErrorRecord(failure, "ResumeFile", ErrorCategory.OpenError, path));
        }
    }

    // Microsoft's text, and then the user and the change.
    private string IntentFor(Target target, object? body)
    {
        var route = Operations.Route(Operation, target.Kind) ?? "";
        var (open, close) = (route.IndexOf('{'), route.IndexOf('}'));
        var who = target.Id ?? (route.Contains("/me/") ? "me" : null);
        var intent = BodySummary.Of(who, body as JsonObject) is { } summary ? $" ({summary})" : "";
        return $"Call remote '{(open < 0 ? route : route.Substring(0, open) + target.Id + route.Substring(close + 1))}' operation{intent}";
    }

    /// <summary>The caller's headers. An array becomes a header for each of its values; $null becomes none.</summary>
    private protected virtual IEnumerable<KeyValuePair<string, string>> OwnHeaders()
    {
        if (Headers is null) yield break;
        foreach (DictionaryEntry header in Headers)
            foreach (var value in HeaderValues.Of(header.Value)) yield return new(HeaderValues.Text(header.Key), value);
    }
}
