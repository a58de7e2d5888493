// Finds certificates by thumbprint or subject in Cert:\CurrentUser\My and then in Cert:\LocalMachine\My. On Linux and macOS, .NET provides the
// first of these stores.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MgPresence.SignIn;

internal static class CertificateStore
{
    private const int ThumbprintLength = 40; // SHA-1 in hexadecimal

    /// <summary>The certificate with a thumbprint.</summary>
    /// <exception cref="ArgumentException">The text is not a thumbprint, or no store has the certificate with its private key.</exception>
    internal static X509Certificate2 ByThumbprint(string thumbprint)
    {
        // A thumbprint that is copied from Windows' certificate dialog has spaces between the bytes and starts with an invisible character.
        var digits = new string([.. thumbprint.Where(Uri.IsHexDigit)]);
        if (digits.Length != ThumbprintLength)
            throw new ArgumentException($"-CertificateThumbprint has {digits.Length} hexadecimal digits. A thumbprint has {ThumbprintLength}.");
        return Choose(certificate => certificate.Thumbprint.Equals(digits, StringComparison.OrdinalIgnoreCase), $"the thumbprint {digits}");
    }

    /// <summary>The certificate with a subject, given as a distinguished name (CN=...) or a common name. Of several, the one that expires last.</summary>
    /// <exception cref="ArgumentException">No store has the certificate with its private key.</exception>
    internal static X509Certificate2 BySubject(string subject)
    {
        bool IsSame(string name) => name.Equals(subject, StringComparison.OrdinalIgnoreCase);
        return Choose(
            certificate => IsSame(certificate.Subject) || IsSame(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)),
            $"the subject {Printable.Start(subject)}");
    }

    private static X509Certificate2 Choose(Func<X509Certificate2, bool> isMeant, string what)
    {
        var found = All().Where(isMeant).ToList();
        if (found.Count == 0) throw new ArgumentException($"There is no certificate with {what} in Cert:\\CurrentUser\\My or Cert:\\LocalMachine\\My. Import it, or give a file with -CertificatePath.");
        return found.Where(certificate => certificate.HasPrivateKey).OrderByDescending(certificate => certificate.NotAfter).FirstOrDefault()
            ?? throw new ArgumentException($"The certificate with {what} has no private key in the store. Import it together with its key.");
    }

    private static IEnumerable<X509Certificate2> All() =>
        new[] { StoreLocation.CurrentUser, StoreLocation.LocalMachine }.SelectMany(In);

    private static IEnumerable<X509Certificate2> In(StoreLocation location)
    {
        using var store = new X509Store(StoreName.My, location);
        try
        {
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            return [.. store.Certificates.Cast<X509Certificate2>()];
        }
        catch (Exception failure) when (failure is CryptographicException or PlatformNotSupportedException)
        {
            return []; // the store does not exist, such as LocalMachine on Linux
        }
    }
}
