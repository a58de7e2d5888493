// -AccessToken: a SecureString, or a text for those who have nothing else. A text stays in the shell's history; the help says so.

using System.Management.Automation;
using System.Security;

namespace MgPresence;

/// <summary>Makes a SecureString of a text.</summary>
public sealed class AccessTokenTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engine, object inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not string text) return inputData;

        var secret = new SecureString();
        foreach (var c in text) secret.AppendChar(c);
        secret.MakeReadOnly();
        return secret;
    }
}
