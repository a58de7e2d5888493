// Which ids name the same user: those that differ in the case of their letters, as the library compares them.

using System;
using System.Collections.Generic;

namespace MgPresence;

/// <summary>Compares ids without regard to the case of their ASCII letters. .NET and Rust disagree about some other letters.</summary>
internal sealed class UserIdComparer : IEqualityComparer<string>
{
    internal static readonly UserIdComparer Instance = new();

    public bool Equals(string? one, string? other) => one is null || other is null ? one == other : Lower(one) == Lower(other);

    public int GetHashCode(string id) => Lower(id).GetHashCode();

    private static string Lower(string id) => new(Array.ConvertAll(id.ToCharArray(), letter => letter is >= 'A' and <= 'Z' ? char.ToLowerInvariant(letter) : letter));
}
