// Ids by value: a text, or anything that has an id.
// The binder tries -UserId before -InputObject and turns a hashtable into the text "System.Collections.Hashtable" when it may; returning
// the id lets strings, CSV rows, Get-MgUser's objects, identities and hashtables all bind as a person expects.

using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Xml;

namespace MgPresence;

/// <summary>Takes the ids out of what was given to -UserId, -PresenceId or -Ids.</summary>
/// <param name="parameter">The parameter.</param>
public sealed class IdTransformationAttribute(string parameter) : ArgumentTransformationAttribute
{
    // Bounds what a list that contains itself costs.
    private const int MaxDepth = 3;

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engine, object? inputData) => IdsOf(inputData, parameter);

    /// <summary>The ids in a value or a list, as <see cref="Identity.OrFault"/> gives them; at least one.</summary>
    internal static string[] IdsOf(object? value, string parameter)
    {
        var ids = new List<string>();
        Collect(value, 0);
        return ids.Count > 0 ? [.. ids] : [Identity.OrFault(null, parameter)];

        void Collect(object? given, int depth)
        {
            if (AsList(given) is { } items && depth < MaxDepth)
                foreach (var item in items) Collect(item, depth + 1);
            else
                ids.Add(Identity.OrFault(given, parameter));
        }
    }

    private static IEnumerable? AsList(object? value) =>
        Bare.Of(value) is var bare and not (string or IDictionary or XmlNode) and IEnumerable ? (IEnumerable)bare : null;
}
