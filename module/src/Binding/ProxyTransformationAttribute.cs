// -Proxy: a URL may have a password, and the binding error of PowerShell would show a text that is not one.

using System;
using System.Management.Automation;

namespace MgPresence;

/// <summary>Makes a URL of a text, and refuses what is not one.</summary>
public sealed class ProxyTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engine, object? inputData)
    {
        var given = Bare.Of(inputData);
        if (given is null or Uri) return given;
        return Uri.TryCreate(given as string, UriKind.RelativeOrAbsolute, out var url)
            ? url
            : throw new ArgumentTransformationMetadataException("The proxy is not a URL. Give one such as http://proxy.contoso.example:8080, with a port from 1 to 65535.");
    }
}
