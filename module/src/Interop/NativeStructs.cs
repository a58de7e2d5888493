// The structs of include/mgpresence.h, field for field. Each begins with its own size, so that library and binding may differ in age.

using System;
using System.Runtime.InteropServices;

namespace MgPresence.Interop;

[StructLayout(LayoutKind.Sequential)]
internal struct NativeField
{
    internal IntPtr Name;
    internal IntPtr Value;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeClientOptions
{
    internal uint StructSize;
    internal uint Flags;
    internal IntPtr Cloud;
    internal IntPtr BaseUrl;
    internal IntPtr Credential;
    internal IntPtr UserAgent;
    internal IntPtr ProxyUrl;
    internal IntPtr CaFile;
    internal uint TimeoutMs;
    internal uint ConnectTimeoutMs;
    internal uint RetryBudgetMs;
    internal uint MaxAttempts;
    internal uint MaxInFlight;
    internal int LogLevel;
    internal IntPtr Log;
    internal IntPtr LogUser;
    internal IntPtr LogDrop;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeRequest
{
    internal uint StructSize;
    internal int Operation;
    internal int ApiVersion;
    internal int Target;
    internal IntPtr TargetId;
    internal IntPtr Body;
    internal IntPtr Query;
    internal IntPtr Headers;
    internal uint QueryCount;
    internal uint HeaderCount;
    internal IntPtr AccessToken;
    internal uint TimeoutMs;
    internal uint Flags;
    internal IntPtr NextLink;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeCompletion
{
    internal uint StructSize;
    internal int Status;
    internal ulong Operation;
    internal IntPtr User;
    internal IntPtr Response;
    internal IntPtr Error;
}
