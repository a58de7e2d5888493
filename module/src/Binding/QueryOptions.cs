// Builds the OData query options. A parameter that was left out adds none.

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

    /// <summary>$search, which Graph accepts only in quotation marks. They are added unless the text begins with one.</summary>
    internal QueryOptions AddSearch(string? text) =>
        Add("$search", string.IsNullOrEmpty(text) || text![0] == '"' ? text : $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"");

    internal QueryOptions Add(string name, string[]? values) => Add(name, values is null ? null : string.Join(",", values));

    internal QueryOptions Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));
}
