// Creates error records in the form of Microsoft's cmdlets: code, category, target and details.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Net;
using MgPresence.Cmdlets;
using MgPresence.Interop;

namespace MgPresence;

/// <summary>An error from Graph, with the message <c>[code] : message</c>; the inner exception has the details.</summary>
public sealed class GraphException(PresenceException error) : Exception($"[{Printable.Line(error.GraphCode)}] : {Printable.Of(error.GraphMessage)}", error);

internal static class ErrorRecords
{
    private const string SignInErrorCodes = "See sign-in error codes: https://learn.microsoft.com/entra/identity-platform/reference-error-codes";
    private const string ServiceErrorCodes = "See service error codes: https://learn.microsoft.com/graph/errors";

    /// <summary>The record for a failure in the module itself.</summary>
    internal static ErrorRecord For(Request request, Exception exception, string id, ErrorCategory category)
    {
        var areRefused = id is "InvalidHeader" or "InvalidText"; // the text may be that of a header
        var record = new ErrorRecord(exception, id, category, TargetOf(request, areRefused));
        record.CategoryInfo.Activity = request.Action;
        return record;
    }

    /// <summary>The record for an error of the library or of Graph.</summary>
    internal static ErrorRecord For(Request request, PresenceException error)
    {
        var record = For(request, error.GraphCode.Length > 0 ? new GraphException(error) : error, IdOf(error), CategoryOf(error));
        Describe(record, error);
        return record;
    }

    /// <summary>The record for a failed sign-in. It has no target, because the cmdlet's parameters are secrets.</summary>
    internal static ErrorRecord ForSignIn(PresenceException error, string parameterSet)
    {
        var record = new ErrorRecord(error, IdOf(error), CategoryOf(error), null);
        Describe(record, error, parameterSet);
        return record;
    }

    private static void Describe(ErrorRecord record, PresenceException error, string? parameterSet = null)
    {
        var message = ParameterNames.In(error.Message, parameterSet);
        if (error.HttpStatus is { } status)
            record.ErrorDetails = new ErrorDetails(Details(error, message, status)) { RecommendedAction = ErrorCodes(error) };
        else if (message != error.Message)
            record.ErrorDetails = new ErrorDetails(message);
    }

    private static string ErrorCodes(PresenceException error) =>
        error.GraphCode.StartsWith("AADSTS", StringComparison.Ordinal) ? SignInErrorCodes : ServiceErrorCodes;

    /// <summary>The details of the request for an error.</summary>
    internal readonly struct Request(Target target, IDictionary? headers, object? body, string action)
    {
        internal Target Target => target;
        internal IDictionary? Headers => headers;
        internal object? Body => body;
        internal string Action => action;
    }

    // Graph's code, or else the name of the HTTP status, or else the name of the library's status.
    private static string IdOf(PresenceException error) =>
        error.GraphCode.Length > 0 ? Printable.Line(error.GraphCode)
        : error is { Kind: StatusKind.Service, HttpStatus: { } status } ? ((HttpStatusCode)status).ToString()
        : error.StatusName;

    private static ErrorCategory CategoryOf(PresenceException error) => error.Kind switch
    {
        StatusKind.Service => ErrorCategory.InvalidOperation,
        StatusKind.Validation or StatusKind.Caller => ErrorCategory.InvalidArgument,
        StatusKind.Transport => error.StatusName == "Timeout" ? ErrorCategory.OperationTimeout : ErrorCategory.ConnectionError,
        StatusKind.Authentication => ErrorCategory.AuthenticationError,
        StatusKind.Lifecycle => ErrorCategory.OperationStopped,
        _ => ErrorCategory.NotSpecified,
    };

    private static PSObject TargetOf(Request request, bool areRefused)
    {
        var target = new PSObject();
        if (request.Target.Parameter is { } parameter) Add(parameter, request.Target.Id);
        Add("Headers", SecretHeaders.Redact(request.Headers, areRefused));
        Add("body", request.Body);
        return target;

        // These names need not be checked against PowerShell's reserved names and type data, which takes longer than the rest of the record.
        void Add(string name, object? value) => target.Properties.Add(new PSNoteProperty(name, value), preValidated: true);
    }

    // The text for a person in the console: one line of sentences, then the details for a search or a support case. The headers are in the
    // exception (InnerException.Response.Headers), and -Debug shows them.
    private static string Details(PresenceException error, string message, int status)
    {
        var lines = new List<string> { Printable.Of(message), $"Status: {status} ({(HttpStatusCode)status})" };
        if (error.GraphCode.Length > 0) lines.Add($"ErrorCode: {Printable.Line(error.GraphCode)}");
        if (error.RequestId.Length > 0) lines.Add($"RequestId: {Printable.Line(error.RequestId)}");
        if (error.Response is { } response && ResponseHeaders.ToDictionary(response.Headers).TryGetValue("Date", out var date))
            lines.Add($"Date: {string.Join(", ", date)}");
        return string.Join(Environment.NewLine, lines);
    }
}
