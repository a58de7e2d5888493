// The log lines about retries. The library reports them on its own threads, where they are only stored under the id of the request. The
// thread that sent the request takes them when it polls.

using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace MgPresence.Interop;

/// <summary>A log line about a request.</summary>
internal sealed class Note(string id, string text)
{
    /// <summary>The request's client-request-id.</summary>
    internal string Id => id;

    internal string Text => text;
}

/// <summary>The notes about the requests of one owner. Only one thread may use it.</summary>
internal sealed class RetryNotes : IDisposable
{
    private const string IdHeader = "client-request-id";

    /// <summary>MGP_LOG_WARNING: requests that are sent again, and nothing more frequent.</summary>
    internal const int LogLevel = 2;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void LogLine(IntPtr user, int level, IntPtr subject, IntPtr message);

    private static readonly LogLine OnLine = FileLine; // must not be collected, since native code has its address

    /// <summary>mgp_client_options.log, the same for every client.</summary>
    internal static readonly IntPtr Callback = Marshal.GetFunctionPointerForDelegate(OnLine);

    /// <summary>
    /// mgp_client_options.log_user: keeps the function from being unloaded with its AssemblyLoadContext while the library may call it, which
    /// may be after the client was freed. The library owns it if the client is created.
    /// </summary>
    internal static GCHandle Lend() => GCHandle.Alloc(OnLine);

    private static readonly ConcurrentDictionary<string, ConcurrentQueue<Note>> Followed = new();

    private readonly ConcurrentQueue<Note> notes = new();
    private readonly HashSet<string> ids = [];

    /// <summary>
    /// Starts to store the notes about a request. Returns the id of the notes, or null if the caller has set an id, which may be that of
    /// several requests and is therefore followed to the end.
    /// </summary>
    internal string? Follow(PresenceRequest request)
    {
        var own = OwnId(request);
        var id = own ?? Guid.NewGuid().ToString();
        if (own is null) request.Headers.Add(new(IdHeader, id));
        Followed[id] = notes;
        ids.Add(id);
        return own is null ? id : null;
    }

    private static string? OwnId(PresenceRequest request)
    {
        for (var i = 0; i < request.Headers.Count; i++)
            if (request.Headers[i].Key.Equals(IdHeader, StringComparison.OrdinalIgnoreCase)) return request.Headers[i].Value;
        return null;
    }

    /// <summary>Stops storing notes about a request.</summary>
    internal void Forget(string id)
    {
        if (ids.Remove(id)) Followed.TryRemove(id, out _);
    }

    /// <summary>The next note, if there is one.</summary>
    internal bool TryTake(out Note note) => notes.TryDequeue(out note);

    public void Dispose()
    {
        foreach (var id in ids) Followed.TryRemove(id, out _);
    }

    // Stores a line "ID TEXT" about a retry. Exceptions must not reach native code.
    private static void FileLine(IntPtr user, int level, IntPtr subject, IntPtr message)
    {
        try
        {
            if (Utf8.Read(subject) != "retry" || Utf8.Read(message) is not { } line) return;
            var space = line.IndexOf(' ');
            if (space > 0 && Followed.TryGetValue(line.Substring(0, space), out var notes))
                notes.Enqueue(new Note(line.Substring(0, space), line.Substring(space + 1)));
        }
        catch (Exception)
        {
            // The note is lost, but the request continues.
        }
    }
}
