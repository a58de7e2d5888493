// Uses the session of Microsoft's Connect-MgGraph if there is no session of this module. Microsoft's cmdlets are called on the pipeline's
// thread; if Microsoft's module is not loaded, it is not loaded.

using System;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using MgPresence.Interop;
using MgPresence.SignIn;

namespace MgPresence;

internal static class MicrosoftSession
{
    // Getting the token costs a request to Graph. A token is valid for an hour, and Microsoft's module returns one that is valid for some
    // minutes more.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(4), Margin = TimeSpan.FromMinutes(1);

    private static Cached? cached;

    /// <summary>A session, and the context of Microsoft's module that it was made from.</summary>
    private sealed class Cached(object context, Session session)
    {
        internal Session Session => session;

        // Connect-MgGraph creates a new context, so another object means another token, even if all properties are equal.
        internal bool IsOf(object other) => ReferenceEquals(other, context) && session is { IsStale: false, IsRefused: false };
    }

    /// <summary>The session that was used last; null if there was none.</summary>
    internal static Session? Last => Volatile.Read(ref cached)?.Session;

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

    /// <summary>Where Microsoft's session sends its requests; null if Microsoft's module is not loaded or not connected.</summary>
    internal static PresenceEnvironment? Environment(PSCmdlet cmdlet) =>
        Run(cmdlet, ContextScript) is { } context ? EnvironmentOf(cmdlet, context) : null;

    private static PresenceEnvironment EnvironmentOf(PSCmdlet cmdlet, PSObject context)
    {
        var name = Text(context, "Environment") is { Length: > 0 } given ? given : "Global";
        var custom = Run(cmdlet, EnvironmentScript, name) is { } found && Text(found, "Type") != "Built-in" ? found : null;
        return new PresenceEnvironment(name, custom is null ? null : new Uri(Text(custom, "GraphEndpoint"), UriKind.RelativeOrAbsolute), null);
    }

    private static Session? Connect(PSCmdlet cmdlet, PSObject context)
    {
        if (Run(cmdlet, TokenScript)?.BaseObject is not string { Length: > 0 } token) return null;
        var credential = PresenceCredential.FromToken(AccessTokenTransformationAttribute.Secure(token));
        var (options, described) = (new PresenceClientOptions { Credential = credential }, new PresenceContext("Connect-MgGraph", "Connect-MgGraph"));
        new Endpoints(EnvironmentOf(cmdlet, context), null).ApplyTo(options, described);
        var session = new Session(options, described);
        session.UsableUntil = UsableUntil(session.Context.ExpiresOn);
        return session;
    }

    private static DateTime UsableUntil(DateTime? end) =>
        end - Margin is { } soon && soon < DateTime.UtcNow + Lifetime ? soon : DateTime.UtcNow + Lifetime;

    private static PSObject? Run(PSCmdlet cmdlet, string script, params object[] arguments) =>
        cmdlet.InvokeCommand.InvokeScript(script, useNewScope: true, System.Management.Automation.Runspaces.PipelineResultTypes.None, null, arguments)
            .FirstOrDefault(found => found is not null);

    private static string Text(PSObject value, string member) => value.Properties[member]?.Value?.ToString() ?? "";
}
