// The callbacks of a credential: from the library's threads to functions of .NET. Exceptions must not reach native code; they become the
// reason that the library reports.

using System;
using System.Runtime.InteropServices;
using System.Text;

namespace MgPresence.Interop;

internal static unsafe class CredentialCallbacks
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void SignFunction(IntPtr user, IntPtr data, uint size, IntPtr sink);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void AssertionFunction(IntPtr user, IntPtr sink);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int PromptFunction(IntPtr user, IntPtr prompt);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void RefreshTokenFunction(IntPtr user, IntPtr token);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void DropFunction(IntPtr user);

    // Must not be collected, since native code has their addresses.
    private static readonly SignFunction OnSign = SignData;
    private static readonly AssertionFunction OnAssertion = GiveAssertion;
    private static readonly PromptFunction OnPrompt = ShowPrompt;
    private static readonly RefreshTokenFunction OnRefreshToken = TakeRefreshToken;
    private static readonly DropFunction OnDrop = user => GCHandle.FromIntPtr(user).Free();

    /// <summary>Frees what <see cref="Lend"/> or <see cref="RetryNotes.Lend"/> returned.</summary>
    internal static readonly IntPtr Drop = Marshal.GetFunctionPointerForDelegate(OnDrop);

    /// <summary>The options as the user pointer of the callbacks. The library owns it if the credential is created.</summary>
    internal static GCHandle Lend(PresenceCredentialOptions options) => GCHandle.Alloc(options);

    /// <summary>Sets the callbacks that the options have.</summary>
    internal static void Set(PresenceCredentialOptions options, ref NativeCredentialOptions native)
    {
        if (options.Sign is not null) native.Sign = Marshal.GetFunctionPointerForDelegate(OnSign);
        if (options.Assertion is not null) native.Assertion = Marshal.GetFunctionPointerForDelegate(OnAssertion);
        if (options.Prompt is not null) native.Prompt = Marshal.GetFunctionPointerForDelegate(OnPrompt);
        if (options.RefreshTokenChanged is not null) native.RefreshTokenChanged = Marshal.GetFunctionPointerForDelegate(OnRefreshToken);
    }

    private static void SignData(IntPtr user, IntPtr data, uint size, IntPtr sink) => Answer(sink, () =>
    {
        var bytes = new byte[size];
        Marshal.Copy(data, bytes, 0, bytes.Length);
        if (Options(user).Sign!(bytes) is not { Length: > 0 } signature) throw new InvalidOperationException("Sign returned no signature.");
        fixed (byte* start = signature) NativeMethods.mgp_token_sink_set_signature(sink, (IntPtr)start, (uint)signature.Length);
    });

    private static void GiveAssertion(IntPtr user, IntPtr sink) => Answer(sink, () =>
    {
        using var arena = new Utf8Arena();
        var assertion = Options(user).Assertion!() ?? throw new InvalidOperationException("Assertion returned null.");
        NativeMethods.mgp_token_sink_set(sink, arena.Copy(assertion), 0);
    });

    // The library frees its texts when this returns. Any result but 0 is a failure.
    private static int ShowPrompt(IntPtr user, IntPtr prompt)
    {
        try
        {
            ref var native = ref *(NativePrompt*)prompt;
            Options(user).Prompt!(new SignInPrompt(Utf8.Read(native.Message) ?? "", Utf8.Read(native.Url), Utf8.Read(native.UserCode)));
            return 0;
        }
        catch (Exception)
        {
            return 1;
        }
    }

    private static void TakeRefreshToken(IntPtr user, IntPtr token)
    {
        var bytes = token == IntPtr.Zero ? null : Utf8.Bytes(token);
        try
        {
            Options(user).RefreshTokenChanged!(bytes);
        }
        catch (Exception)
        {
            // The function itself reports that a token was not stored. The sign-in continues.
        }
        finally
        {
            if (bytes is not null) Array.Clear(bytes, 0, bytes.Length);
        }
    }

    private static void Answer(IntPtr sink, Action answer)
    {
        try
        {
            answer();
        }
        catch (Exception failure)
        {
            using var arena = new Utf8Arena();
            NativeMethods.mgp_token_sink_fail(sink, arena.Copy(Reason(failure)));
        }
    }

    // Any text can be passed on: half of a surrogate pair becomes a replacement character. Message is virtual, and may be null or throw.
    private static string Reason(Exception failure)
    {
        try { return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(failure.Message.Replace("\0", ""))); }
        catch (Exception) { return $"{failure.GetType()} has no message."; }
    }

    private static PresenceCredentialOptions Options(IntPtr user) => (PresenceCredentialOptions)GCHandle.FromIntPtr(user).Target!;
}
