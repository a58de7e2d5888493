// Uses the session of Microsoft's Connect-MgGraph if there is no session of this module. Microsoft's cmdlets are called on the pipeline's
// thread; if Microsoft's module is not loaded, it is not loaded.

using System;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using MgPresence.Interop;

namespace MgPresence;

internal static class MicrosoftSession
{
    // Getting the token costs a request to Graph. A token is valid for an hour, and Microsoft's module returns one that is valid for some
    // minutes more.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(4);

    private static Cached? cached;

    /// <summary>A session, the context of Microsoft's module that it was made from, and how long it may be used.</summary>
    private sealed class Cached(object context, Session session)
    {
        private readonly DateTime until = DateTime.UtcNow + Lifetime;

        internal Session Session => session;

        // Connect-MgGraph creates a new context, so another object means another token, even if all properties are equal.
        internal bool IsOf(object other) => ReferenceEquals(other, context) && DateTime.UtcNow < until;
    }

    private const string ContextScript = """
        if (Get-Module Microsoft.Graph.Authentication) { Microsoft.Graph.Authentication\Get-MgContext }
        """;

    private const string EnvironmentScript = """
        Microsoft.Graph.Authentication\Get-MgEnvironment | Where-Object Name -eq $args[0]
        """;

    // The service root needs no permission, and the request that was sent contains the token.
    private const string TokenScript = """
        $response = Microsoft.Graph.Authentication\Invoke-MgGraphRequest -Method GET -Uri 'v1.0/' -OutputType HttpResponseMessage -SkipHttpErrorCheck -ErrorAction Stop
        $response.RequestMessage.Headers.Authorization.Parameter
        """;

    /// <summary>The session; null if Microsoft's module is not loaded or not connected.</summary>
    /// <exception cref="RuntimeException">It is connected but does not provide a token.</exception>
    internal static Session? Find(PSCmdlet cmdlet)
    {
        if (Run(cmdlet, ContextScript) is not { } context) return null;

        // There is no lock, because foreign code runs here, which may wait for a person to sign in. Two concurrent calls ask twice.
        var identity = context.BaseObject is PSCustomObject ? context : context.BaseObject;
        if (Volatile.Read(ref cached) is { } last && last.IsOf(identity)) return last.Session;
        if (Connect(cmdlet, context) is not { } session) return null;
        Volatile.Write(ref cached, new Cached(identity, session));
        return session;
    }

    private static Session? Connect(PSCmdlet cmdlet, PSObject context)
    {
        if (Run(cmdlet, TokenScript)?.BaseObject is not string { Length: > 0 } token) return null;

        var environment = Text(context, "Environment") is { Length: > 0 } name ? name : "Global";
        var endpoint = Run(cmdlet, EnvironmentScript, environment) is { } custom && Text(custom, "Type") != "Built-in" ? Text(custom, "GraphEndpoint") : null;
        var options = new PresenceClientOptions
        {
            AccessToken = AccessTokenTransformationAttribute.Secure(token),
            Cloud = endpoint is null ? environment : null,
            BaseUrl = endpoint,
            AllowLoopbackHttp = endpoint?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) == true,
        };
        return new Session(options, new PresenceContext("Connect-MgGraph", "Connect-MgGraph") { Environment = environment, BaseUri = endpoint is null ? null : new Uri(endpoint) });
    }

    private static PSObject? Run(PSCmdlet cmdlet, string script, params object[] arguments) =>
        cmdlet.InvokeCommand.InvokeScript(script, useNewScope: true, System.Management.Automation.Runspaces.PipelineResultTypes.None, null, arguments)
            .FirstOrDefault(found => found is not null);

    private static string Text(PSObject value, string member) => value.Properties[member]?.Value?.ToString() ?? "";
}
