// The structs as C#, C and Rust see them: tests/abi/*.layout is what a C compiler made of the header.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using MgPresence.Interop;
using Xunit;

namespace MgPresence.Tests;

public sealed class LayoutTests
{
    private static readonly Dictionary<string, Type> Structs = new()
    {
        ["mgp_field"] = typeof(NativeField),
        ["mgp_prompt"] = typeof(NativePrompt),
        ["mgp_credential_options"] = typeof(NativeCredentialOptions),
        ["mgp_client_options"] = typeof(NativeClientOptions),
        ["mgp_client_statistics"] = typeof(NativeClientStatistics),
        ["mgp_request"] = typeof(NativeRequest),
        ["mgp_completion"] = typeof(NativeCompletion),
        ["mgp_keep_alive_event"] = typeof(NativeKeepAliveEvent),
        ["mgp_keep_alive_options"] = typeof(NativeKeepAliveOptions),
        ["mgp_keep_alive_counts"] = typeof(NativeKeepAliveCounts),
    };

    /// <summary>Lines such as <c>mgp_request.body 24</c> (an offset) and <c>mgp_request 72</c> (a size).</summary>
    private static IEnumerable<(string Name, int Number)> Layout =>
        Directory.GetFiles(AppContext.BaseDirectory, "*.layout").Order(StringComparer.Ordinal).SelectMany(File.ReadLines)
            .Select(line => line.Split(' ')).Select(words => (words[0], int.Parse(words[1], CultureInfo.InvariantCulture)));

    public static TheoryData<string, int> Sizes => Rows(dotted: false);

    public static TheoryData<string, int> Offsets => Rows(dotted: true);

    [Theory, MemberData(nameof(Sizes))]
    public void AStructHasTheSizeOfTheHeader(string name, int size) => Assert.Equal(size, Marshal.SizeOf(Structs[name]));

    [Theory, MemberData(nameof(Offsets))]
    public void AFieldStandsWhereTheHeaderHasIt(string name, int offset)
    {
        var (type, field) = (Structs[name.Split('.')[0]], Pascal(name.Split('.')[1]));
        Assert.Equal(offset, (int)Marshal.OffsetOf(type, field));
    }

    [Fact]
    public void NoStructHasAFieldMoreOrLessThanTheHeader()
    {
        foreach (var (name, type) in Structs)
        {
            var fields = Layout.Select(row => row.Name).Where(row => row.StartsWith($"{name}.", StringComparison.Ordinal)).Select(row => Pascal(row.Split('.')[1]));
            Assert.Equal(fields, type.GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic).Select(field => field.Name));
        }
    }

    private static TheoryData<string, int> Rows(bool dotted)
    {
        var rows = new TheoryData<string, int>();
        foreach (var (name, number) in Layout.Where(row => row.Name.Contains('.') == dotted)) rows.Add(name, number);
        return rows;
    }

    private static string Pascal(string snake) => Regex.Replace(snake, "(^|_)([a-z])", match => match.Groups[2].Value.ToUpperInvariant());
}
