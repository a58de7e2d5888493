// The addresses for requests and sign-in that follow from -Environment and -BaseUri.

using System;
using MgPresence.Interop;

namespace MgPresence.SignIn;

/// <summary>The addresses of a session.</summary>
internal readonly struct Endpoints(PresenceEnvironment? environment, Uri? baseUri)
{
    private readonly Uri? graph = baseUri ?? environment?.GraphEndpoint;

    /// <summary>The address of Graph; null if the cloud's name determines it.</summary>
    internal Uri? Graph => graph;

    /// <summary>The cloud name for the library; null for its default.</summary>
    internal string? Cloud => environment?.Cloud;

    /// <summary>The sign-in service; null if the cloud's name determines it. For an emulator on this machine it is the emulator, so that no real token is sent there.</summary>
    internal string? Authority => (environment?.AzureADEndpoint ?? (IsHttp(graph) ? graph : null))?.OriginalString;

    /// <summary>Whether unencrypted http is allowed, which an http address requests. The library accepts it only for this machine.</summary>
    internal bool AllowLoopbackHttp => IsHttp(graph) || IsHttp(environment?.AzureADEndpoint);

    /// <summary>The name of the environment in the context; null if the session has a base URI.</summary>
    internal string? Name => baseUri is not null ? null : environment?.Name ?? "Global";

    internal void ApplyTo(PresenceClientOptions options, PresenceContext context)
    {
        ApplyTo(options);
        (context.Environment, context.BaseUri) = (Name, Graph);
    }

    internal void ApplyTo(PresenceClientOptions options)
    {
        options.Cloud = Cloud;
        options.BaseUrl = graph?.OriginalString;
        options.AllowLoopbackHttp = IsHttp(graph);
    }

    private static bool IsHttp(Uri? uri) => uri is { IsAbsoluteUri: true, Scheme: "http" };
}
