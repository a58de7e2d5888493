// A source of access tokens: a token, or a way to sign in. Clients and threads can share it.

using System;
using System.Runtime.InteropServices;
using System.Security;
using System.Threading;

namespace MgPresence.Interop;

/// <summary>A source of access tokens.</summary>
public sealed class PresenceCredential : IDisposable
{
    private readonly CredentialHandle handle;
    private int isDisposed;

    private PresenceCredential(CredentialHandle handle) => this.handle = handle;

    /// <summary>Creates a credential that signs in. Nothing is read or sent before a token is needed. Later changes of the options have no effect.</summary>
    public PresenceCredential(PresenceCredentialOptions options)
    {
        var own = options.Required(nameof(options)).Copy();
        Library.EnsureLoaded();
        using var arena = new Utf8Arena();
        var native = own.ToNative(arena);
        var user = CredentialCallbacks.Lend(own);
        (native.User, native.Drop) = (GCHandle.ToIntPtr(user), CredentialCallbacks.Drop);
        var status = NativeMethods.mgp_credential_new(native, out handle, out var error);
        if (status != Status.Ok) user.Free(); // else the library owns it
        PresenceException.ThrowUnlessOk(status, error);
    }

    internal CredentialHandle Handle => isDisposed == 0 ? handle : throw new ObjectDisposedException(nameof(PresenceCredential));

    /// <summary>What is known about the credential, as JSON: clientId, tenantId, account, scopes, roles, expires.</summary>
    public string About => Handle.About;

    /// <summary>Creates a credential from a token, which is never renewed.</summary>
    public static PresenceCredential FromToken(SecureString token)
    {
        Library.EnsureLoaded();
        using var arena = new Utf8Arena();
        PresenceException.ThrowUnlessOk(
            NativeMethods.mgp_credential_new_token(arena.Copy(token.Required(nameof(token))), out var handle, out var error), error);
        return new PresenceCredential(handle);
    }

    /// <summary>Signs in now, unless there is a valid token, and blocks until the sign-in has ended.</summary>
    public PresenceCredential SignIn(TimeSpan timeout)
    {
        PresenceException.ThrowUnlessOk(NativeMethods.mgp_credential_sign_in(Handle, Milliseconds.Of(timeout), out var error), error);
        return this;
    }

    /// <summary>Cancels a sign-in that is under way. May be called on any thread.</summary>
    public void Cancel() => NativeMethods.mgp_credential_cancel(Handle);

    /// <summary>Releases the credential. Clients that use it can continue to do so.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) == 0) handle.LetGo();
    }
}
