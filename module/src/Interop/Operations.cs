// What the library knows about an operation, without sending anything.

namespace MgPresence.Interop;

/// <summary>The pairs and routes of operations, from the library.</summary>
public static class Operations
{
    /// <summary>The pairs of availability and activity that the operation accepts, as JSON <c>[["Available","Available"],…]</c>; null if it has no such rule.</summary>
    public static string? Pairs(Operation operation)
    {
        Library.EnsureLoaded();
        return Utf8.Read(NativeMethods.mgp_operation_pairs_json((int)operation));
    }

    /// <summary>Method and path, such as <c>POST /users/{user-id}/presence/microsoft.graph.setPresence</c>; null if there is no such path.</summary>
    public static string? Route(Operation operation, TargetKind target)
    {
        Library.EnsureLoaded();
        return Utf8.Read(NativeMethods.mgp_operation_route((int)operation, (int)target));
    }
}
