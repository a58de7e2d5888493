// The names of the parameter sets: Microsoft's, and those with Me for -Me.

namespace MgPresence;

internal static class Sets
{
    internal const string Set = "Set", SetExpanded = "SetExpanded";
    internal const string SetViaIdentity = "SetViaIdentity", SetViaIdentityExpanded = "SetViaIdentityExpanded";
    internal const string SetMe = "SetMe", SetMeExpanded = "SetMeExpanded";

    internal const string Clear = "Clear", ClearExpanded = "ClearExpanded";
    internal const string ClearViaIdentity = "ClearViaIdentity", ClearViaIdentityExpanded = "ClearViaIdentityExpanded";
    internal const string ClearMe = "ClearMe", ClearMeExpanded = "ClearMeExpanded";

    internal const string Update = "Update", UpdateExpanded = "UpdateExpanded";
    internal const string UpdateViaIdentity = "UpdateViaIdentity", UpdateViaIdentityExpanded = "UpdateViaIdentityExpanded";
    internal const string UpdateMe = "UpdateMe", UpdateMeExpanded = "UpdateMeExpanded";

    internal const string Create = "Create", CreateExpanded = "CreateExpanded";

    internal const string Delete = "Delete", DeleteViaIdentity = "DeleteViaIdentity", DeleteMe = "DeleteMe";

    internal const string Get = "Get", GetViaIdentity = "GetViaIdentity", GetMe = "GetMe";
    internal const string GetExpanded = "GetExpanded", List = "List";

    /// <summary>The user is given as an identity object.</summary>
    internal static bool IsViaIdentity(string set) => set.Contains("ViaIdentity");

    /// <summary>The user is the one who signed in.</summary>
    internal static bool IsMe(string set) => set.EndsWith("Me", System.StringComparison.Ordinal) || set.EndsWith("MeExpanded", System.StringComparison.Ordinal);

    /// <summary>The body is given as single parameters.</summary>
    internal static bool IsExpanded(string set) => set.EndsWith("Expanded", System.StringComparison.Ordinal);
}
