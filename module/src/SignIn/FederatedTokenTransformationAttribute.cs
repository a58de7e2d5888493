// -FederatedToken: a token, which becomes a SecureString, or a script block that returns one.

using System.Management.Automation;
using System.Security;

namespace MgPresence.SignIn;

/// <summary>Makes a SecureString of a text and leaves a script block as it is.</summary>
public sealed class FederatedTokenTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engine, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            string text => AccessTokenTransformationAttribute.Secure(text),
            SecureString or ScriptBlock => inputData is PSObject it ? it.BaseObject : inputData,
            _ => throw new ArgumentTransformationMetadataException("A federated token is a SecureString, text, or a script block that returns one of them."),
        };
}
