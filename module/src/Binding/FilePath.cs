// Resolves file paths as PowerShell does: relative to its current location, and with PowerShell's drives.

using System;
using System.Management.Automation;

namespace MgPresence;

internal static class FilePath
{
    /// <summary>The path in the file system. The file need not exist.</summary>
    /// <exception cref="ArgumentException">The path is not one of a file, such as Env:x.</exception>
    internal static string Of(PSCmdlet cmdlet, string path)
    {
        var file = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        return provider.Name == "FileSystem" ? file : throw new ArgumentException($"{path} is not a path of a file.");
    }
}
