// Ids by value: a text, or anything that has an id.
// The binder tries -UserId before -InputObject and turns a hashtable into the text "System.Collections.Hashtable" when it may; returning
// the id lets strings, CSV rows, Get-MgUser's objects, identities and hashtables all bind as a person expects.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;

namespace MgPresence;

/// <summary>Takes the id out of what was given to -UserId or -PresenceId.</summary>
/// <param name="parameter">The parameter, whose name comes first among those that an object's id may have.</param>
public sealed class IdTransformationAttribute(string parameter) : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engine, object inputData)
    {
        if (inputData is null or PSObject { BaseObject: null }) return inputData;
        if (AsList(inputData) is not { } items) return IdOf(inputData);

        var ids = new List<string>();
        foreach (var item in items) ids.Add(IdOf(item));
        return ids.ToArray();
    }

    private static IEnumerable? AsList(object value) =>
        (value is PSObject wrapped ? wrapped.BaseObject : value) is var bare and not string and not IDictionary and IEnumerable ? (IEnumerable)bare : null;

    private string IdOf(object? value) => Identity.Of(value, parameter) ?? throw new ArgumentTransformationMetadataException(
        $"{LanguagePrimitives.ConvertTo<string>(value)} has no id; give a text, or an object with {parameter}, Id or UserPrincipalName");
}
