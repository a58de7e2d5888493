// The argument of -FederatedToken: a token, which is converted to a SecureString, or a script block that returns one.

using System.Management.Automation;
using System.Security;

namespace MgPresence.SignIn;

/// <summary>Converts text to a SecureString and leaves a script block unchanged.</summary>
public sealed class FederatedTokenTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engine, object inputData) =>
        Bare.Of(inputData) switch
        {
            string text => AccessTokenTransformationAttribute.Secure(text),
            (SecureString or ScriptBlock) and var token => token,
            _ => throw new ArgumentTransformationMetadataException("A federated token is a SecureString, text, or a script block that returns one of them."),
        };
}
