// -AccessToken: a SecureString, or a text for those who have nothing else. A text stays in the shell's history; the help says so.

using System.Management.Automation;
using System.Security;

namespace MgPresence;

/// <summary>Makes a SecureString of a text.</summary>
public sealed class AccessTokenTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engine, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is string text ? Secure(text) : inputData;

    internal static SecureString Secure(string text)
    {
        var secret = new SecureString();
        foreach (var c in text) secret.AppendChar(c);
        secret.MakeReadOnly();
        return secret;
    }
}
