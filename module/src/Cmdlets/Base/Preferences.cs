// Reads the common parameters and the preference variables of the caller's scope, which a cmdlet sees and Microsoft's script functions do
// not. They are read once, with the first input.

using System;
using System.Management.Automation;

namespace MgPresence.Cmdlets;

/// <summary>What the caller wants to see, to confirm and to stop at.</summary>
internal readonly struct Preferences
{
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="asksFirst">Whether it has -WhatIf and -Confirm.</param>
    internal Preferences(PSCmdlet cmdlet, bool asksFirst)
    {
        IsDebug = IsShown("Debug");
        IsVerbose = IsShown("Verbose");
        ShowsWaits = Bound("Verbose") is not null || Bound("Debug") is null;
        var confirms = asksFirst && Confirms();
        IsWhatIf = asksFirst && IsOn("WhatIf");
        MayAsk = asksFirst && (confirms || IsVerbose || IsWhatIf);
        IsOneByOne = IsDebug || confirms || Stops("ErrorAction", "ErrorActionPreference") || Stops("WarningAction", "WarningPreference");

        bool IsShown(string name) => Bound(name) is { } given ? (SwitchParameter)given
            : Preference($"{name}Preference", typeof(ActionPreference)) is not (null or ActionPreference.SilentlyContinue or ActionPreference.Ignore);

        bool IsOn(string name) => Bound(name) is { } given ? (SwitchParameter)given : LanguagePrimitives.IsTrue(cmdlet.GetVariableValue($"{name}Preference"));

        // ConfirmImpact.Medium is the default of a cmdlet.
        bool Confirms() => Bound("Confirm") is { } given ? (SwitchParameter)given
            : Preference("ConfirmPreference", typeof(ConfirmImpact)) is ConfirmImpact.Low or ConfirmImpact.Medium;

        bool Stops(string parameter, string variable) =>
            (Bound(parameter) ?? Preference(variable, typeof(ActionPreference))) is ActionPreference.Stop or ActionPreference.Inquire;

        object? Bound(string parameter) => cmdlet.MyInvocation.BoundParameters.TryGetValue(parameter, out var value) ? value : null;

        object? Preference(string variable, Type type) =>
            LanguagePrimitives.TryConvertTo(cmdlet.GetVariableValue(variable), type, out var preference) ? preference : null;
    }

    /// <summary>Whether requests and responses are shown.</summary>
    internal bool IsDebug { get; }

    /// <summary>Whether waits are shown.</summary>
    internal bool IsVerbose { get; }

    /// <summary>Whether waits may be written to the verbose stream. Under -Debug alone PowerShell asks before each line; the trace that -Debug shows has the waits.</summary>
    internal bool ShowsWaits { get; }

    /// <summary>Whether nothing is sent.</summary>
    internal bool IsWhatIf { get; }

    /// <summary>Whether ShouldProcess may show or ask something. Otherwise it returns true without a call.</summary>
    internal bool MayAsk { get; }

    /// <summary>Whether the caller wants to stop at an input or to inspect it, so that no later input may be sent before.</summary>
    internal bool IsOneByOne { get; }
}
