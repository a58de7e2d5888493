// OData query options: what a parameter left out is left out here.

using System.Collections.Generic;
using System.Globalization;

namespace MgPresence;

internal sealed class QueryOptions
{
    private readonly List<KeyValuePair<string, string>> options = [];

    internal IList<KeyValuePair<string, string>> Options => options;

    internal QueryOptions Add(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) options.Add(new(name, value!));
        return this;
    }

    /// <summary>$search, which Graph takes in quotation marks only; those that are there stay.</summary>
    internal QueryOptions AddSearch(string? text) =>
        Add("$search", string.IsNullOrEmpty(text) || text![0] == '"' ? text : $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"");

    internal QueryOptions Add(string name, string[]? values) => Add(name, values is null ? null : string.Join(",", values));

    internal QueryOptions Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));
}
