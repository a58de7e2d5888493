// The argument of -Environment: the name of a cloud, or the endpoints of a cloud that the library does not know.

using System;
using System.Collections;
using System.Management.Automation;

namespace MgPresence;

/// <summary>The addresses of Graph and of the sign-in service.</summary>
public sealed class PresenceEnvironment
{
    internal PresenceEnvironment(string? name, Uri? graph, Uri? login)
    {
        Name = name;
        GraphEndpoint = graph;
        AzureADEndpoint = login;
    }

    /// <summary>The name.</summary>
    public string? Name { get; }

    /// <summary>The address of Graph; null for a cloud that the library knows by name.</summary>
    public Uri? GraphEndpoint { get; }

    /// <summary>The address of the sign-in service; null for a cloud that the library knows by name.</summary>
    public Uri? AzureADEndpoint { get; }

    /// <summary>The cloud name for the library; null if endpoints are given.</summary>
    internal string? Cloud => GraphEndpoint is null ? Name : null;

    /// <inheritdoc/>
    public override string ToString() => Name ?? GraphEndpoint?.ToString() ?? "";
}

/// <summary>Converts a name, an emulator, or an object or hashtable with endpoints, such as the output of Get-MgEnvironment, to an environment.</summary>
public sealed class EnvironmentTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engine, object inputData)
    {
        var given = Bare.WithMembers(inputData);
        return given switch
        {
            null or PresenceEnvironment => given,
            string name => new PresenceEnvironment(name, null, null),
            EmulatorProcess emulator => new PresenceEnvironment("Emulator", emulator.Url, emulator.Url),
            _ => FromObject(given),
        };
    }

    private static PresenceEnvironment FromObject(object given)
    {
        Uri Endpoint(string name) => Uri.TryCreate(Text(given, name), UriKind.Absolute, out var url)
            ? url
            : throw new ArgumentTransformationMetadataException($"The environment has no {name} that is a URL. Give a name, or Name, GraphEndpoint and AzureADEndpoint.");
        if (Text(given, "Name") is not { Length: > 0 } name)
            throw new ArgumentTransformationMetadataException("The environment has no Name, which is to tell it from a cloud. Give a name, or Name, GraphEndpoint and AzureADEndpoint.");
        return new PresenceEnvironment(name, Endpoint("GraphEndpoint"), Endpoint("AzureADEndpoint"));
    }

    private static string? Text(object given, string name) =>
        (given is IDictionary entries ? entries[name] : PSObject.AsPSObject(given).Properties[name]?.Value)?.ToString();
}
