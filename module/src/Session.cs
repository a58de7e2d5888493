// The state of Connect-MgPresence: sessions, of which one is the process's own, shared by its runspaces.

using System;
using System.Collections.Concurrent;
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

    // For calls that bring their own token while there is no session.
    private static readonly Lazy<Session> WithoutToken = new(() => new Session(new PresenceClientOptions(), new PresenceContext("", "")));

    private readonly PresenceContext context;
    private volatile Clients clients;
    private volatile bool hasEnded;

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
        clients = new Clients(options);
        HostCalls = hostCalls;
        Kept = kept;
    }

    /// <summary>The clients of one set of options.</summary>
    private sealed class Clients(PresenceClientOptions options)
    {
        // A client for each proxy that calls have asked for, by its URL.
        private readonly ConcurrentDictionary<string, PresenceClient> proxied = new();

        internal PresenceClientOptions Options => options;

        internal PresenceClient Own { get; } = new(options);

        internal PresenceClient Through(string proxyUrl) => proxied.GetOrAdd(proxyUrl, url => new PresenceClient(options.With(url)));
    }

    internal PresenceClient Client => clients.Own;

    internal bool HasEnded => hasEnded;

    internal PresenceContext Context => context.Of(this);

    internal PresenceRequestContext Limits { get; private set; }

    internal bool HasProxy => !string.IsNullOrEmpty(clients.Options.ProxyUrl);

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

    /// <summary>Gives the session other limits. Pipelines that run keep theirs.</summary>
    internal void Configure(PresenceRequestContext limits)
    {
        var options = clients.Options.Copy();
        limits.ApplyTo(options);
        clients = new Clients(options);
        Limits = limits;
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
    /// The session for a call: the one that it names, else the process's; for a call with a token of its own, one without a token; else that of
    /// Microsoft's session, if there is one.
    /// </summary>
    /// <exception cref="AuthenticationException">The session that the call names has ended, or waits for this very call.</exception>
    internal static Session? For(PSCmdlet cmdlet, PresenceContext? context, bool hasOwnToken)
    {
        var session = Of(context) ?? (hasOwnToken ? WithoutToken.Value : MicrosoftSession.Find(cmdlet));
        if (session is { hasEnded: true }) throw new AuthenticationException(Disconnected);
        if (session?.HostCalls is { IsAnswering: true })
            throw new AuthenticationException("The script block of -FederatedToken needs a token of its own session, which waits for the script block. Use another session in it, with -Context, or -AccessToken.");
        return session;
    }

    /// <summary>The client for a call through the proxy that it asks for.</summary>
    /// <exception cref="PresenceException">The proxy cannot be used.</exception>
    internal PresenceClient ClientFor(PSCmdlet cmdlet, ProxyOverride proxy)
    {
        var clients = this.clients;
        if (!proxy.IsGiven) return clients.Own;
        if (!IsPlainHttp(clients.Options)) return clients.Through(proxy.Url(clients.Options.ProxyUrl));

        // This machine's emulator: a script that names a proxy for its tenant can be tried there unchanged.
        if (proxy.NamesProxy) cmdlet.WriteWarning($"-Proxy is ignored: {clients.Options.BaseUrl} is plain http on this machine, and a proxy would see the token.");
        return clients.Own;
    }

    private static bool IsPlainHttp(PresenceClientOptions options) => options.BaseUrl?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) == true;
}
