// The time limits and retries of requests, for the process or for one session.

using System;
using System.Threading;
using MgPresence.Interop;

namespace MgPresence;

/// <summary>The settings of Set-MgPresenceRequestContext. A null value stands for the library's default.</summary>
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

    /// <summary>The largest number of retries of a request.</summary>
    public int? MaxRetry { get; internal set; }

    /// <summary>The longest wait before the first retry in seconds, unless Graph asks for another.</summary>
    public double? RetryDelay { get; internal set; }

    /// <summary>The longest time in seconds that the waits between the attempts of one request may take together.</summary>
    public double? RetriesTimeLimit { get; internal set; }

    internal PresenceRequestContext Copy() => (PresenceRequestContext)MemberwiseClone();

    internal bool IsSameAs(PresenceRequestContext other) =>
        (ClientTimeout, MaxRetry, RetryDelay, RetriesTimeLimit) == (other.ClientTimeout, other.MaxRetry, other.RetryDelay, other.RetriesTimeLimit);

    internal void ApplyTo(PresenceClientOptions options)
    {
        options.Timeout = Milliseconds(ClientTimeout);
        options.MaxAttempts = MaxRetry is { } retries ? retries + 1 : 0;
        options.RetryDelay = Milliseconds(RetryDelay);
        options.RetryBudget = Milliseconds(RetriesTimeLimit);
    }

    // 0 stands for the library's default, so a small value must not be rounded down to 0.
    private static TimeSpan Milliseconds(double? seconds) => TimeSpan.FromMilliseconds(Math.Ceiling((seconds ?? 0) * 1000));
}
