// What the library says about an operation before anything is sent.

namespace MgPresence.Interop;

/// <summary>Static knowledge about operations; the rules themselves stay in the library.</summary>
public static class Operations
{
    /// <summary>The availability and activity pairs that the operation accepts, as JSON <c>[["Available","Available"],…]</c>; null where it has none.</summary>
    public static string? Pairs(Operation operation)
    {
        Library.EnsureLoaded();
        return Utf8.Read(NativeMethods.mgp_operation_pairs_json((int)operation));
    }

    /// <summary>Method and path, such as <c>POST /users/{user-id}/presence/microsoft.graph.setPresence</c>; null where there is no such path.</summary>
    public static string? Route(Operation operation, TargetKind target)
    {
        Library.EnsureLoaded();
        return Utf8.Read(NativeMethods.mgp_operation_route((int)operation, (int)target));
    }
}
