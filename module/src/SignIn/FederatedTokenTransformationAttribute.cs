// -FederatedToken: a token, which becomes a SecureString, or a script block that returns one.

using System.Management.Automation;
using System.Security;

namespace MgPresence.SignIn;

/// <summary>Makes a SecureString of a text and leaves a script block as it is.</summary>
public sealed class FederatedTokenTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engine, object inputData) =>
        Bare.Of(inputData) switch
        {
            string text => AccessTokenTransformationAttribute.Secure(text),
            SecureString or ScriptBlock => Bare.Of(inputData),
            _ => throw new ArgumentTransformationMetadataException("A federated token is a SecureString, text, or a script block that returns one of them."),
        };
}
