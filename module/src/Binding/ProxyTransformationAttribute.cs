// -Proxy: text that is not a URL is refused here, because PowerShell's binding error would show it, and a URL may contain a password.

using System;
using System.Management.Automation;

namespace MgPresence;

/// <summary>Converts text to a URL, and refuses text that is not one.</summary>
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
