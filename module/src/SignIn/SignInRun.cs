// The sign-in of Connect-MgPresence: creates the planned credential and gets a token.

using System;
using System.Management.Automation;
using System.Threading;
using MgPresence.Interop;
using MgPresence.Json;

namespace MgPresence.SignIn;

/// <summary>Signs in once.</summary>
internal sealed class SignInRun(PSCmdlet cmdlet, SignInPlan plan, HostCalls host, CancellationToken stop)
{
    // The time limit for a person's sign-in, as in Microsoft's module.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);

    private readonly BackgroundWork background = new(cmdlet, host, stop);

    /// <summary>Signs in.</summary>
    /// <exception cref="PresenceException">The sign-in was rejected, or the service was not reached.</exception>
    /// <exception cref="PipelineStoppedException">Ctrl+C was pressed.</exception>
    internal PresenceCredential SignIn(Endpoints endpoints, string? proxy, string? caFile, out KeptSignIn? kept)
    {
        var options = plan.Options;
        (options.Cloud, options.Authority) = (endpoints.Cloud, endpoints.Authority);
        if (endpoints.AllowLoopbackHttp) options.Flags |= CredentialOptions.AllowLoopbackHttp;
        (options.ProxyUrl, options.CaFile, options.Timeout) = (proxy, caFile, Longest);
        kept = plan.Context.ContextScope == ContextScope.CurrentUser ? Keep(options) : null;
        var isKept = options.RefreshToken is not null;
        var credential = SignIn(options);
        if (isKept && !plan.HasAsked && !IsOf(options.LoginHint, credential))
        {
            credential.Dispose(); // the kept sign-in is another user's, and is replaced
            credential = SignIn(options);
        }
        kept?.SignedIn();
        return credential;
    }

    private static bool IsOf(string? loginHint, PresenceCredential credential) =>
        string.IsNullOrWhiteSpace(loginHint)
        || string.Equals(loginHint, ((JsonObject)JsonReader.Read(credential.About)!).Text("account"), StringComparison.OrdinalIgnoreCase);

    private PresenceCredential SignIn(PresenceCredentialOptions options)
    {
        var credential = NewCredential(options);
        try
        {
            background.Wait(() => credential.SignIn(Longest), credential.Cancel);
            return credential;
        }
        catch
        {
            credential.Dispose();
            throw;
        }
    }

    // The library has its own copy of the refresh token, so this one is cleared.
    private static PresenceCredential NewCredential(PresenceCredentialOptions options)
    {
        try
        {
            return new PresenceCredential(options);
        }
        finally
        {
            if (options.RefreshToken is { } token) Array.Clear(token, 0, token.Length);
            options.RefreshToken = null;
        }
    }

    private KeptSignIn? Keep(PresenceCredentialOptions options)
    {
        var kept = new KeptSignIn(TokenKeeper.OfThisSystem(), TokenKeeper.NameOf(options.Authority ?? options.Cloud ?? "Global", options.TenantId, options.ClientId), plan.Context, host);
        try
        {
            options.RefreshToken = background.Wait(kept.Load);
            options.RefreshTokenChanged = kept.Replace;
            return kept;
        }
        catch (NoKeeperException reason)
        {
            cmdlet.WriteWarning(KeptSignIn.NotKept(reason));
            plan.Context.ContextScope = ContextScope.Process;
            return null;
        }
    }
}
