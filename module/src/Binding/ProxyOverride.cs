// -Proxy and -ProxyCredential of a call, as the URL that the library takes.

using System;
using System.Management.Automation;

namespace MgPresence;

/// <summary>The proxy that a call asks for.</summary>
internal readonly struct ProxyWish(Uri? proxy, PSCredential? credential)
{
    /// <summary>Whether the call says anything about a proxy.</summary>
    internal bool IsAny => proxy is not null || credential is not null;

    /// <summary>Whether it asks for a proxy, and not for none.</summary>
    internal bool IsProxy => IsAny && proxy?.OriginalString != "";

    /// <summary>The URL, in place of a session's own or with a user name for it. What is not a URL goes on as it is: the library says why.</summary>
    internal string Url(string? sessions)
    {
        var given = proxy?.OriginalString ?? sessions ?? "";
        if (credential is null || !Uri.TryCreate(given, UriKind.Absolute, out var url)) return given;
        var (name, password) = (credential.UserName, credential.GetNetworkCredential().Password);
        return $"{url.Scheme}://{Uri.EscapeDataString(name)}:{Uri.EscapeDataString(password)}@{url.Authority}";
    }
}
