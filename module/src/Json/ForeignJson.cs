// Reads JSON values of System.Text.Json and Newtonsoft.Json, which a script may get from a .NET library. Their properties do not contain the
// JSON. netstandard2.0 has neither library, so the types are found by name.

using System;
using System.Linq;
using System.Reflection;

namespace MgPresence.Json;

/// <summary>Reads the JSON values of other libraries.</summary>
internal static class ForeignJson
{
    /// <summary>Converts a JSON value of another library, and returns any other value unchanged.</summary>
    /// <exception cref="ArgumentException">The value cannot be read, such as one of a JsonDocument that was disposed of.</exception>
    internal static object? Read(object? value) => value?.GetType() switch
    {
        { Namespace: "System.Text.Json", Name: "JsonElement" or "JsonDocument" } or { Namespace: "System.Text.Json.Nodes" } =>
            Read(value, "System.Text.Json.JsonSerializer", "Serialize", "Object", "Type", "JsonSerializerOptions"),
        { Namespace: "Newtonsoft.Json.Linq" } => Read(value, "Newtonsoft.Json.JsonConvert", "SerializeObject", "Object"),
        _ => value,
    };

    // The library's own method returns the text. The types of its parameters are also found by name.
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
