// JSON values of System.Text.Json and Newtonsoft.Json, such as a script gets from a .NET library. Their properties say nothing of the JSON.
// netstandard2.0 has neither library, so that their types are known by name.

using System;
using System.Linq;
using System.Reflection;

namespace MgPresence.Json;

/// <summary>Reads values that another library holds as JSON.</summary>
internal static class ForeignJson
{
    /// <summary>What the JSON stands for; every other value as it is.</summary>
    /// <exception cref="ArgumentException">The value cannot be read, such as one of a JsonDocument that was disposed of.</exception>
    internal static object? Read(object? value) => value?.GetType() switch
    {
        { Namespace: "System.Text.Json", Name: "JsonElement" or "JsonDocument" } or { Namespace: "System.Text.Json.Nodes" } =>
            Read(value, "System.Text.Json.JsonSerializer", "Serialize", "Object", "Type", "JsonSerializerOptions"),
        { Namespace: "Newtonsoft.Json.Linq" } => Read(value, "Newtonsoft.Json.JsonConvert", "SerializeObject", "Object"),
        _ => value,
    };

    // The library's own method makes the text. The types of its parameters are known by name as well.
    private static object? Read(object value, string writer, string method, params string[] parameters)
    {
        var write = value.GetType().Assembly.GetType(writer, throwOnError: true).GetMethods()
            .First(found => found.Name == method && found.GetParameters().Select(parameter => parameter.ParameterType.Name).SequenceEqual(parameters));
        object?[] arguments = parameters.Length == 1 ? [value] : [value, value.GetType(), null];
        try
        {
            return JsonReader.ReadExact((string)write.Invoke(null, arguments)!);
        }
        catch (TargetInvocationException failure)
        {
            throw new ArgumentException($"A {value.GetType().FullName} cannot be read: {failure.InnerException!.Message}", failure.InnerException);
        }
    }
}
