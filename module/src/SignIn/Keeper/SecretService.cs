// The Secret Service of a Linux desktop (GNOME Keyring, KWallet, KeePassXC), through libsecret.
// https://gnome.pages.gitlab.gnome.org/libsecret/

using System;
using System.Runtime.InteropServices;
using System.Text;
using MgPresence.Interop;

namespace MgPresence.SignIn;

internal sealed class SecretService : ITokenKeeper
{
    private const string Library = "libsecret-1.so.0", GLib = "libglib-2.0.so.0";
    private const string SchemaName = "org.mgpresence.RefreshToken", Attribute = "session";

    // Never freed, because libsecret keeps no copy.
    private static readonly Lazy<IntPtr> Schema = new(NewSchema);

    public byte[]? Load(string session) => Use(session, (key, name) =>
    {
        var secret = secret_password_lookup_sync(Schema.Value, IntPtr.Zero, out var error, key, name, IntPtr.Zero);
        ThrowIfAny(error);
        if (secret == IntPtr.Zero) return null;
        try { return Utf8.Bytes(secret); }
        finally { secret_password_wipe(secret); secret_password_free(secret); }
    });

    public void Save(string session, byte[] secret) => Use(session, (key, name) =>
    {
        using var arena = new Utf8Arena();
        secret_password_store_sync(Schema.Value, IntPtr.Zero, arena.Copy(TokenKeeper.Label), arena.Copy(secret), IntPtr.Zero, out var error, key, name, IntPtr.Zero);
        ThrowIfAny(error);
        return null;
    });

    public void Delete(string session) => Use(session, (key, name) =>
    {
        secret_password_clear_sync(Schema.Value, IntPtr.Zero, out var error, key, name, IntPtr.Zero);
        ThrowIfAny(error);
        return null;
    });

    private static byte[]? Use(string session, Func<IntPtr, IntPtr, byte[]?> call)
    {
        using var arena = new Utf8Arena();
        try
        {
            return call(arena.Copy(Attribute), arena.Copy(session));
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new NoKeeperException("libsecret is not installed. Install it (Debian: libsecret-1-0), and a keyring such as gnome-keyring.", failure);
        }
    }

    // GError { guint32 domain; gint code; gchar *message; }
    private static void ThrowIfAny(IntPtr error)
    {
        if (error == IntPtr.Zero) return;
        var message = Utf8.Read(Marshal.ReadIntPtr(error, 8)) ?? "";
        g_error_free(error);
        throw new NoKeeperException($"The Secret Service cannot be used: {message.TrimEnd('.')}. Sign in to a desktop session with an unlocked keyring.");
    }

    // SecretSchema { const gchar *name; SecretSchemaFlags flags; { const gchar *name; SecretSchemaAttributeType type; } attributes[32];
    // gint reserved; gpointer reserved[7]; }, where an attribute without a name is the last one and type 0 is text.
    private static IntPtr NewSchema()
    {
        const int attributes = 2 * 8, size = attributes + 32 * 16 + 8 * 8;
        var schema = Marshal.AllocHGlobal(size);
        for (var i = 0; i < size; i++) Marshal.WriteByte(schema, i, 0);
        Marshal.WriteIntPtr(schema, 0, Permanent(SchemaName));
        Marshal.WriteIntPtr(schema, attributes, Permanent(Attribute));
        return schema;
    }

    private static IntPtr Permanent(string ascii)
    {
        var bytes = Encoding.ASCII.GetBytes(ascii + "\0");
        var copy = Marshal.AllocHGlobal(bytes.Length);
        Marshal.Copy(bytes, 0, copy, bytes.Length);
        return copy;
    }

    // A variadic function in C: pairs of attribute name and value, then NULL. On Linux, pointers are passed to a variadic function as to any
    // other. The non-variadic form (…v_sync) would need a GLib hash table.
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern int secret_password_store_sync(
        IntPtr schema, IntPtr collection, IntPtr label, IntPtr password, IntPtr cancellable, out IntPtr error, IntPtr attribute, IntPtr value, IntPtr end);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern IntPtr secret_password_lookup_sync(IntPtr schema, IntPtr cancellable, out IntPtr error, IntPtr attribute, IntPtr value, IntPtr end);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern int secret_password_clear_sync(IntPtr schema, IntPtr cancellable, out IntPtr error, IntPtr attribute, IntPtr value, IntPtr end);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern void secret_password_wipe(IntPtr password);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern void secret_password_free(IntPtr password);

    [DllImport(GLib, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern void g_error_free(IntPtr error);
}
