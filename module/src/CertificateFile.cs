// Checks -CaFile when a session is created. The library reads the file only with the first request over TLS, which is late to report a
// misspelled path.

using System;
using System.IO;

namespace MgPresence;

internal static class CertificateFile
{
    private const string Begin = "-----BEGIN CERTIFICATE-----";

    /// <summary>Throws if the file cannot contain certificates.</summary>
    /// <exception cref="ArgumentException">It is missing, cannot be read, or has no certificate in PEM.</exception>
    internal static void Check(string path)
    {
        // Check the length first, because opening a pipe would wait for a writer.
        var file = new FileInfo(path);
        if (!file.Exists) throw Refusal(path, Directory.Exists(path) ? "is a folder" : "does not exist");
        if (file.Length == 0) throw Refusal(path, "is empty");
        if (!Read(path).Contains(Begin)) throw Refusal(path, "has no certificate");
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Refusal(path, $"cannot be read ({failure.Message})");
        }
    }

    private static ArgumentException Refusal(string path, string why) =>
        new($"CaFile \"{path}\" {why}. Give a PEM file with at least one certificate.");
}
