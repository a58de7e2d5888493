// The library's error object as an exception.

using System;

namespace MgPresence.Interop;

/// <summary>A request that the library refused, that did not reach Graph, or that Graph refused.</summary>
public sealed class PresenceException : Exception
{
    private PresenceException(Status status, IntPtr error)
        : base(Utf8.Read(NativeMethods.mgp_error_message(error)))
    {
        Status = status;
        StatusName = Utf8.Read(NativeMethods.mgp_status_name((int)status)) ?? "";
        if (error == IntPtr.Zero) return;

        HttpStatus = NativeMethods.mgp_error_http_status(error) is var http and not 0 ? http : null;
        GraphCode = Utf8.Read(NativeMethods.mgp_error_graph_code(error)) ?? "";
        GraphMessage = Utf8.Read(NativeMethods.mgp_error_graph_message(error)) ?? "";
        Advice = Utf8.Read(NativeMethods.mgp_error_advice(error)) ?? "";
        RequestId = Utf8.Read(NativeMethods.mgp_error_request_id(error)) ?? "";
        ClientRequestId = Utf8.Read(NativeMethods.mgp_error_client_request_id(error)) ?? "";
        Attempts = (int)NativeMethods.mgp_error_attempts(error);
        Trace = Utf8.Read(NativeMethods.mgp_error_trace(error)) ?? "";
        Response = PresenceResponse.Borrow(NativeMethods.mgp_error_response(error));
        if (NativeMethods.mgp_error_retry_after_ms(error) is var wait and >= 0) RetryAfter = TimeSpan.FromMilliseconds(wait);
    }

    /// <summary>The status. A later library may return a number that has no name here.</summary>
    public Status Status { get; }

    /// <summary>The name of the status, such as <c>InvalidPair</c>.</summary>
    public string StatusName { get; }

    /// <summary>The kind of the status.</summary>
    public StatusKind Kind => Status.Kind();

    /// <summary>The HTTP status; null if there was no response.</summary>
    public int? HttpStatus { get; }

    /// <summary>Graph's error code; "" if there is none.</summary>
    public string GraphCode { get; } = "";

    /// <summary>Graph's message; "" if there is none.</summary>
    public string GraphMessage { get; } = "";

    /// <summary>What to do instead; "" if the library has no advice.</summary>
    public string Advice { get; } = "";

    /// <summary>Graph's <c>request-id</c>.</summary>
    public string RequestId { get; } = "";

    /// <summary>The <c>client-request-id</c> of the request, the same for each attempt.</summary>
    public string ClientRequestId { get; } = "";

    /// <summary>How long Graph asked to wait; null if it did not.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>How often the library tried to send the request. An attempt that made no connection counts, too.</summary>
    public int Attempts { get; }

    /// <summary>What was sent and received, without the token.</summary>
    public string Trace { get; } = "";

    /// <summary>The response that was an error; null if there was none.</summary>
    public PresenceResponse? Response { get; }

    /// <summary>Copies the library's object and frees it. <paramref name="error"/> may be NULL.</summary>
    internal static PresenceException Take(Status status, IntPtr error)
    {
        try { return new PresenceException(status, error); }
        finally { NativeMethods.mgp_error_free(error); }
    }

    /// <summary>Throws unless the status is MGP_OK.</summary>
    internal static void ThrowUnlessOk(Status status, IntPtr error)
    {
        if (status != Status.Ok) throw Take(status, error);
    }
}
