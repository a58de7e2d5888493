// A request to Graph as plain data: mgp_request with the types of .NET. The library checks the values.

using System;
using System.Collections.Generic;
using System.Security;

namespace MgPresence.Interop;

/// <summary>A request: the operation, the user and the body.</summary>
public sealed class PresenceRequest
{
    /// <summary>The operation.</summary>
    public Operation Operation { get; set; }

    /// <summary>The API version: v1.0 or beta.</summary>
    public ApiVersion ApiVersion { get; set; }

    /// <summary>The kind of path that addresses the presence.</summary>
    public TargetKind Target { get; set; }

    /// <summary>The user's id, unencoded; null with <see cref="TargetKind.Me"/> and for collections.</summary>
    public string? TargetId { get; set; }

    /// <summary>For <see cref="Operation.ListPresences"/>: the link to the next page from the previous response; null for the first page.</summary>
    public string? NextLink { get; set; }

    /// <summary>The body, a JSON object; null for none.</summary>
    public string? Body { get; set; }

    /// <summary>Query options such as <c>$select</c>, unencoded.</summary>
    public IList<KeyValuePair<string, string>> Query { get; set; } = [];

    /// <summary>The caller's own headers.</summary>
    public IList<KeyValuePair<string, string>> Headers { get; set; } = [];

    /// <summary>A token for this request only; null for the client's credential.</summary>
    public SecureString? AccessToken { get; set; }

    /// <summary>Flags for validation, session id, trace and batches.</summary>
    public RequestOptions Options { get; set; }

    /// <summary>Checks the request by the rules that apply before it is sent, and sends nothing.</summary>
    /// <exception cref="PresenceException">The library refuses the request.</exception>
    /// <exception cref="ArgumentException">A text has a NUL character or half of a surrogate pair, which C cannot hold.</exception>
    public void Check()
    {
        Library.EnsureLoaded();
        using var arena = new Utf8Arena();
        PresenceException.ThrowUnlessOk(NativeMethods.mgp_request_check(ToNative(arena), out var error), error);
    }

    /// <summary>The native struct, in the arena's memory.</summary>
    internal unsafe NativeRequest ToNative(Utf8Arena arena) => new()
    {
        StructSize = (uint)sizeof(NativeRequest),
        Operation = (int)Operation,
        ApiVersion = (int)ApiVersion,
        Target = (int)Target,
        TargetId = arena.Copy(TargetId),
        BodyJson = arena.Copy(Body),
        Query = arena.Copy(Query, out var queries),
        QueryCount = queries,
        Headers = arena.Copy(Headers, out var headers),
        HeaderCount = headers,
        AccessToken = arena.Copy(AccessToken),
        Flags = (uint)Options,
        NextLink = arena.Copy(NextLink),
    };
}
