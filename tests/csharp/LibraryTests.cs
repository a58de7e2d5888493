// Where the binding looks for the native library.

using System;
using System.IO;
using System.Runtime.Loader;
using MgPresence.Interop;
using Xunit;

namespace MgPresence.Tests;

public sealed class LibraryTests
{
    // As in a program that is published as a single file.
    [Fact]
    public void AnAssemblyWithoutAFileLooksBesideTheProgram()
    {
        using var file = File.OpenRead(typeof(Library).Assembly.Location);
        var assembly = new AssemblyLoadContext("without a file").LoadFromStream(file);
        var folder = (string)assembly.GetType(typeof(Library).FullName!)!.GetProperty(nameof(Library.Folder))!.GetValue(null)!;
        Assert.Equal(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory), Path.GetDirectoryName(folder));
    }

    [Fact]
    public void ALaterVersionIsUsedWhereverItWasFound()
    {
        var library = Path.Combine(Environment.GetEnvironmentVariable("MGP_TARGET")!, "csharp-later/libmgpresence.so"); // made by tests/csharp/run
        var assembly = new LibraryAt(library).LoadFromAssemblyPath(typeof(Library).Assembly.Location);
        Assert.Equal("0.1.99", assembly.GetType(typeof(Library).FullName!)!.GetProperty(nameof(Library.Version))!.GetValue(null));
    }

    private sealed class LibraryAt(string path) : AssemblyLoadContext("another library")
    {
        protected override IntPtr LoadUnmanagedDll(string name) => LoadUnmanagedDllFromPath(path);
    }
}
