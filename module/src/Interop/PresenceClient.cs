// A client of Graph, and the ways to send a request. Threads can share it.

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Security;
using System.Threading;
using System.Threading.Tasks;

namespace MgPresence.Interop;

/// <summary>The options of a client. Null and zero are the library's defaults.</summary>
public sealed class PresenceClientOptions
{
    /// <summary>The name of the cloud: Global, USGov, USGovDoD or BleuCloud.</summary>
    public string? Cloud { get; set; }

    /// <summary>The scheme, host and port to use instead of the cloud's address.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>Allows plain http for a base URL on loopback.</summary>
    public bool AllowLoopbackHttp { get; set; }

    /// <summary>A bearer token for every request without a token of its own.</summary>
    public SecureString? AccessToken { get; set; }

    /// <summary>The source of tokens; overrides <see cref="AccessToken"/>.</summary>
    public PresenceCredential? Credential { get; set; }

    /// <summary>The URL of a proxy; "" for no proxy, null for the system's.</summary>
    public string? ProxyUrl { get; set; }

    /// <summary>The path of a PEM file with certificates to trust in addition to the system's.</summary>
    public string? CaFile { get; set; }

    /// <summary>The User-Agent header.</summary>
    public string? UserAgent { get; set; }

    /// <summary>The longest wait for a response, including retries.</summary>
    public TimeSpan Timeout { get; set; }

    /// <summary>The most times that a request is sent.</summary>
    public int MaxAttempts { get; set; }

    /// <summary>The limit of requests of the application within 30 s, for batched requests; 0 for no limit, null to find the limit.</summary>
    public uint? RequestsPer30Seconds { get; set; }

    /// <summary>The longest total wait between the attempts of one request.</summary>
    public TimeSpan RetryBudget { get; set; }

    /// <summary>The longest wait before the second attempt, if Graph does not ask for a longer one.</summary>
    public TimeSpan RetryDelay { get; set; }

    /// <summary>The environment variables as NAME=value, which may name a proxy; null for those of the process.</summary>
    public IReadOnlyList<string>? Environment { get; set; }

    /// <summary>A copy of the options.</summary>
    public PresenceClientOptions Copy() => (PresenceClientOptions)MemberwiseClone();

    /// <summary>A copy of the options with another proxy.</summary>
    public PresenceClientOptions With(string proxyUrl)
    {
        var copy = Copy();
        copy.ProxyUrl = proxyUrl;
        return copy;
    }
}

/// <summary>Sends requests.</summary>
public sealed class PresenceClient : IDisposable
{
    private const uint AllowLoopbackHttp = 1; // MGP_CLIENT_ALLOW_LOOPBACK_HTTP
    private const uint NoThrottle = uint.MaxValue; // MGP_THROTTLE_NONE

    private readonly ClientHandle handle;
    private readonly CredentialHandle? credential;
    private readonly object gate = new();
    private CompletionPump? pump; // created with the first task
    private bool isDisposed;

    /// <summary>Creates a client. Nothing is sent before the first request.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A time or a number is negative.</exception>
    /// <exception cref="ObjectDisposedException">The credential was disposed of.</exception>
    public unsafe PresenceClient(PresenceClientOptions options)
    {
        options.Required(nameof(options));
        if (options.MaxAttempts < 0) throw new ArgumentOutOfRangeException(nameof(options.MaxAttempts), options.MaxAttempts, "A number of attempts cannot be negative.");
        Library.EnsureLoaded();
        using var arena = new Utf8Arena();
        using var ofToken = options is { Credential: null, AccessToken: { } token } ? PresenceCredential.FromToken(token) : null;
        var native = new NativeClientOptions
        {
            StructSize = (uint)sizeof(NativeClientOptions),
            Flags = options.AllowLoopbackHttp ? AllowLoopbackHttp : 0,
            Cloud = arena.Copy(options.Cloud),
            BaseUrl = arena.Copy(options.BaseUrl),
            ProxyUrl = arena.Copy(options.ProxyUrl),
            CaFile = arena.Copy(options.CaFile),
            UserAgent = arena.Copy(options.UserAgent),
            TimeoutMs = Milliseconds.Of(options.Timeout),
            MaxAttempts = (uint)options.MaxAttempts,
            ThrottleCeiling = options.RequestsPer30Seconds is 0 ? NoThrottle : options.RequestsPer30Seconds ?? 0,
            RetryDelayMs = Milliseconds.Of(options.RetryDelay),
            RetryBudgetMs = Milliseconds.Of(options.RetryBudget),
            Environment = arena.Copy(options.Environment, out var variables),
            EnvironmentCount = variables,
            LogLevel = RetryNotes.LogLevel,
            Log = RetryNotes.Callback,
        };
        var log = RetryNotes.Lend();
        (native.LogUser, native.LogDrop) = (GCHandle.ToIntPtr(log), CredentialCallbacks.Drop);
        var isCreated = false;
        try
        {
            credential = (options.Credential ?? ofToken)?.Handle.Share();
            if (credential is not null) native.Credential = credential.DangerousGetHandle();
            var status = NativeMethods.mgp_client_new(native, out handle, out var error);
            isCreated = status == Status.Ok;
            PresenceException.ThrowUnlessOk(status, error);
        }
        finally
        {
            if (!isCreated)
            {
                log.Free(); // else the library owns it
                credential?.LetGo();
            }
        }
    }

    /// <summary>Ends the thread of tasks when the client is collected.</summary>
    ~PresenceClient() => pump?.Dispose();

    internal ClientHandle Handle => handle;

    /// <summary>The claims of the token, as JSON: clientId, tenantId, account, scopes, roles, expires; <c>{}</c> without a token.</summary>
    /// <exception cref="ObjectDisposedException">The client and its credential were disposed of.</exception>
    public string About => credential?.About ?? "{}";

    /// <summary>Sends a request and blocks until the response arrives.</summary>
    public PresenceResponse Send(PresenceRequest request)
    {
        using var arena = new Utf8Arena();
        PresenceException.ThrowUnlessOk(
            NativeMethods.mgp_send(handle, request.Required(nameof(request)).ToNative(arena), out var response, out var error), error);
        return PresenceResponse.Take(response);
    }

    /// <summary>Sends a request as a task. Cancelling the task cancels the request.</summary>
    public async Task<PresenceResponse> SendAsync(PresenceRequest request, CancellationToken cancellation = default) =>
        await Pump().Send(this, request.Required(nameof(request)), cancellation).ConfigureAwait(false);

    /// <summary>Submits a request and returns at once. <paramref name="queue"/> delivers the result with <paramref name="tag"/>.</summary>
    /// <returns>The number of the operation, for <see cref="Cancel"/>.</returns>
    public ulong Submit(PresenceRequest request, CompletionQueue queue, int tag)
    {
        using var arena = new Utf8Arena();
        PresenceException.ThrowUnlessOk(
            NativeMethods.mgp_submit(handle, request.Required(nameof(request)).ToNative(arena), queue.Required(nameof(queue)).Handle, (IntPtr)tag, IntPtr.Zero, out var operation, out var error),
            error);
        return operation;
    }

    /// <summary>Like <see cref="Submit"/>, but returns false if the client has its maximum of requests.</summary>
    /// <returns>Whether the request was submitted. If not, take completions, and try again.</returns>
    public bool TrySubmit(PresenceRequest request, CompletionQueue queue, int tag)
    {
        try
        {
            Submit(request, queue, tag);
            return true;
        }
        catch (PresenceException full) when (full.Status == Status.Full)
        {
            return false;
        }
    }

    /// <summary>Sends the requests that were submitted with <see cref="RequestOptions.Batch"/>, without waiting for full batches.</summary>
    public void Flush() => NativeMethods.mgp_flush(handle);

    /// <summary>The number of responses with status 429 so far, to requests and to operations in batches.</summary>
    public ulong Throttled => Statistics().Throttled;

    /// <summary>How many batched requests wait because the application has sent as many as it may within 30 s, and that limit; null if none does.</summary>
    public (uint Requests, uint Limit)? Held =>
        Statistics() is { Waiting: > 0, ThrottleLimit: > 0 } now && now.ThrottleUsed >= now.ThrottleLimit ? (now.Waiting, now.ThrottleLimit) : null;

    private unsafe NativeClientStatistics Statistics()
    {
        var statistics = new NativeClientStatistics { StructSize = (uint)sizeof(NativeClientStatistics) };
        PresenceException.ThrowUnlessOk(NativeMethods.mgp_client_stats(handle, ref statistics, out var error), error);
        return statistics;
    }

    /// <summary>Cancels an operation. Does nothing if it has ended.</summary>
    public void Cancel(ulong operation) => NativeMethods.mgp_cancel(handle, operation);

    /// <summary>Releases the client. Tasks under way are cancelled; requests that were submitted to a queue continue.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (!isDisposed) credential?.LetGo();
            isDisposed = true;
            pump?.Dispose();
        }
        handle.Dispose();
        GC.SuppressFinalize(this);
    }

    private CompletionPump Pump()
    {
        lock (gate) return isDisposed ? throw new ObjectDisposedException(nameof(PresenceClient)) : pump ??= new CompletionPump();
    }
}
