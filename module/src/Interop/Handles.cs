// Owners of the library's objects. A SafeHandle keeps an object alive while a call uses it, and frees it once, on any thread.

using System;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MgPresence.Interop;

internal static class Handles
{
    /// <summary>Keeps an object alive while a function reads memory that the object owns, after the call that returned it.</summary>
    internal static T Hold<T>(this SafeHandle handle, Func<T> read)
    {
        var isHeld = false;
        try
        {
            handle.DangerousAddRef(ref isHeld);
            return read();
        }
        finally
        {
            if (isHeld) handle.DangerousRelease();
        }
    }
}

/// <summary>Shared by a credential and the clients that use it. The last owner frees it.</summary>
internal sealed class CredentialHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    private readonly object gate = new();
    private int owners = 1;

    /// <summary>Adds an owner.</summary>
    /// <exception cref="ObjectDisposedException">The last owner has let go.</exception>
    internal CredentialHandle Share()
    {
        lock (gate) owners = owners > 0 ? owners + 1 : throw new ObjectDisposedException(nameof(PresenceCredential));
        return this;
    }

    /// <summary>Removes an owner.</summary>
    internal void LetGo()
    {
        lock (gate)
        {
            if (--owners == 0) Dispose();
        }
    }

    /// <summary>What is known about the credential, as JSON.</summary>
    internal string About => this.Hold(() => Utf8.Read(NativeMethods.mgp_credential_about_json(this)) ?? "{}");

    protected override bool ReleaseHandle()
    {
        NativeMethods.mgp_credential_free(handle);
        return true;
    }
}

internal sealed class ClientHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.mgp_client_free(handle);
        return true;
    }
}

internal sealed class ResponseHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    internal ResponseHandle(IntPtr response)
        : base(ownsHandle: true) => SetHandle(response);

    protected override bool ReleaseHandle()
    {
        NativeMethods.mgp_response_free(handle);
        return true;
    }
}

internal sealed class QueueHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.mgp_queue_free(handle); // cancels outstanding operations
        return true;
    }
}

internal sealed class KeepAliveHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.mgp_keep_alive_free(handle); // ends it, unless it was stopped and will end by itself
        return true;
    }
}
