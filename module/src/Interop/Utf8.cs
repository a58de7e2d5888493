// Converts text for the ABI: UTF-8 that ends with NUL, which netstandard2.0 cannot marshal.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;

namespace MgPresence.Interop;

/// <summary>Unmanaged copies for the duration of one call. They are wiped afterwards, since one of them may be a token.</summary>
internal sealed unsafe class Utf8Arena : IDisposable
{
    // Half a surrogate pair is an error, since a replacement character would change an id to another id.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private Block* blocks;

    internal IntPtr Copy(string? text)
    {
        if (text is null) return IntPtr.Zero;
        fixed (char* chars = text) return Copy(chars, text.Length);
    }

    /// <summary>Copies a secret without creating a managed string.</summary>
    internal IntPtr Copy(SecureString? secret)
    {
        if (secret is null) return IntPtr.Zero;
        var chars = Chars(secret);
        try { return Copy((char*)chars, (int)(((uint*)chars)[-1] / sizeof(char))); } // the length of the copy: the secret may change
        finally { Marshal.ZeroFreeBSTR(chars); }
    }

    /// <summary>Copies bytes that are UTF-8 already, and adds a NUL.</summary>
    internal IntPtr Copy(byte[]? bytes)
    {
        if (bytes is null) return IntPtr.Zero;
        var copy = Allocate(bytes.Length + 1);
        Marshal.Copy(bytes, 0, copy, bytes.Length);
        ((byte*)copy)[bytes.Length] = 0;
        return copy;
    }

    /// <summary>Copies what the list has now: another thread may change it meanwhile, and the count must be that of the copy.</summary>
    internal IntPtr Copy(IEnumerable<KeyValuePair<string, string>>? list, out uint count)
    {
        KeyValuePair<string, string>[] fields = [.. list ?? []];
        count = (uint)fields.Length;
        if (count == 0) return IntPtr.Zero;
        var native = (NativeField*)Allocate(fields.Length * sizeof(NativeField));
        for (var i = 0; i < fields.Length; i++)
            native[i] = new NativeField { Name = Copy(fields[i].Key), Value = Copy(fields[i].Value) };
        return (IntPtr)native;
    }

    /// <summary>Copies a list once. An empty one is not NULL: no variables are not those of the process.</summary>
    internal IntPtr Copy(IEnumerable<string>? list, out uint count)
    {
        string[] texts = [.. list ?? []];
        count = (uint)texts.Length;
        if (list is null) return IntPtr.Zero;
        var native = (IntPtr*)Allocate(Math.Max(1, texts.Length) * sizeof(IntPtr));
        for (var i = 0; i < texts.Length; i++) native[i] = Copy(texts[i]);
        return (IntPtr)native;
    }

    public void Dispose()
    {
        while (blocks is not null)
        {
            var block = blocks;
            blocks = block->Next;
            for (var i = 0; i < block->Size; i++) ((byte*)(block + 1))[i] = 0;
            Marshal.FreeHGlobal((IntPtr)block);
        }
    }

    private IntPtr Copy(char* chars, int length)
    {
        for (var i = 0; i < length; i++)
            if (chars[i] == '\0') throw new ArgumentException("Text with a NUL character (U+0000) cannot be passed on.");

        var size = length == 0 ? 0 : SizeOf(chars, length);
        var copy = Allocate(size + 1);
        if (size > 0) Strict.GetBytes(chars, length, (byte*)copy, size);
        ((byte*)copy)[size] = 0;
        return copy;
    }

    private static IntPtr Chars(SecureString secret)
    {
        try { return Marshal.SecureStringToBSTR(secret); }
        catch (ObjectDisposedException)
        {
            throw new ArgumentException("A SecureString was disposed of before it was used. Give one that is not.");
        }
    }

    // Do not show the text, since it may be a secret.
    private static int SizeOf(char* chars, int length)
    {
        try { return Strict.GetByteCount(chars, length); }
        catch (EncoderFallbackException half)
        {
            throw new ArgumentException($"Text with half of a surrogate pair (U+{(int)half.CharUnknown:X4}) is not Unicode and cannot be passed on. Correct it.");
        }
    }

    private IntPtr Allocate(int size)
    {
        var block = (Block*)Marshal.AllocHGlobal(sizeof(Block) + size);
        *block = new Block { Next = blocks, Size = size };
        blocks = block;
        return (IntPtr)(block + 1);
    }

    // Stands in front of each copy. A managed list of structs would be compiled when the first call is made.
    private struct Block
    {
        internal Block* Next;
        internal int Size;
    }
}

internal static unsafe class Utf8
{
    internal static string? Read(IntPtr text) => text == IntPtr.Zero ? null : Encoding.UTF8.GetString((byte*)text, Length(text));

    /// <summary>A copy of the bytes, for a secret that must not become a string.</summary>
    internal static byte[] Bytes(IntPtr text)
    {
        var bytes = new byte[Length(text)];
        Marshal.Copy(text, bytes, 0, bytes.Length);
        return bytes;
    }

    private static int Length(IntPtr text)
    {
        var length = 0;
        while (((byte*)text)[length] != 0) length++;
        return length;
    }

    internal static string Read(IntPtr text, ulong length) =>
        text == IntPtr.Zero ? "" : Encoding.UTF8.GetString((byte*)text, checked((int)length));
}
