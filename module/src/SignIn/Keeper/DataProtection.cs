// Windows: a file in the user's local profile, encrypted for the user by DPAPI.
// https://learn.microsoft.com/windows/win32/api/dpapi/

using System;
using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MgPresence.SignIn;

internal sealed class DataProtection : ITokenKeeper
{
    private const uint NoPrompt = 1; // CRYPTPROTECT_UI_FORBIDDEN

    [StructLayout(LayoutKind.Sequential)]
    private struct Blob
    {
        internal uint Length;
        internal IntPtr Data;
    }

    public byte[]? Load(string session)
    {
        var path = PathOf(session);
        return File.Exists(path) ? Try(() => Transform(File.ReadAllBytes(path), isProtecting: false)) : null;
    }

    public void Save(string session, byte[] secret) => Try(() =>
    {
        var path = PathOf(session);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Transform(secret, isProtecting: true));
        return secret;
    });

    public void Delete(string session) => Try(() =>
    {
        File.Delete(PathOf(session));
        return [];
    });

    // A session's name can contain characters that are invalid in a file name.
    private static string PathOf(string session)
    {
        using var sha = SHA256.Create();
        var name = BitConverter.ToString(sha.ComputeHash(Encoding.UTF8.GetBytes(session))).Replace("-", "");
        return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "MgPresence", name + ".dpapi");
    }

    private static byte[] Try(Func<byte[]> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or Win32Exception)
        {
            throw new NoKeeperException($"Windows cannot keep the sign-in: {failure.Message}", failure);
        }
    }

    private static byte[] Transform(byte[] bytes, bool isProtecting)
    {
        var pinned = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        try
        {
            var input = new Blob { Length = (uint)bytes.Length, Data = pinned.AddrOfPinnedObject() };
            var isDone = isProtecting
                ? CryptProtectData(ref input, TokenKeeper.Label, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, NoPrompt, out var output)
                : CryptUnprotectData(ref input, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, NoPrompt, out output);
            if (!isDone) throw new Win32Exception();
            return Take(output);
        }
        finally
        {
            pinned.Free();
        }
    }

    private static byte[] Take(Blob blob)
    {
        var bytes = new byte[blob.Length];
        Marshal.Copy(blob.Data, bytes, 0, bytes.Length);
        for (var i = 0; i < bytes.Length; i++) Marshal.WriteByte(blob.Data, i, 0);
        LocalFree(blob.Data);
        return bytes;
    }

    [DllImport("crypt32", CharSet = CharSet.Unicode, SetLastError = true, ExactSpelling = true)]
    private static extern bool CryptProtectData(ref Blob input, string description, IntPtr entropy, IntPtr reserved, IntPtr prompt, uint flags, out Blob output);

    [DllImport("crypt32", CharSet = CharSet.Unicode, SetLastError = true, ExactSpelling = true)]
    private static extern bool CryptUnprotectData(ref Blob input, IntPtr description, IntPtr entropy, IntPtr reserved, IntPtr prompt, uint flags, out Blob output);

    [DllImport("kernel32", ExactSpelling = true)]
    private static extern IntPtr LocalFree(IntPtr memory);
}
