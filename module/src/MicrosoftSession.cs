// A session of Microsoft's Connect-MgGraph, for those who are connected there and not here. Its cmdlets are asked on the pipeline's own
// thread; a module that is not loaded is left alone.

using System;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using MgPresence.Interop;

namespace MgPresence;

internal static class MicrosoftSession
{
    // Asking for the token costs a request to Graph. A token lives an hour, and Microsoft's module gives one that is good for minutes more.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(4);

    private static Cached? cached;

    /// <summary>A session, Microsoft's context from which it was made, and how long it may be used.</summary>
    private sealed class Cached(object context, Session session)
    {
        private readonly DateTime until = DateTime.UtcNow + Lifetime;

        internal Session Session => session;

        // Connect-MgGraph makes a context anew: another object is another token, though every property be the same.
        internal bool IsOf(object other) => ReferenceEquals(other, context) && DateTime.UtcNow < until;
    }

    private const string ContextScript = """
        if (Get-Module Microsoft.Graph.Authentication) { Microsoft.Graph.Authentication\Get-MgContext }
        """;

    private const string EnvironmentScript = """
        Microsoft.Graph.Authentication\Get-MgEnvironment | Where-Object Name -eq $args[0]
        """;

    // The service root needs no permission; the request that was sent bears the token.
    private const string TokenScript = """
        $response = Microsoft.Graph.Authentication\Invoke-MgGraphRequest -Method GET -Uri 'v1.0/' -OutputType HttpResponseMessage -SkipHttpErrorCheck -ErrorAction Stop
        $response.RequestMessage.Headers.Authorization.Parameter
        """;

    /// <summary>The session; null where Microsoft's module is not loaded or not connected.</summary>
    /// <exception cref="RuntimeException">It is connected and gives no token.</exception>
    internal static Session? Find(PSCmdlet cmdlet)
    {
        if (Run(cmdlet, ContextScript) is not { } context) return null;

        // No lock: other people's code runs here, for as long as a person takes to sign in. Two who ask at once ask twice.
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
