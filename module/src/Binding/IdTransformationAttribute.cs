// Ids by value: a text, or anything that has an id.
// The binder tries -UserId before -InputObject, and would convert a hashtable to the text "System.Collections.Hashtable". Returning the
// id lets strings, CSV rows, Get-MgUser's objects, identities and hashtables bind as expected.

using System.Collections.Generic;
using System.Management.Automation;

namespace MgPresence;

/// <summary>Extracts the ids from the argument of -UserId, -PresenceId or -Ids.</summary>
/// <param name="parameter">The parameter.</param>
public sealed class IdTransformationAttribute(string parameter) : ArgumentTransformationAttribute
{
    // Limits the depth, for a list that contains itself.
    private const int MaxDepth = 3;

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engine, object? inputData) => IdsOf(inputData, parameter);

    /// <summary>The ids in a value or a list, as <see cref="Identity.OrFaults"/> gives them; at least one.</summary>
    internal static string[] IdsOf(object? value, string parameter)
    {
        var ids = new List<string>();
        Collect(value, 0);
        return ids.Count > 0 ? [.. ids] : Identity.OrFaults(null, parameter);

        void Collect(object? given, int depth)
        {
            if (Identity.ListOf(given) is { } items && depth < MaxDepth)
                foreach (var item in items) Collect(item, depth + 1);
            else
                ids.AddRange(Identity.OrFaults(given, parameter));
        }
    }
}
