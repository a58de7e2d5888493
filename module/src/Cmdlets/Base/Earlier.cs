// Finds the writes under way that a later write has to wait for, so that the last one for a user wins. The library keeps the order of
// batched requests that name their user in the same way. It does not know about requests outside of batches and about reads after a
// write (-Verify), and only Graph knows which object id belongs to which principal name.

using System;
using System.Collections.Generic;

namespace MgPresence.Cmdlets;

/// <summary>Keeps the order of writes where the library does not.</summary>
internal sealed class Earlier
{
    private readonly int[] writes = new int[2]; // by their naming
    private readonly HashSet<string> unordered = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a call has to wait for an earlier one.</summary>
    internal bool Holds(Call call) =>
        call.IsWrite && (writes[call.Naming == Naming.ObjectId ? (int)Naming.Name : (int)Naming.ObjectId] > 0 || unordered.Contains(User(call)));

    /// <summary>Records that a call is sent.</summary>
    internal void Add(Call call, bool isBatched)
    {
        if (!call.IsWrite) return;
        writes[(int)call.Naming]++;
        if (!isBatched || call.Next is not null) unordered.Add(User(call));
    }

    /// <summary>Records that a call has ended.</summary>
    internal void Remove(Call call)
    {
        if (!call.IsWrite) return;
        writes[(int)call.Naming]--;
        if (unordered.Count > 0) unordered.Remove(User(call));
    }

    private static string User(Call call) => call.Target.Id ?? "";
}
