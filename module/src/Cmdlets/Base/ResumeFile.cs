// -ResumeFile: remembers which inputs were confirmed, so that a second run skips them. Lines are only appended. Each line is written
// before the result of its input, and is valid only if it is complete, so that a killed process leaves a usable file.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace MgPresence.Cmdlets;

/// <summary>The inputs that this run and earlier ones have confirmed.</summary>
internal sealed class ResumeFile : IDisposable
{
    private const string Header = "# MgPresence resume file 1: time, operation, user, SHA-256 of operation, place, user and body";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    // One run at a time, since two runs would not know about each other's inputs. On Unix, programs that do not lock the file can still read it.
    private static readonly FileShare OneWriter = Path.DirectorySeparatorChar == '\\' ? FileShare.Read : FileShare.None;

    // ERROR_SHARING_VIOLATION on Windows, EWOULDBLOCK on Linux and on macOS.
    private static readonly int[] SharingViolations = [unchecked((int)0x80070020), 11, 35];

    private readonly string path;
    private readonly Action<IOException> unwritten;
    private readonly FileStream? file;
    private bool isFull;
    private bool isBegun;
    private int linesRead;

    // The lines that confirm an input. A list may contain an input twice, with another one for the same user between.
    private readonly Dictionary<string, List<int>> confirmed = new(StringComparer.Ordinal);

    // The last line that this run has used, by the user and by the naming. For an input that is sent, it is the line that will be written.
    private readonly Dictionary<string, int> lastOfUser = new(StringComparer.OrdinalIgnoreCase);
    private readonly int[] lastOfNaming = new int[2];

    /// <summary>Opens the file, and creates it if it will be written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isReadOnly">Whether nothing will be confirmed.</param>
    /// <param name="unwritten">Told once if the file can no longer be written.</param>
    /// <exception cref="IOException">It cannot be opened, another run is using it, or it is not a resume file.</exception>
    internal ResumeFile(string path, bool isReadOnly, Action<IOException> unwritten)
    {
        (this.path, this.unwritten) = (path, unwritten);
        // Check the length first, because opening a pipe for reading would wait for a writer.
        if (isReadOnly && (!File.Exists(path) || new FileInfo(path).Length == 0)) return;
        file = isReadOnly
            ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
            : OpenAlone(path);
        try
        {
            if (!file.CanSeek || !IsOurs()) throw new IOException($"{path} is not a resume file. Name a file that does not exist yet, or one that -ResumeFile has made.");
            using (var lines = new StreamReader(file, Utf8, detectEncodingFromByteOrderMarks: true, bufferSize: 4096, leaveOpen: true))
            {
                while (lines.ReadLine() is { } line) Take(line);
            }
            if (!isReadOnly) Continue();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether an earlier run has confirmed the call, after everything that comes before it for the same user, under any name: the last input
    /// for a user has to be the last one that Graph has confirmed.
    /// </summary>
    internal bool Skips(Call call)
    {
        var other = call.Naming == Naming.ObjectId ? Naming.Name : Naming.ObjectId;
        var before = Math.Max(lastOfNaming[(int)other], lastOfUser.TryGetValue(User(call), out var line) ? line : 0);
        if (!confirmed.TryGetValue(call.ResumeKey!.Hash, out var places) || places.Find(place => place > before) is not (> 0 and var confirmation)) return false;
        Use(call, confirmation);
        return true;
    }

    /// <summary>Records that this run sends the call.</summary>
    internal void Send(Call call) => Use(call, int.MaxValue);

    /// <summary>Records that Graph has confirmed the call.</summary>
    internal void Confirm(Call call)
    {
        if (isFull) return;
        var line = $"{DateTime.UtcNow.ToString("s", CultureInfo.InvariantCulture)}Z\t{call.ResumeKey!.Operation}\t{OneLine(User(call))}\t{call.ResumeKey.Hash}\n";
        var bytes = Utf8.GetBytes(line);
        try
        {
            file!.Write(bytes, 0, bytes.Length); // one system call, which cannot be interrupted halfway
        }
        catch (Exception failure) when (failure is IOException or ArgumentException) // the latter at the system's limit for a file
        {
            isFull = true;
            unwritten(new IOException($"{path} can no longer be written: {failure.Message} This run goes on, but the next one sends its inputs again from here.", failure));
        }
    }

    public void Dispose() => file?.Dispose();

    private void Use(Call call, int line)
    {
        lastOfUser[User(call)] = line;
        lastOfNaming[(int)call.Naming] = Math.Max(lastOfNaming[(int)call.Naming], line);
    }

    private static FileStream OpenAlone(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, OneWriter, bufferSize: 1);
        }
        catch (IOException failure) when (Array.IndexOf(SharingViolations, failure.HResult) >= 0)
        {
            throw new IOException($"{path} is in use by another cmdlet. Give each cmdlet a resume file of its own, and wait until an earlier run has ended.", failure);
        }
    }

    private static string User(Call call) => call.Target.Id ?? "";

    private static string OneLine(string text) => text.Replace('\t', ' ').Replace('\n', ' ').Replace('\r', ' ');

    // The file is empty or begins with our first line, even an incomplete one. Any other file, which may be large or a device, is not read
    // to its end.
    private bool IsOurs()
    {
        var begin = new char[Header.Length];
        using var text = new StreamReader(file!, Utf8, detectEncodingFromByteOrderMarks: true, bufferSize: 4096, leaveOpen: true);
        var length = text.ReadBlock(begin, 0, begin.Length);
        isBegun = length == Header.Length;
        file!.Seek(0, SeekOrigin.Begin);
        return Header.StartsWith(new string(begin, 0, length), StringComparison.Ordinal);
    }

    private void Take(string line)
    {
        var hash = line.Substring(line.LastIndexOf('\t') + 1).TrimEnd('\r');
        linesRead++;
        if (hash.Length != ResumeKey.HashLength) return;
        if (!confirmed.TryGetValue(hash, out var places)) confirmed[hash] = places = [];
        places.Add(linesRead);
    }

    // After an incomplete line, begin a new one.
    private void Continue()
    {
        if (!isBegun) file!.SetLength(0);
        var begin = Utf8.GetBytes(!isBegun ? Header + "\n" : LastByte() == '\n' ? "" : "\n");
        file!.Seek(0, SeekOrigin.End);
        file.Write(begin, 0, begin.Length);
    }

    private int LastByte()
    {
        file!.Seek(-1, SeekOrigin.End);
        return file.ReadByte();
    }
}
