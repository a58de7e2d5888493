// A response: copied from the library's object, which is kept for the headers, which few callers read, and for explanations.

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace MgPresence.Interop;

/// <summary>A response: status, headers, body, and the presences in the body.</summary>
public sealed class PresenceResponse : IDisposable
{
    private static readonly IntPtr Warning = Marshal.StringToHGlobalAnsi("warning"); // never freed

    private readonly ResponseHandle? handle;
    private IReadOnlyList<KeyValuePair<string, string>>? headers;

    private PresenceResponse(IntPtr response, ResponseHandle? owner)
    {
        handle = owner;
        HttpStatus = NativeMethods.mgp_response_http_status(response);
        Body = Utf8.Read(NativeMethods.mgp_response_body(response), NativeMethods.mgp_response_body_length(response));
        Attempts = (int)NativeMethods.mgp_response_attempts(response);
        Trace = Utf8.Read(NativeMethods.mgp_response_trace(response)) ?? "";
        NextLink = Utf8.Read(NativeMethods.mgp_response_next_link(response));
        Count = NativeMethods.mgp_response_count(response) is var count and >= 0 ? count : null;
        HasWarning = NativeMethods.mgp_response_header(response, Warning) != IntPtr.Zero;
        if (owner is null) headers = ReadHeaders(response);

        var presences = new string[NativeMethods.mgp_response_presence_count(response)];
        for (uint i = 0; i < presences.Length; i++)
            presences[i] = Utf8.Read(NativeMethods.mgp_presence_json(NativeMethods.mgp_response_presence(response, i))) ?? "{}";
        Presences = presences;
    }

    /// <summary>The HTTP status.</summary>
    public int HttpStatus { get; }

    /// <summary>The headers, in the order of the response. A name may occur more than once. The headers are copied when they are first read, which must be before <see cref="Dispose"/>.</summary>
    /// <exception cref="ObjectDisposedException">They were not read before <see cref="Dispose"/>.</exception>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => headers ??= Ask(ReadHeaders);

    /// <summary>Whether there is a Warning header.</summary>
    internal bool HasWarning { get; }

    /// <summary>The body as text; "" if there is none.</summary>
    public string Body { get; }

    /// <summary>How often the library tried to send the request. An attempt that made no connection counts, too.</summary>
    public int Attempts { get; }

    /// <summary>What was sent and received, without the token; "" unless the request had <see cref="RequestOptions.Trace"/>.</summary>
    public string Trace { get; }

    /// <summary>The JSON text of each presence in the body.</summary>
    public IReadOnlyList<string> Presences { get; }

    /// <summary>The link to the next page; null on the last page.</summary>
    public string? NextLink { get; }

    /// <summary>The total number of presences; null if the response does not contain it.</summary>
    public long? Count { get; }

    /// <summary>An explanation of a presence, as JSON: effective, hasSession, hasPreferredPresence, notes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The response has no such presence.</exception>
    public string Explain(int presence) =>
        AskOf(presence, native => Utf8.Read(NativeMethods.mgp_presence_explanation_json(native))) ?? "{}";

    /// <summary>Why a pair that was set does not show in a presence that was read afterwards; null if it shows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The response has no such presence.</exception>
    public string? WhyNotShown(int presence, Operation operation, string availability, string activity) =>
        WhyNot(Shows.Now, presence, operation, availability, activity);

    /// <summary>Why a pair would not show if it were set now, or why the operation does not accept it; null if it would show.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The response has no such presence.</exception>
    public string? WhyWouldNotShow(int presence, Operation operation, string availability, string activity) =>
        WhyNot(Shows.IfSet, presence, operation, availability, activity);

    private string? WhyNot(Shows when, int presence, Operation operation, string availability, string activity) => AskOf(presence, native =>
    {
        using var arena = new Utf8Arena();
        var status = NativeMethods.mgp_presence_shows(
            native, (int)operation, arena.Copy(availability), arena.Copy(activity), (int)when, out var error);
        return status == Status.Ok ? null : PresenceException.Take(status, error).Message;
    });

    /// <summary>Frees the library's object. Properties that were copied remain valid.</summary>
    public void Dispose() => handle?.Dispose();

    /// <summary>Takes ownership of the library's object.</summary>
    internal static PresenceResponse Take(IntPtr response)
    {
        var owner = new ResponseHandle(response);
        try { return new PresenceResponse(response, owner); }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    /// <summary>Copies an object that belongs to an error.</summary>
    internal static PresenceResponse? Borrow(IntPtr response) => response == IntPtr.Zero ? null : new PresenceResponse(response, null);

    private static KeyValuePair<string, string>[] ReadHeaders(IntPtr response)
    {
        var headers = new KeyValuePair<string, string>[NativeMethods.mgp_response_header_count(response)];
        for (uint i = 0; i < headers.Length; i++)
        {
            headers[i] = new(
                Utf8.Read(NativeMethods.mgp_response_header_name(response, i)) ?? "",
                Utf8.Read(NativeMethods.mgp_response_header_value(response, i)) ?? "");
        }
        return headers;
    }

    // A presence lives as long as its response. null would say that a pair shows.
    private string? AskOf(int presence, Func<IntPtr, string?> question) => handle is null || presence < 0 || presence >= Presences.Count
        ? throw new ArgumentOutOfRangeException(nameof(presence), presence, "The response has no such presence.")
        : Ask(response => question(NativeMethods.mgp_response_presence(response, (uint)presence)));

    private T Ask<T>(Func<IntPtr, T> question) => handle!.Hold(() => question(handle!.DangerousGetHandle()));
}
