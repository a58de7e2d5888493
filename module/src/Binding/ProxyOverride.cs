// Converts -Proxy and -ProxyCredential of a call to the URL for the library.

using System;
using System.Management.Automation;

namespace MgPresence;

/// <summary>The proxy that a call asks for.</summary>
internal readonly struct ProxyOverride(Uri? proxy, PSCredential? credential)
{
    /// <summary>Whether the call has a proxy parameter.</summary>
    internal bool IsGiven => proxy is not null || credential is not null;

    /// <summary>Whether the call names a proxy; '' asks for a direct connection.</summary>
    internal bool NamesProxy => IsGiven && proxy?.OriginalString != "";

    /// <summary>The URL of this call's proxy, or that of the session's proxy with a user name. A text that is not a URL is passed on: the library refuses it and says why.</summary>
    internal string Url(string? sessionUrl)
    {
        var given = proxy?.OriginalString ?? sessionUrl ?? "";
        if (credential is null || !Uri.TryCreate(given, UriKind.Absolute, out var url)) return given;
        var (name, password) = (credential.UserName, PasswordOf(credential));
        return $"{url.Scheme}://{Uri.EscapeDataString(name)}:{Uri.EscapeDataString(password)}@{url.Authority}";
    }

    private static string PasswordOf(PSCredential credential)
    {
        try
        {
            return credential.GetNetworkCredential().Password;
        }
        catch (ObjectDisposedException failure)
        {
            throw new ArgumentException("The password of -ProxyCredential was disposed of. Make the credential again.", failure);
        }
    }
}
