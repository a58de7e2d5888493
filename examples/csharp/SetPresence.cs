// Sets a user's presence and shows what it is now. P/Invoke alone, no package.
//
//     MGP_TOKEN=... dotnet run -- adele@contoso.com Busy InACall PT1H
//
// The native library is found as any other: beside the program, or by LD_LIBRARY_PATH and its like on other systems.
// MGP_BASE_URL, when set, is asked instead of Graph: an emulator on this machine, say.

using System;
using System.Linq;
using System.Runtime.InteropServices;

if (args.Length < 3)
{
    Console.Error.WriteLine("usage: SetPresence user availability activity [duration]");
    return 2;
}

var client = Connect();
try
{
    Check(Native.mgp_set_presence(client, args[0], null, args[1], args[2], args.ElementAtOrDefault(3), out var error), error);
    Check(Native.mgp_get_presence(client, args[0], out var response, out error), error);
    var now = Native.mgp_response_presence(response, 0);
    Console.WriteLine($"{args[0]} is now {Text(Native.mgp_presence_availability(now))}/{Text(Native.mgp_presence_activity(now))}");
    Native.mgp_response_free(response);
    return 0;
}
catch (InvalidOperationException refusal)
{
    Console.Error.WriteLine(refusal.Message);
    return 1;
}
finally
{
    Native.mgp_client_free(client);
}

static IntPtr Connect()
{
    Check(Native.mgp_credential_new_token(Environment.GetEnvironmentVariable("MGP_TOKEN") ?? "", out var credential, out var error), error);
    var options = new ClientOptions
    {
        StructSize = (uint)Marshal.SizeOf<ClientOptions>(),
        Flags = 1, // MGP_CLIENT_ALLOW_LOOPBACK_HTTP
        BaseUrl = Environment.GetEnvironmentVariable("MGP_BASE_URL"),
        Credential = credential,
    };
    var status = Native.mgp_client_new(options, out var client, out error);
    Native.mgp_credential_free(credential); // the client keeps what it needs
    Check(status, error);
    return client;
}

// Text that the library hands out belongs to its object: copied, never freed.
static string Text(IntPtr text) => Marshal.PtrToStringUTF8(text) ?? "";

static void Check(int status, IntPtr error)
{
    if (status == 0) return;
    var message = Text(Native.mgp_error_message(error));
    Native.mgp_error_free(error);
    throw new InvalidOperationException(message);
}

/// <summary>mgp_client_options. All its fields belong to it, since the library refuses a struct that is shorter than its first version.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ClientOptions
{
    public uint StructSize;
    public uint Flags;
    [MarshalAs(UnmanagedType.LPUTF8Str)] public string? Cloud;
    [MarshalAs(UnmanagedType.LPUTF8Str)] public string? BaseUrl;
    public IntPtr Credential;
    [MarshalAs(UnmanagedType.LPUTF8Str)] public string? UserAgent;
    [MarshalAs(UnmanagedType.LPUTF8Str)] public string? ProxyUrl;
    [MarshalAs(UnmanagedType.LPUTF8Str)] public string? CaFile;
    public uint TimeoutMs;
    public uint ConnectTimeoutMs;
    public uint RetryBudgetMs;
    public uint MaxAttempts;
    public uint MaxInFlight;
    public int LogLevel;
    public IntPtr Log;
    public IntPtr LogUser;
    public IntPtr LogDrop;
    public uint ThrottleStart;
    public uint ThrottleCeiling;
    public uint RetryDelayMs;
    public uint EnvironmentCount;
    public IntPtr Environment;
}

internal static class Native
{
    private const string Library = "mgpresence";

    [DllImport(Library)] public static extern int mgp_credential_new_token([MarshalAs(UnmanagedType.LPUTF8Str)] string token, out IntPtr credential, out IntPtr error);
    [DllImport(Library)] public static extern void mgp_credential_free(IntPtr credential);
    [DllImport(Library)] public static extern int mgp_client_new(in ClientOptions options, out IntPtr client, out IntPtr error);
    [DllImport(Library)] public static extern void mgp_client_free(IntPtr client);
    [DllImport(Library)] public static extern int mgp_set_presence(
        IntPtr client,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string? userId,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string? sessionId,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string availability,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string activity,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string? expiration,
        out IntPtr error);
    [DllImport(Library)] public static extern int mgp_get_presence(
        IntPtr client, [MarshalAs(UnmanagedType.LPUTF8Str)] string? userId, out IntPtr response, out IntPtr error);
    [DllImport(Library)] public static extern IntPtr mgp_response_presence(IntPtr response, uint index);
    [DllImport(Library)] public static extern void mgp_response_free(IntPtr response);
    [DllImport(Library)] public static extern IntPtr mgp_presence_availability(IntPtr presence);
    [DllImport(Library)] public static extern IntPtr mgp_presence_activity(IntPtr presence);
    [DllImport(Library)] public static extern IntPtr mgp_error_message(IntPtr error);
    [DllImport(Library)] public static extern void mgp_error_free(IntPtr error);
}
