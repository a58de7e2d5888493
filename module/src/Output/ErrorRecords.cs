// Error records in the form that scripts know from Microsoft's cmdlets: code, category, target and details.

using System;
using System.Collections;
using System.Management.Automation;
using System.Net;
using System.Text;
using MgPresence.Cmdlets;
using MgPresence.Interop;

namespace MgPresence;

/// <summary>An error that Graph answered, as <c>[code] : message</c>; the inner exception has the rest.</summary>
public sealed class GraphException(PresenceException error) : Exception($"[{error.GraphCode}] : {error.GraphMessage}", error);

internal static class ErrorRecords
{
    private const string ServiceErrorCodes = "See service error codes: https://learn.microsoft.com/graph/errors";

    /// <summary>The record of a failure that is no answer of the library's.</summary>
    internal static ErrorRecord For(Request request, Exception exception, string id, ErrorCategory category)
    {
        var record = new ErrorRecord(exception, id, category, TargetOf(request));
        record.CategoryInfo.Activity = request.Action;
        return record;
    }

    /// <summary>The record of an error of the library or of Graph.</summary>
    internal static ErrorRecord For(Request request, PresenceException error)
    {
        var record = For(request, error.GraphCode.Length > 0 ? new GraphException(error) : error, IdOf(error), CategoryOf(error));
        if (error.HttpStatus is { } status)
            record.ErrorDetails = new ErrorDetails(Details(error, status)) { RecommendedAction = ServiceErrorCodes };
        return record;
    }

    /// <summary>What an error shows of the request that it is about.</summary>
    internal readonly struct Request(Target target, IDictionary? headers, object? body, string action)
    {
        internal Target Target => target;
        internal IDictionary? Headers => headers;
        internal object? Body => body;
        internal string Action => action;
    }

    // Graph's code, else the name of the HTTP status, else the name of our own status.
    private static string IdOf(PresenceException error) =>
        error.GraphCode.Length > 0 ? error.GraphCode
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

    private static PSObject TargetOf(Request request)
    {
        var target = new PSObject();
        if (request.Target.Parameter is { } parameter) target.Properties.Add(new PSNoteProperty(parameter, request.Target.Id));
        target.Properties.Add(new PSNoteProperty("Headers", request.Headers));
        target.Properties.Add(new PSNoteProperty("body", request.Body));
        return target;
    }

    private static string Details(PresenceException error, int status)
    {
        var text = new StringBuilder();
        text.AppendLine(error.GraphCode.Length > 0 ? error.GraphMessage : error.Message);
        if (error.Advice.Length > 0) text.AppendLine(error.Advice);
        text.AppendLine();
        text.AppendLine($"Status: {status} ({(HttpStatusCode)status})");
        if (error.GraphCode.Length > 0) text.AppendLine($"ErrorCode: {error.GraphCode}");
        if (error.Response is not { } response) return text.ToString().TrimEnd();

        var headers = ResponseHeaders.ToDictionary(response.Headers);
        if (headers.TryGetValue("Date", out var date)) text.AppendLine($"Date: {string.Join(", ", date)}");
        text.AppendLine().AppendLine("Headers:");
        foreach (var header in headers) text.AppendLine($"{header.Key,-30}: {string.Join(", ", header.Value)}");
        return text.ToString().TrimEnd();
    }
}
