// Where access tokens come from: a token, or a way to sign in. Shared by clients and threads.

using System;
using System.Runtime.InteropServices;
using System.Security;

namespace MgPresence.Interop;

/// <summary>A source of access tokens.</summary>
public sealed class PresenceCredential : IDisposable
{
    private PresenceCredential(CredentialHandle handle) => Handle = handle;

    /// <summary>Makes a credential that signs in. Nothing is read or sent before a token is needed.</summary>
    public PresenceCredential(PresenceCredentialOptions options)
    {
        Library.EnsureLoaded();
        using var arena = new Utf8Arena();
        var native = options.ToNative(arena);
        var user = CredentialCallbacks.Lend(options);
        (native.User, native.Drop) = (GCHandle.ToIntPtr(user), CredentialCallbacks.Drop);
        var status = NativeMethods.mgp_credential_new(native, out var handle, out var error);
        if (status != Status.Ok) user.Free(); // else the library owns it
        PresenceException.ThrowUnlessOk(status, error);
        Handle = handle;
    }

    internal CredentialHandle Handle { get; }

    /// <summary>What is known of it, as JSON: clientId, tenantId, account, scopes, roles, expires.</summary>
    public string About => Utf8.Read(NativeMethods.mgp_credential_about_json(Handle)) ?? "{}";

    /// <summary>A credential of one token, which is never renewed.</summary>
    public static PresenceCredential FromToken(SecureString token)
    {
        Library.EnsureLoaded();
        using var arena = new Utf8Arena();
        PresenceException.ThrowUnlessOk(
            NativeMethods.mgp_credential_new_token(arena.Copy(token), out var handle, out var error), error);
        return new PresenceCredential(handle);
    }

    /// <summary>Signs in now, unless there is a token, and waits for the end of it.</summary>
    public PresenceCredential SignIn(TimeSpan timeout)
    {
        PresenceException.ThrowUnlessOk(NativeMethods.mgp_credential_sign_in(Handle, Milliseconds.Of(timeout), out var error), error);
        return this;
    }

    /// <summary>Ends a sign-in that is under way. May be called by any thread.</summary>
    public void Cancel() => NativeMethods.mgp_credential_cancel(Handle);

    /// <summary>Lets go of it. Clients that use it keep what they need.</summary>
    public void Dispose() => Handle.Dispose();
}
