// Where a session sends its requests and its sign-in: -Environment and -BaseUri put together.

using System;
using MgPresence.Interop;

namespace MgPresence.SignIn;

/// <summary>The addresses of a session.</summary>
internal readonly struct Endpoints(PresenceEnvironment? environment, Uri? baseUri)
{
    private readonly Uri? graph = baseUri ?? environment?.GraphEndpoint;

    /// <summary>The address of Graph; null where the cloud's name says it.</summary>
    internal Uri? Graph => graph;

    /// <summary>The name that the library is to know, or null for its default.</summary>
    internal string? Cloud => environment?.Cloud;

    /// <summary>The sign-in service; null where the cloud's name says it. An emulator on this machine is both: nobody's real token goes to it.</summary>
    internal string? Authority => (environment?.AzureADEndpoint ?? (IsHttp(graph) ? graph : null))?.OriginalString;

    /// <summary>Asked for by writing http; the library refuses any other machine than this one.</summary>
    internal bool AllowLoopbackHttp => IsHttp(graph) || IsHttp(environment?.AzureADEndpoint);

    /// <summary>What the context calls the environment; null where requests go to a base URI.</summary>
    internal string? Name => baseUri is not null ? null : environment?.Name ?? "Global";

    internal void ApplyTo(PresenceClientOptions options)
    {
        options.Cloud = Cloud;
        options.BaseUrl = graph?.OriginalString;
        options.AllowLoopbackHttp = IsHttp(graph);
    }

    private static bool IsHttp(Uri? uri) => uri is { IsAbsoluteUri: true, Scheme: "http" };
}
