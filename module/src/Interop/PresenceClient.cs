// A client of Graph: where it is, who asks, and the ways to send a request. Shared by threads.

using System;
using System.Security;
using System.Threading;
using System.Threading.Tasks;

namespace MgPresence.Interop;

/// <summary>What a client is made of. What is null or zero takes the library's default.</summary>
public sealed class PresenceClientOptions
{
    /// <summary>A cloud by name: Global, USGov, …</summary>
    public string? Cloud { get; set; }

    /// <summary>The scheme, host and port to use instead of the cloud's address.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>Takes http for a base URL on this machine.</summary>
    public bool AllowLoopbackHttp { get; set; }

    /// <summary>A bearer token for every request that brings none.</summary>
    public SecureString? AccessToken { get; set; }

    /// <summary>Where tokens come from; takes the place of <see cref="AccessToken"/>.</summary>
    public PresenceCredential? Credential { get; set; }

    /// <summary>A proxy; "" for none, null for the system's.</summary>
    public string? ProxyUrl { get; set; }

    /// <summary>Certificates (PEM) that are trusted beside the system's.</summary>
    public string? CaFile { get; set; }

    /// <summary>The User-Agent header.</summary>
    public string? UserAgent { get; set; }

    /// <summary>Longest wait for one answer.</summary>
    public TimeSpan Timeout { get; set; }

    /// <summary>How often a request is sent at most.</summary>
    public int MaxAttempts { get; set; }

    /// <summary>How many requests within 30 s batched requests may make of the application, together with all others; 0 for no limit, null to find it.</summary>
    public uint? RequestsPer30Seconds { get; set; }

    /// <summary>How long the waits between the attempts of one request may take together.</summary>
    public TimeSpan RetryBudget { get; set; }

    /// <summary>The longest wait before the second attempt, where Graph does not ask for another.</summary>
    public TimeSpan RetryDelay { get; set; }

    /// <summary>The same options in an object of their own.</summary>
    public PresenceClientOptions Copy() => (PresenceClientOptions)MemberwiseClone();

    /// <summary>The same options with another proxy.</summary>
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
    private readonly PresenceCredential? credential;
    private readonly object gate = new();
    private CompletionPump? pump; // made with the first task
    private bool isDisposed;

    /// <summary>Makes a client; connects to nothing.</summary>
    /// <exception cref="ObjectDisposedException">The credential was disposed of.</exception>
    public unsafe PresenceClient(PresenceClientOptions options)
    {
        Library.EnsureLoaded();
        using var arena = new Utf8Arena();
        credential = options.Credential ?? (options.AccessToken is { } token ? PresenceCredential.FromToken(token) : null);
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
            LogLevel = RetryNotes.LogLevel,
            Log = RetryNotes.Callback,
        };
        var isLent = false;
        try
        {
            credential?.Handle.DangerousAddRef(ref isLent); // for this call: the client then has a reference of its own
            if (isLent) native.Credential = credential!.Handle.DangerousGetHandle();
            PresenceException.ThrowUnlessOk(NativeMethods.mgp_client_new(native, out handle, out var error), error);
        }
        finally
        {
            if (isLent) credential!.Handle.DangerousRelease();
        }
    }

    /// <summary>The thread of tasks ends with a client that nobody has any more.</summary>
    ~PresenceClient() => pump?.Dispose();

    internal ClientHandle Handle => handle;

    /// <summary>What the token says of itself, as JSON: clientId, tenantId, account, scopes, roles, expires; <c>{}</c> without a token.</summary>
    public string About => credential?.About ?? "{}";

    /// <summary>Sends and waits for the answer.</summary>
    public PresenceResponse Send(PresenceRequest request)
    {
        using var arena = new Utf8Arena();
        PresenceException.ThrowUnlessOk(
            NativeMethods.mgp_send(handle, request.ToNative(arena), out var response, out var error), error);
        return PresenceResponse.Take(response);
    }

    /// <summary>Sends as a task. Cancelling it ends the request.</summary>
    public async Task<PresenceResponse> SendAsync(PresenceRequest request, CancellationToken cancellation = default) =>
        await Pump().Send(this, request, cancellation).ConfigureAwait(false);

    /// <summary>Sends without waiting: the answer comes out of <paramref name="queue"/> with <paramref name="tag"/>.</summary>
    /// <returns>The operation's id, for <see cref="Cancel"/>.</returns>
    public ulong Submit(PresenceRequest request, CompletionQueue queue, int tag)
    {
        using var arena = new Utf8Arena();
        PresenceException.ThrowUnlessOk(
            NativeMethods.mgp_submit(handle, request.ToNative(arena), queue.Handle, (IntPtr)tag, IntPtr.Zero, out var operation, out var error),
            error);
        return operation;
    }

    /// <summary>As <see cref="Submit"/>, but returns false where that would fail because the client has as many requests as it takes.</summary>
    /// <returns>Whether it was taken. If not, take completions, and try again.</returns>
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

    /// <summary>Sends what was submitted with <see cref="RequestOptions.Batch"/> without waiting for fuller batches.</summary>
    public void Flush() => NativeMethods.mgp_flush(handle);

    /// <summary>How many requests, and operations in batches, were answered with 429 so far.</summary>
    public unsafe ulong Throttled
    {
        get
        {
            var statistics = new NativeClientStatistics { StructSize = (uint)sizeof(NativeClientStatistics) };
            PresenceException.ThrowUnlessOk(NativeMethods.mgp_client_stats(handle, ref statistics, out var error), error);
            return statistics.Throttled;
        }
    }

    /// <summary>Ends an operation early; without effect on one that has ended.</summary>
    public void Cancel(ulong operation) => NativeMethods.mgp_cancel(handle, operation);

    /// <summary>Lets go of the client. Tasks under way end as cancelled; what was submitted to a queue of the caller's ends by itself.</summary>
    public void Dispose()
    {
        lock (gate)
        {
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
