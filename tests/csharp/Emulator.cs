// The emulator as a fixture: one process for a class of tests, on a free port, that ends with the tests.

using System;
using System.Diagnostics;
using System.Linq;
using System.Net.Http;
using System.Security;
using System.Text.Json;
using MgPresence.Interop;

namespace MgPresence.Tests;

public sealed class Emulator : IDisposable
{
    private readonly Process process;
    private readonly HttpClient http = new();
    private readonly JsonElement about;

    public Emulator()
    {
        var path = Environment.GetEnvironmentVariable("MGP_EMULATOR") ?? throw new InvalidOperationException("MGP_EMULATOR names the emulator");
        process = Process.Start(new ProcessStartInfo(path, "--until-stdin-closes --approve-sign-ins adele --device-code-interval 1") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        about = JsonDocument.Parse(process.StandardOutput.ReadLine()!).RootElement;
    }

    public string Url => about.GetProperty("url").GetString()!;

    public string AppId => about.GetProperty("appId").GetString()!;

    public string TenantId => about.GetProperty("tenantId").GetString()!;

    public string Token => about.GetProperty("token").GetString()!;

    /// <summary>A client signed in as the application.</summary>
    public PresenceClient Client(Action<PresenceClientOptions>? change = null)
    {
        var options = new PresenceClientOptions { BaseUrl = Url, AllowLoopbackHttp = true, ProxyUrl = "", AccessToken = Secret(Token) };
        change?.Invoke(options);
        return new PresenceClient(options);
    }

    public void Reset() => Control(HttpMethod.Post, "reset", null);

    /// <summary>Orders a fault: docs/emulator.md.</summary>
    public void Fault(string json) => Control(HttpMethod.Post, "faults", json);

    /// <summary>The paths of what was received since the reset, in order.</summary>
    public string[] Sent() =>
        [.. JsonDocument.Parse(Control(HttpMethod.Get, "requests", null)).RootElement.EnumerateArray().Select(request => request.GetProperty("path").GetString()!)];

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
        http.Dispose();
    }

    public static SecureString Secret(string text)
    {
        var secret = new SecureString();
        foreach (var character in text) secret.AppendChar(character);
        return secret;
    }

    private string Control(HttpMethod method, string resource, string? body)
    {
        using var request = new HttpRequestMessage(method, $"{Url}/_emulator/{resource}");
        if (body is not null) request.Content = new StringContent(body);
        using var response = http.Send(request);
        response.EnsureSuccessStatusCode();
        return response.Content.ReadAsStringAsync().Result;
    }
}
