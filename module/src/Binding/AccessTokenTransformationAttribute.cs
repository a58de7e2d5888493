// -AccessToken: a SecureString, or text, which stays in the shell's history, as the help says.
// Any other value is refused here, because PowerShell's binding error would show it.

using System.Management.Automation;
using System.Security;

namespace MgPresence;

/// <summary>Makes a SecureString of a text, and refuses what is neither.</summary>
public sealed class AccessTokenTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engine, object? inputData) =>
        Bare.Of(inputData) switch
        {
            string text => Secure(text),
            null or SecureString => inputData,
            _ => throw new ArgumentTransformationMetadataException("An access token is a SecureString, or text. Give the token alone, and not an object that has it."),
        };

    internal static SecureString Secure(string text)
    {
        var secret = new SecureString();
        foreach (var c in text) secret.AppendChar(c);
        secret.MakeReadOnly();
        return secret;
    }
}
