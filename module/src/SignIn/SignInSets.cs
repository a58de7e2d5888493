// The parameter sets of Connect-MgPresence: those of Microsoft's module, and those for federated credentials, which only MgPresence has.

namespace MgPresence.SignIn;

internal static class SignInSets
{
    internal const string User = "UserParameterSet";
    internal const string AppCertificate = "AppCertificateParameterSet";
    internal const string AppSecretCredential = "AppSecretCredentialParameterSet";
    internal const string Identity = "IdentityParameterSet";
    internal const string EnvironmentVariable = "EnvironmentVariableParameterSet";
    internal const string AccessToken = "AccessTokenParameterSet";
    internal const string FederatedToken = "FederatedTokenParameterSet";
    internal const string FederatedTokenFile = "FederatedTokenFileParameterSet";
    internal const string GitHubActions = "GitHubActionsParameterSet";
}
