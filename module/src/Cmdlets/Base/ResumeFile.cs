// -ResumeFile: which inputs were confirmed, so that a second run skips them. A file of lines that is only appended to. Each line is written
// before the result of its input is, and counts once it is complete: what a killed process leaves behind does no harm.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace MgPresence.Cmdlets;

/// <summary>The inputs that this run and those before it have confirmed.</summary>
internal sealed class ResumeFile : IDisposable
{
    private const string Header = "# MgPresence resume file 1: time, operation, user, SHA-256 of operation, place, user and body";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    // One run at a time: two would not know of each other's inputs. Unix knows shared and exclusive locks only; programs that ask for none can read.
    private static readonly FileShare OneWriter = Path.DirectorySeparatorChar == '\\' ? FileShare.Read : FileShare.None;

    private readonly FileStream? file;
    private bool isBegun;
    private readonly HashSet<string> sent = new(StringComparer.OrdinalIgnoreCase);
    private readonly bool[] hasSent = new bool[2]; // by the naming

    // How often an input was confirmed and not skipped yet: a list may name it twice, with another one for that user in between.
    private readonly Dictionary<string, int> confirmed = new(StringComparer.Ordinal);

    /// <summary>Opens the file, and makes it if it is to be written.</summary>
    /// <exception cref="IOException">It cannot be opened, another run has it, or it is a file of something else.</exception>
    internal ResumeFile(string path, bool isReadOnly)
    {
        // A length comes first: opening a pipe for reading would wait for a writer.
        if (isReadOnly && (!File.Exists(path) || new FileInfo(path).Length == 0)) return;
        file = isReadOnly
            ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
            : new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, OneWriter, bufferSize: 1);
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
    /// Whether an earlier run has confirmed the call. Not where something was sent for its user before it in this run, by whatever name: what
    /// comes last in the list has to be the last again.
    /// </summary>
    internal bool Skips(Call call)
    {
        var isBehind = sent.Contains(User(call)) || hasSent[call.Naming == Naming.ObjectId ? (int)Naming.Name : (int)Naming.ObjectId];
        if (isBehind || !confirmed.TryGetValue(call.ResumeKey!.Hash, out var times) || times == 0) return false;
        confirmed[call.ResumeKey.Hash] = times - 1;
        return true;
    }

    /// <summary>The call is sent in this run.</summary>
    internal void Send(Call call)
    {
        sent.Add(User(call));
        hasSent[(int)call.Naming] = true;
    }

    /// <summary>Graph has confirmed the call.</summary>
    internal void Confirm(Call call)
    {
        var line = $"{DateTime.UtcNow.ToString("s", CultureInfo.InvariantCulture)}Z\t{call.ResumeKey!.Operation}\t{OneLine(User(call))}\t{call.ResumeKey.Hash}\n";
        var bytes = Utf8.GetBytes(line);
        file!.Write(bytes, 0, bytes.Length); // one write of the system, which a kill does not take back
    }

    public void Dispose() => file?.Dispose();

    private static string User(Call call) => call.Target.Id ?? "";

    private static string OneLine(string text) => text.Replace('\t', ' ').Replace('\n', ' ').Replace('\r', ' ');

    // Empty, or begun by us, even if we did not come to the end of the first line. A large file of something else, or a device, is not read to
    // its end, which it may not have.
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
        if (hash.Length == ResumeKey.HashLength) confirmed[hash] = confirmed.TryGetValue(hash, out var times) ? times + 1 : 1;
    }

    // Behind a line that was torn off begins a new one.
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
