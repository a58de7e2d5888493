// What an input is known by from one run to the next: the operation, the user and the body.

using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using MgPresence.Interop;
using MgPresence.Json;

namespace MgPresence.Cmdlets;

/// <summary>The identity of an input.</summary>
internal sealed class ResumeKey
{
    internal const int HashLength = 64;

    internal ResumeKey(Operation operation, string? user, string? json)
    {
        Operation = operation;
        using var sha = SHA256.Create();
        var hash = sha.ComputeHash(Encoding.UTF8.GetBytes($"{operation}\n{user?.ToLowerInvariant()}\n{Canonical(json)}"));
        Hash = BitConverter.ToString(hash).Replace("-", "").ToLowerInvariant();
    }

    internal Operation Operation { get; }

    /// <summary>SHA-256 in hexadecimal digits.</summary>
    internal string Hash { get; }

    // A hashtable gives its members in another order in each process.
    private static string? Canonical(string? json) =>
        json is not null && JsonReader.TryReadObject(json) is { } body ? JsonWriter.Write(Sorted(body)) : json;

    private static object? Sorted(object? value) => value switch
    {
        JsonObject members => SortedObject(members),
        object?[] items => Array.ConvertAll(items, Sorted),
        _ => value,
    };

    private static JsonObject SortedObject(JsonObject members)
    {
        var sorted = new JsonObject();
        foreach (var member in members.OrderBy(member => member.Key, StringComparer.Ordinal)) sorted.Add(member.Key, Sorted(member.Value));
        return sorted;
    }
}
