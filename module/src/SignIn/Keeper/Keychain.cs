// The login keychain of macOS: a generic password for each session.
// https://developer.apple.com/documentation/security/keychain_services

using System;
using System.Runtime.InteropServices;
using System.Text;

namespace MgPresence.SignIn;

internal sealed class Keychain : ITokenKeeper
{
    private const string Security = "/System/Library/Frameworks/Security.framework/Security";
    private const string CoreFoundation = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation";

    private const int Success = 0, ItemNotFound = -25300; // errSecSuccess, errSecItemNotFound

    private static readonly byte[] Service = Encoding.UTF8.GetBytes(TokenKeeper.Label);

    public byte[]? Load(string session)
    {
        if (!TryFind(session, out var length, out var data, out var item)) return null;
        try
        {
            var secret = new byte[length];
            Marshal.Copy(data, secret, 0, secret.Length);
            return secret;
        }
        finally
        {
            SecKeychainItemFreeContent(IntPtr.Zero, data);
            CFRelease(item);
        }
    }

    public void Save(string session, byte[] secret)
    {
        if (!TryFind(session, out _, out var data, out var item))
        {
            var account = Encoding.UTF8.GetBytes(session);
            Check(SecKeychainAddGenericPassword(
                IntPtr.Zero, (uint)Service.Length, Service, (uint)account.Length, account, (uint)secret.Length, secret, IntPtr.Zero));
            return;
        }
        try { Check(SecKeychainItemModifyAttributesAndData(item, IntPtr.Zero, (uint)secret.Length, secret)); }
        finally
        {
            SecKeychainItemFreeContent(IntPtr.Zero, data);
            CFRelease(item);
        }
    }

    public void Delete(string session)
    {
        if (!TryFind(session, out _, out var data, out var item)) return;
        try { Check(SecKeychainItemDelete(item)); }
        finally
        {
            SecKeychainItemFreeContent(IntPtr.Zero, data);
            CFRelease(item);
        }
    }

    private static bool TryFind(string session, out uint length, out IntPtr data, out IntPtr item)
    {
        var account = Encoding.UTF8.GetBytes(session);
        var status = SecKeychainFindGenericPassword(
            IntPtr.Zero, (uint)Service.Length, Service, (uint)account.Length, account, out length, out data, out item);
        if (status == ItemNotFound) return false;
        Check(status);
        return true;
    }

    private static void Check(int status)
    {
        if (status != Success)
            throw new NoKeeperException($"The keychain cannot be used (status {status}). Unlock the login keychain, in Keychain Access or with security unlock-keychain.");
    }

    [DllImport(Security, ExactSpelling = true)]
    private static extern int SecKeychainFindGenericPassword(
        IntPtr keychain, uint serviceLength, byte[] service, uint accountLength, byte[] account, out uint length, out IntPtr data, out IntPtr item);

    [DllImport(Security, ExactSpelling = true)]
    private static extern int SecKeychainAddGenericPassword(
        IntPtr keychain, uint serviceLength, byte[] service, uint accountLength, byte[] account, uint length, byte[] data, IntPtr item);

    [DllImport(Security, ExactSpelling = true)]
    private static extern int SecKeychainItemModifyAttributesAndData(IntPtr item, IntPtr attributes, uint length, byte[] data);

    [DllImport(Security, ExactSpelling = true)]
    private static extern int SecKeychainItemDelete(IntPtr item);

    [DllImport(Security, ExactSpelling = true)]
    private static extern int SecKeychainItemFreeContent(IntPtr attributes, IntPtr data);

    [DllImport(CoreFoundation, ExactSpelling = true)]
    private static extern void CFRelease(IntPtr item);
}
