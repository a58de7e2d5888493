// How long requests may take and how often they are retried: of the process, or of one session.

using System;
using System.Threading;
using MgPresence.Interop;

namespace MgPresence;

/// <summary>The settings of Set-MgPresenceRequestContext. What is null takes the library's default.</summary>
public sealed class PresenceRequestContext
{
    private static PresenceRequestContext ofProcess = new();

    /// <summary>The settings for sessions that are connected later.</summary>
    internal static PresenceRequestContext OfProcess
    {
        get => Volatile.Read(ref ofProcess);
        set => Volatile.Write(ref ofProcess, value);
    }

    /// <summary>The longest wait for an answer in seconds, retries included.</summary>
    public double? ClientTimeout { get; internal set; }

    /// <summary>How often a request is sent again at most.</summary>
    public int? MaxRetry { get; internal set; }

    /// <summary>The longest wait before the first retry in seconds, where Graph does not ask for another.</summary>
    public double? RetryDelay { get; internal set; }

    /// <summary>The longest time in seconds that the waits between the attempts of one request may take together.</summary>
    public double? RetriesTimeLimit { get; internal set; }

    internal PresenceRequestContext Copy() => (PresenceRequestContext)MemberwiseClone();

    internal void ApplyTo(PresenceClientOptions options)
    {
        options.Timeout = Milliseconds(ClientTimeout);
        options.MaxAttempts = MaxRetry is { } retries ? retries + 1 : 0;
        options.RetryDelay = Milliseconds(RetryDelay);
        options.RetryBudget = Milliseconds(RetriesTimeLimit);
    }

    // 0 is the library's default, and little is not 0.
    private static TimeSpan Milliseconds(double? seconds) => TimeSpan.FromMilliseconds(Math.Ceiling((seconds ?? 0) * 1000));
}
