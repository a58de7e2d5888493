// The note beside a user's name.

using System.Management.Automation;
using MgPresence.Interop;

namespace MgPresence.Cmdlets;

/// <summary>Set-Mg…PresenceStatusMessage.</summary>
public abstract class SetStatusMessageCmdlet : SetCmdlet
{
    /// <summary>A hashtable or object: message with content and contentType, expiryDateTime with dateTime and timeZone. An empty content removes the message: @{ message = @{ content = '' } }. A message without content is refused.</summary>
    [Parameter(ParameterSetName = Sets.SetExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetViaIdentityExpanded, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Sets.SetMeExpanded, ValueFromPipelineByPropertyName = true)]
    [Alias("S")] // keeps Microsoft's -S beside our -SkipValidation
    public object? StatusMessage { get => Value<object>(); set => Take(value); }

    private protected sealed override Operation Operation => Operation.SetStatusMessage;

    private protected sealed override BodyShape Shape => BodyShape.SetStatusMessage;
}
