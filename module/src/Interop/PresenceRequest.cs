// One request to Graph as plain data: mgp_request with the types of .NET. What it may hold is the library's to say.

using System;
using System.Collections.Generic;
using System.Security;

namespace MgPresence.Interop;

/// <summary>What is asked, of whom, with which body.</summary>
public sealed class PresenceRequest
{
    /// <summary>What is asked.</summary>
    public Operation Operation { get; set; }

    /// <summary>v1.0 or beta.</summary>
    public ApiVersion ApiVersion { get; set; }

    /// <summary>Whose presence, by which path.</summary>
    public TargetKind Target { get; set; }

    /// <summary>The user's id, unencoded; null with <see cref="TargetKind.Me"/> and for collections.</summary>
    public string? TargetId { get; set; }

    /// <summary>With <see cref="Operation.ListPresences"/> the next link of the page before; null for the first page.</summary>
    public string? NextLink { get; set; }

    /// <summary>A JSON object, or null.</summary>
    public string? Body { get; set; }

    /// <summary>Query options such as <c>$select</c>, unencoded.</summary>
    public IList<KeyValuePair<string, string>> Query { get; set; } = [];

    /// <summary>The caller's own headers.</summary>
    public IList<KeyValuePair<string, string>> Headers { get; set; } = [];

    /// <summary>A token for this request alone; null takes the client's credential.</summary>
    public SecureString? AccessToken { get; set; }

    /// <summary>Validation, session id and trace.</summary>
    public RequestOptions Options { get; set; }

    /// <summary>What stands here, in the arena's memory.</summary>
    internal unsafe NativeRequest ToNative(Utf8Arena arena) => new()
    {
        StructSize = (uint)sizeof(NativeRequest),
        Operation = (int)Operation,
        ApiVersion = (int)ApiVersion,
        Target = (int)Target,
        TargetId = arena.Copy(TargetId),
        BodyJson = arena.Copy(Body),
        Query = arena.Copy(Query),
        QueryCount = (uint)Query.Count,
        Headers = arena.Copy(Headers),
        HeaderCount = (uint)Headers.Count,
        AccessToken = arena.Copy(AccessToken),
        Flags = (uint)Options,
        NextLink = arena.Copy(NextLink),
    };
}
