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

internal sealed class CredentialHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
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
