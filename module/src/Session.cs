// The state of Connect-MgPresence: sessions, of which one is the process's own, shared by its runspaces. The only mutable state of the module.

using System;
using System.Collections.Concurrent;
using System.Management.Automation;
using System.Security;
using System.Security.Authentication;
using System.Threading;
using MgPresence.Interop;

namespace MgPresence;

/// <summary>A credential, and the address that requests go to.</summary>
internal sealed class Session
{
    private static Session? current;

    // For calls that bring their own token while there is no session.
    private static readonly Lazy<Session> WithoutToken = new(() => new Session(new PresenceClientOptions(), "", "Global", null));

    private readonly PresenceClientOptions options;

    // A client for each proxy that calls have asked for, by its URL.
    private readonly ConcurrentDictionary<string, PresenceClient> proxied = new();

    private volatile bool hasEnded;

    internal Session(PresenceClientOptions options, string authType, string? environment, Uri? baseUri)
    {
        this.options = options;
        Client = new PresenceClient(options);
        Context = new PresenceContext(this) { AuthType = authType, Environment = environment, BaseUri = baseUri };
    }

    internal PresenceClient Client { get; }

    internal PresenceContext Context { get; }

    internal bool HasProxy => !string.IsNullOrEmpty(options.ProxyUrl);

    /// <summary>Makes the session of a token the current one.</summary>
    internal static Session Connect(PresenceClientOptions options, SecureString? token, Uri? baseUri)
    {
        options.AccessToken = token;
        options.BaseUrl = baseUri?.OriginalString;
        options.AllowLoopbackHttp = baseUri is { IsAbsoluteUri: true, Scheme: "http" }; // asked for by writing it; the library refuses any other machine
        var session = new Session(options, "UserProvidedAccessToken", baseUri is null ? options.Cloud ?? "Global" : null, baseUri);
        Volatile.Write(ref current, session);
        return session;
    }

    /// <summary>Null while there is no session.</summary>
    internal static Session? Current => Volatile.Read(ref current);

    /// <summary>
    /// Ends a session, for the process and for those who have its context. Its clients are let go and not disposed: a pipeline that began with
    /// them ends with them, here or in another runspace. The last who has one leaves its end to the garbage collector.
    /// </summary>
    /// <returns>Whether it had not ended before.</returns>
    internal bool End()
    {
        var isFirst = !hasEnded;
        hasEnded = true;
        Interlocked.CompareExchange(ref current, null, this);
        return isFirst;
    }

    /// <summary>
    /// The client for a call: of the session that it names, else of the process's session; for a call with a token of its own, one without a
    /// token; else that of Microsoft's session, if there is one.
    /// </summary>
    /// <exception cref="AuthenticationException">The session that the call names has ended.</exception>
    /// <exception cref="PresenceException">The proxy cannot be used.</exception>
    internal static PresenceClient? ClientFor(PSCmdlet cmdlet, PresenceContext? context, bool hasOwnToken, ProxyOverride proxy)
    {
        var session = context?.Session ?? Current ?? (hasOwnToken ? WithoutToken.Value : MicrosoftSession.Find(cmdlet));
        if (session is { hasEnded: true }) throw new AuthenticationException("The session of -Context was disconnected. Connect again, and use the new context.");
        if (session is null || !proxy.IsGiven) return session?.Client;
        if (!session.IsPlainHttp) return session.Through(proxy.Url(session.options.ProxyUrl));

        // This machine's emulator: a script that names a proxy for its tenant can be tried there unchanged.
        if (proxy.NamesProxy) cmdlet.WriteWarning($"-Proxy is ignored: {session.options.BaseUrl} is plain http on this machine, and a proxy would see the token.");
        return session.Client;
    }

    private bool IsPlainHttp => options.BaseUrl?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) == true;

    private PresenceClient Through(string proxyUrl) => proxied.GetOrAdd(proxyUrl, url => new PresenceClient(options.With(url)));
}
