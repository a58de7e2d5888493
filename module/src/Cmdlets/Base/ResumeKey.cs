// Identifies an input from one run to the next: by the service, the tenant, the caller, the operation, the user and the body.

using System;
using System.Linq;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using MgPresence.Interop;
using MgPresence.Json;

namespace MgPresence.Cmdlets;

/// <summary>The identity of an input.</summary>
internal sealed class ResumeKey
{
    internal const int HashLength = 64;

    /// <param name="operation">The operation.</param>
    /// <param name="place">What <see cref="PlaceOf"/> gives.</param>
    /// <param name="user">The user id that was given; null for the signed-in user.</param>
    /// <param name="json">The body.</param>
    internal ResumeKey(Operation operation, string place, string? user, string? json)
    {
        Operation = operation;
        using var sha = SHA256.Create();
        var hash = sha.ComputeHash(Encoding.UTF8.GetBytes($"{operation}\n{place}\n{user?.ToLowerInvariant()}\n{Canonical(json)}"));
        Hash = BitConverter.ToString(hash).Replace("-", "").ToLowerInvariant();
    }

    internal Operation Operation { get; }

    /// <summary>SHA-256 in hexadecimal digits.</summary>
    internal string Hash { get; }

    /// <summary>The service, the tenant and the caller. Inputs that an emulator or another tenant has confirmed are not confirmed here.</summary>
    internal static string PlaceOf(PresenceContext session, SecureString? ownToken)
    {
        var who = ownToken is null ? $"{session.TenantId}\n{session.ClientId}\n{session.Account}" : WhoseIs(ownToken);
        return $"{session.Service}\n{who}";
    }

    private static string WhoseIs(SecureString token)
    {
        try
        {
            using var credential = PresenceCredential.FromToken(token);
            var about = (JsonObject)JsonReader.Read(credential.About)!;
            return $"{about.Text("tenantId")}\n{about.Text("clientId")}\n{about.Text("account")}";
        }
        catch (Exception failure) when (failure is PresenceException or ArgumentException) // the request will report why
        {
            return "";
        }
    }

    // The order of a hashtable's members differs between processes.
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
