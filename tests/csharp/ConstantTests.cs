// The numbers that the binding repeats are those of the header.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using MgPresence.Interop;
using Xunit;

namespace MgPresence.Tests;

public sealed class ConstantTests
{
    private static readonly Dictionary<string, long> Header = File
        .ReadLines(Path.Combine(AppContext.BaseDirectory, "mgpresence.h"))
        .Select(line => Regex.Match(line, @"^#define (MGP_\w+) (\d+)$")).Where(match => match.Success)
        .ToDictionary(match => match.Groups[1].Value, match => long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));

    [Theory]
    [InlineData(typeof(Operation), "MGP_OP_")]
    [InlineData(typeof(TargetKind), "MGP_TARGET_")]
    [InlineData(typeof(ApiVersion), "MGP_API_")]
    public void AnEnumHasTheNamesAndNumbersOfTheHeader(Type type, string prefix)
    {
        var ours = Enum.GetNames(type).ToDictionary(name => prefix + Upper(name), name => Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture));
        Assert.Equal(Header.Where(row => row.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(row => row.Key), ours.OrderBy(row => row.Key));
    }

    [Fact]
    public void AStatusHasTheNumberOfTheHeader()
    {
        var statuses = typeof(Status).GetFields(BindingFlags.Static | BindingFlags.NonPublic).Where(field => field.IsLiteral).ToList();
        Assert.NotEmpty(statuses);
        Assert.All(statuses, status => Assert.Equal(
            Header[status.Name == "Ok" ? "MGP_OK" : "MGP_E_" + Upper(status.Name)], (long)(int)status.GetRawConstantValue()!));
    }

    [Fact]
    public void AFlagOfARequestHasTheBitOfTheHeader() => Assert.All(
        Enum.GetValues<RequestOptions>().Where(flag => flag != RequestOptions.None),
        flag => Assert.Equal(Header["MGP_REQUEST_" + Upper(flag.ToString())], (long)flag));

    private static string Upper(string pascal) => Regex.Replace(pascal, "(?<=[a-z0-9])(?=[A-Z])", "_").ToUpperInvariant();
}
