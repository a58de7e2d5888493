// Cmdlets whose request may have a body: given whole with -BodyParameter, or built from single parameters.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using MgPresence.Interop;
using MgPresence.Json;

namespace MgPresence.Cmdlets;

/// <summary>A cmdlet whose request may have a body, and whose input is checked before it is sent.</summary>
public abstract class BodyCmdlet : TargetedCmdlet
{
    // The values of the parameters that fill the body, by parameter.
    private readonly Dictionary<string, object?> values = [];

    /// <summary>Sends the request without checking it against the rules about presence, since the service may accept new pairs before the library knows them. An id that would change the request path is still refused.</summary>
    [Parameter]
    public SwitchParameter SkipValidation { get; set; }

    // True even for reading with a body, since Microsoft's cmdlet has -WhatIf and -Confirm.
    private protected sealed override bool AsksFirst => true;

    private protected override RequestOptions Options => SkipValidation ? RequestOptions.SkipValidation : RequestOptions.None;

    /// <summary>The body: -BodyParameter as given, or built from single parameters.</summary>
    private protected object BodyOf(BodyShape shape, object? bodyParameter, Hashtable? additionalProperties)
    {
        RefuseRows();
        if (Sets.IsExpanded(ParameterSetName)) return BodyBuilder.Expand(shape, additionalProperties, TryGet);

        var body = BodyConverter.Convert(bodyParameter, shape);
        if (body is JsonObject json && !IsNamed("BodyParameter")) RefuseRow(json, shape);
        return body;
    }

    /// <summary>What a body parameter's property gives.</summary>
    private protected T? Value<T>([CallerMemberName] string parameter = "")
        where T : class => values.TryGetValue(parameter, out var value) ? (T?)value : null;

    /// <summary>What a body parameter's property takes. PowerShell sets a piped value to null before the next record.</summary>
    private protected void SetValue(object? value, [CallerMemberName] string parameter = "") => values[parameter] = value;

    // An empty cell of a CSV file is not a value; '' on the command line is.
    private bool TryGet(string parameter, out object? value) =>
        (values.TryGetValue(parameter, out value) && (IsNamed(parameter) || IsValue(value)))
        || (PipedRow is { } row && IsByPropertyName(parameter) && IsValue(value = Identity.Member(row, parameter)));

    private static bool IsValue(object? value) => value is not (null or "" or Duration { Text: "" });

    // PowerShell binds the properties of a piped object to parameters of their names, but not the keys of a piped hashtable.
    private object? PipedRow =>
        !IsNamed(IdParameter) && TargetIds is { Length: > 0 } ids && Identity.RowOf(ids[0]) is { } row && Array.TrueForAll(ids, id => Identity.RowOf(id) == row) ? row : null;

    // One body serves all ids of an input, so the columns of several rows have no place in it.
    private void RefuseRows()
    {
        if (IsNamed(IdParameter) || TargetIds is not { Length: > 1 } ids || PipedRow is not null) return;
        if (UnreadColumn(null) is { } column)
            throw new ArgumentException($"A list of {ids.Length} rows was piped as one object, so the {column} of each cannot be read. Pipe the rows one by one, for example through ForEach-Object {{ $_ }}.");
    }

    /// <summary>A column that the rows of the input have, that is not given otherwise, and that the cmdlet reads of a row that is piped alone; null if there is none.</summary>
    private protected string? UnreadColumn(IDictionary? given)
    {
        var rows = (TargetIds ?? []).Select(Identity.RowOf).OfType<object>().ToArray();
        var others = (given?.Keys ?? Array.Empty<string>()).OfType<string>();
        var columns = MyInvocation.MyCommand.Parameters.Keys.Where(name => name != IdParameter && !IsNamed(name) && IsByPropertyName(name))
            .Except(others, StringComparer.OrdinalIgnoreCase);
        return columns.FirstOrDefault(name => Array.Exists(rows, row => Identity.Member(row, name) is not null));
    }

    private bool IsByPropertyName(string parameter) =>
        MyInvocation.MyCommand.Parameters[parameter].ParameterSets.TryGetValue(ParameterSetName, out var set) && set.ValueFromPipelineByPropertyName;

    // With -UserId on the command line, a piped row would become the body, and its user would be ignored.
    private static void RefuseRow(JsonObject body, BodyShape shape)
    {
        var names = new[] { "UserId", "PresenceId", "UserPrincipalName", "Id" }.Where(name => shape.Find(name) is null && body.ContainsKey(name));
        if (names.FirstOrDefault() is { } name)
            throw new ArgumentException(
                $"The piped object names a user ({name}: {body[name]}) and would be sent as the body. Name the user once, or give the body with -BodyParameter.");
    }
}
