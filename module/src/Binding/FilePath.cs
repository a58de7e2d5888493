// Paths of files as PowerShell has them: relative to its location, and with drives that need not be the file system's.

using System;
using System.Management.Automation;

namespace MgPresence;

internal static class FilePath
{
    /// <summary>The path as the system knows it. There need not be a file.</summary>
    /// <exception cref="ArgumentException">The path is not one of a file, such as Env:x.</exception>
    internal static string Of(PSCmdlet cmdlet, string path)
    {
        var file = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        return provider.Name == "FileSystem" ? file : throw new ArgumentException($"{path} is not a path of a file.");
    }
}
