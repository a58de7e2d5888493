// The state of Connect-MgPresence: sessions, of which one is the process's own, shared by its runspaces.

using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Security;
using System.Security.Authentication;
using System.Threading;
using MgPresence.Interop;
using MgPresence.SignIn;

namespace MgPresence;

/// <summary>A credential, and the address that requests go to.</summary>
internal sealed class Session
{
    private static Session? current;

    // For calls that bring their own token while there is no session of Connect-MgPresence, by the address that they go to.
    private static readonly ConcurrentDictionary<string, Session> WithoutToken = new();

    private readonly PresenceContext context;
    private SessionClients clients;
    private volatile bool hasEnded;
    private volatile bool isRefused;

    /// <param name="options">The credential and the address.</param>
    /// <param name="context">What is known before a token is there.</param>
    /// <param name="limits">The limits of its requests; those of the process where null.</param>
    /// <param name="hostCalls">What its sign-in asks of PowerShell.</param>
    /// <param name="kept">The place in the system's keeper that ends with it.</param>
    internal Session(PresenceClientOptions options, PresenceContext context, PresenceRequestContext? limits = null, HostCalls? hostCalls = null, KeptSignIn? kept = null)
    {
        this.context = context;
        Limits = limits ?? PresenceRequestContext.OfProcess;
        Limits.ApplyTo(options);
        options.Environment = EnvironmentVariables.Ours;
        clients = new SessionClients(options);
        HostCalls = hostCalls;
        Kept = kept;
    }

    /// <summary>What is known about its token, as JSON.</summary>
    internal string About => Volatile.Read(ref clients).Own.About;

    internal bool HasEnded => hasEnded;

    /// <summary>When its token has to be replaced; null if the library renews it, or if it cannot be replaced.</summary>
    internal DateTime? UsableUntil { get; set; }

    /// <summary>Whether the token has to be replaced.</summary>
    internal bool IsStale => UsableUntil <= DateTime.UtcNow;

    /// <summary>Whether Graph has refused the token.</summary>
    internal bool IsRefused => isRefused;

    /// <summary>Notes that Graph has refused the token.</summary>
    internal void Refuse() => isRefused = true;

    internal PresenceContext Context => context.Of(this);

    internal PresenceRequestContext Limits { get; private set; }

    internal bool HasProxy => !string.IsNullOrEmpty(Volatile.Read(ref clients).Options.ProxyUrl);

    /// <summary>What the session's sign-in asks of PowerShell; null where it asks for nothing.</summary>
    internal HostCalls? HostCalls { get; }

    private KeptSignIn? Kept { get; }

    /// <summary>What a cmdlet says that finds no session.</summary>
    internal const string Needed = "Authentication needed. Please call Connect-MgPresence.";

    /// <summary>What a cmdlet says whose -Context has ended.</summary>
    internal const string Disconnected = "The session of -Context was disconnected. Connect again, and use the new context.";

    /// <summary>Null while there is no session.</summary>
    internal static Session? Current => Volatile.Read(ref current);

    /// <summary>The session of -Context, else the process's.</summary>
    internal static Session? Of(PresenceContext? context) => context?.Session ?? Current;

    /// <summary>Whether it is the session that -Context asks for; without -Context, every session is.</summary>
    internal bool IsOf(PresenceContext? context) => context is null || context.Session == this;

    /// <summary>Makes it the process's session.</summary>
    internal Session MakeCurrent()
    {
        Volatile.Write(ref current, this);
        return this;
    }

    /// <summary>The session of a token for an emulator or another address.</summary>
    internal static Session WithToken(SecureString token, Uri baseUri)
    {
        var endpoints = new Endpoints(null, baseUri);
        var options = new PresenceClientOptions { Credential = PresenceCredential.FromToken(token) };
        endpoints.ApplyTo(options);
        return new Session(options, new PresenceContext("UserProvidedAccessToken", "UserProvidedAccessToken") { BaseUri = baseUri });
    }

    /// <summary>The sessions whose limits are those of the process: the one that was connected last, and those that exist without Connect-MgPresence.</summary>
    internal static IEnumerable<Session> WithLimitsOfProcess =>
        new[] { Current, MicrosoftSession.Last }.OfType<Session>().Concat(WithoutToken.Values);

    /// <summary>Gives the session other limits. Pipelines that run keep theirs.</summary>
    internal void Configure(PresenceRequestContext limits)
    {
        if (limits.IsSameAs(Limits)) return;
        var options = Volatile.Read(ref clients).Options.Copy();
        limits.ApplyTo(options);
        Limits = limits;
        Interlocked.Exchange(ref clients, new SessionClients(options)).Leave();
    }

    /// <summary>The clients for a pipeline, which leaves them when it ends.</summary>
    internal SessionClients Enter()
    {
        while (true)
            if (Volatile.Read(ref clients) is var found && found.TryEnter()) return found;
    }

    /// <summary>
    /// Ends a session, for the process and for those who have its context. Its clients are let go and not disposed: a pipeline that began with
    /// them ends with them, here or in another runspace. The last who has one leaves its end to the garbage collector.
    /// </summary>
    /// <returns>Whether it had not ended before.</returns>
    /// <exception cref="NoKeeperException">The kept sign-in could not be deleted; the session has ended all the same.</exception>
    internal bool End()
    {
        var isFirst = !hasEnded;
        hasEnded = true;
        Interlocked.CompareExchange(ref current, null, this);
        KeepAlives.EndOf(this);
        if (isFirst) Kept?.Delete();
        return isFirst;
    }

    /// <summary>
    /// The session for a call: the one that it names, else the process's, else that of Microsoft's session, if there is one. For a call with a
    /// token of its own, Microsoft's session has the address only.
    /// </summary>
    /// <exception cref="AuthenticationException">The session that the call names has ended, or waits for this very call.</exception>
    internal static Session? For(PSCmdlet cmdlet, PresenceContext? context, bool hasOwnToken)
    {
        var session = Of(context) ?? (hasOwnToken ? ForToken(MicrosoftSession.Environment(cmdlet)) : MicrosoftSession.Find(cmdlet));
        if (session is { hasEnded: true }) throw new AuthenticationException(Disconnected);
        if (session?.HostCalls is { IsAnswering: true })
            throw new AuthenticationException("The script block of -FederatedToken needs a token of its own session, which waits for the script block. Use another session in it, with -Context, or -AccessToken.");
        return session;
    }

    // A session without a token, at Microsoft's address or in the global cloud.
    private static Session ForToken(PresenceEnvironment? environment) =>
        WithoutToken.GetOrAdd(environment?.GraphEndpoint?.OriginalString ?? environment?.Name ?? "", _ =>
        {
            var (options, context) = (new PresenceClientOptions(), new PresenceContext("", ""));
            if (environment is not null) new Endpoints(environment, null).ApplyTo(options, context);
            return new Session(options, context);
        });

    /// <summary>The client for a call through the proxy that it asks for.</summary>
    /// <exception cref="PresenceException">The proxy cannot be used.</exception>
    internal static PresenceClient ClientFor(PSCmdlet cmdlet, SessionClients clients, ProxyOverride proxy)
    {
        if (!proxy.IsGiven) return clients.Own;
        if (!IsPlainHttp(clients.Options)) return clients.Through(proxy.Url(clients.Options.ProxyUrl));

        // This machine's emulator: a script that names a proxy for its tenant can be tried there unchanged.
        if (proxy.NamesProxy) cmdlet.WriteWarning($"-Proxy is ignored: {clients.Options.BaseUrl} is plain http on this machine, and a proxy would see the token.");
        return clients.Own;
    }

    private static bool IsPlainHttp(PresenceClientOptions options) => options.BaseUrl?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) == true;
}
