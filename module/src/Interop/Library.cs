// Finds the native library, and checks that this binding can use it. The library is loaded by the first call.

using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;

namespace MgPresence.Interop;

/// <summary>Loads and checks the native library, once in a process.</summary>
public static class Library
{
    internal const string Name = "mgpresence";

    // The ABI version in include/mgpresence.h: the library needs the same major version and at least this minor version.
    private const uint Major = 0, Minor = 1;

    private static volatile bool isChecked;

    /// <summary>The version of the native library.</summary>
    public static string Version
    {
        get
        {
            EnsureLoaded();
            return Utf8.Read(NativeMethods.mgp_version()) ?? "";
        }
    }

    /// <summary>Throws if the library is missing, for another kind of machine, or of another version.</summary>
    internal static void EnsureLoaded()
    {
        if (isChecked) return;
        Check();
        isChecked = true;
    }

    private static void Check()
    {
        uint abi;
        string version;
        try
        {
            if (IsDotNetFramework) LoadBesideAssembly();
            (abi, version) = (NativeMethods.mgp_abi_version(), Utf8.Read(NativeMethods.mgp_version())!);
        }
        catch (EntryPointNotFoundException failure)
        {
            throw Other("does not say which version it is", failure);
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            // The loader's message has ten lines about every place where it looked. It stays in the inner exception.
            var why = File.Exists(ExpectedPath) ? "cannot be loaded. Check that it was built for this machine." : $"is missing. Install the whole package again. A program that uses this assembly alone needs lib{Name} where the system's loader looks for libraries.";
            throw new DllNotFoundException($"The native library {ExpectedPath} {why}", failure);
        }

        var (major, minor) = (abi >> 16, abi & 0xFFFF);
        if (major != Major || minor < Minor) throw Other($"is version {version} with ABI {major}.{minor}", null);
        if (version == OwnVersion) return; // the same package, so the functions need not be checked, which would take longer than a call
        if (MissingFunction() is { } missing) throw Other($"is version {version} with ABI {major}.{minor} and lacks {missing}", null);
    }

    // With .NET's own NativeLibrary, which netstandard2.0 and .NET Framework do not have.
    private static string? MissingFunction()
    {
        if (Type.GetType("System.Runtime.InteropServices.NativeLibrary, System.Runtime.InteropServices") is not { } loader) return null;
        var load = loader.GetMethod("Load", [typeof(string), typeof(Assembly), typeof(DllImportSearchPath?)])!;
        var library = load.Invoke(null, [Name, typeof(Library).Assembly, null]); // the one that is loaded, wherever it was found
        var find = loader.GetMethod("TryGetExport")!;
        return typeof(NativeMethods).GetMethods(BindingFlags.Static | BindingFlags.NonPublic).Select(function => function.Name)
            .FirstOrDefault(name => !(bool)find.Invoke(null, [library, name, null])!);
    }

    private static string OwnVersion => typeof(Library).Assembly.GetName().Version.ToString(3);

    private static DllNotFoundException Other(string what, Exception? reason) =>
        new($"The native library {(File.Exists(ExpectedPath) ? ExpectedPath : $"lib{Name}")} {what}. This assembly is version {OwnVersion} and needs ABI {Major}.{Minor} or a later {Major}.x. Install both from the same package.", reason);

    private static bool IsDotNetFramework => RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal);

    /// <summary>The folder of this machine's native files: &lt;folder of the assembly&gt;/&lt;rid&gt;.</summary>
    public static string Folder
    {
        get
        {
            var system = IsOn(OSPlatform.Windows) ? "win" : IsOn(OSPlatform.OSX) ? "osx" : "linux";
            var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
            var assembly = typeof(Library).Assembly.Location; // "" in a program that is a single file
            return Path.Combine(assembly == "" ? AppContext.BaseDirectory : Path.GetDirectoryName(assembly)!, $"{system}-{architecture}");
        }
    }

    private static string ExpectedPath => Path.Combine(Folder, $"{Name}.{(IsOn(OSPlatform.Windows) ? "dll" : IsOn(OSPlatform.OSX) ? "dylib" : "so")}");

    private static bool IsOn(OSPlatform platform) => RuntimeInformation.IsOSPlatform(platform);

    // PowerShell 7 finds <folder>/<rid>/mgpresence.* by itself. Windows PowerShell 5.1 does not look there; once a library is loaded,
    // its name resolves to it.
    private static void LoadBesideAssembly()
    {
        if (LoadLibrary(ExpectedPath) == IntPtr.Zero)
            throw new DllNotFoundException($"LoadLibrary failed with error {Marshal.GetLastWin32Error()}");
    }

    [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true, EntryPoint = "LoadLibraryW", ExactSpelling = true)]
    private static extern IntPtr LoadLibrary(string path);
}
