// Generated from include/mgpresence.h by tools/header-csharp (make header). Do not edit.

using System;
using System.Runtime.InteropServices;

namespace MgPresence.Interop;

/// <summary>MGP_*: how a call ended.</summary>
public enum Status
{
    /// <summary>The call succeeded.</summary>
    Ok = 0,

    /// <summary>A required pointer is NULL.</summary>
    NullArgument = 10,

    /// <summary>A string is not valid UTF-8.</summary>
    Utf8 = 11,

    /// <summary>struct_size does not match any version of the struct, or the struct uses fields that this library does not know.</summary>
    StructSize = 12,

    /// <summary>An option has a value that cannot be used.</summary>
    Option = 13,

    /// <summary>A number of an enumeration is unknown, or the target does not go with the operation.</summary>
    Operation = 14,

    /// <summary>A blocking call inside a callback, which would never return.</summary>
    WouldDeadlock = 15,

    /// <summary>The host, or the proxy in front of it, cannot be reached.</summary>
    Connect = 20,

    /// <summary>TLS failed, or the certificate was not accepted.</summary>
    Tls = 21,

    /// <summary>The call timed out.</summary>
    Timeout = 22,

    /// <summary>The connection ended before the response was complete.</summary>
    ConnectionLost = 23,

    /// <summary>The service answered with a redirect, which is not followed.</summary>
    Redirect = 24,

    /// <summary>The response cannot be understood, or it has a 2xx status and contains an error.</summary>
    Response = 25,

    /// <summary>A link from the service would take the token to another origin, or is too long.</summary>
    Origin = 26,

    /// <summary>Neither the client nor the request has a token, or this way to sign in is not set up here.</summary>
    NoCredential = 30,

    /// <summary>The credential did not provide a usable token, or the file that has it cannot be read.</summary>
    Token = 31,

    /// <summary>The cloud is unknown, or it has no presence API.</summary>
    Cloud = 32,

    /// <summary>Microsoft Entra, or the endpoint of a managed identity, refused the sign-in, or answered without a token.</summary>
    SignIn = 33,

    /// <summary>The application lacks consent; the message names the page where an administrator gives it.</summary>
    Consent = 34,

    /// <summary>A person must sign in, and this credential cannot ask one, or not now.</summary>
    Interaction = 35,

    /// <summary>The client certificate cannot be read or used; nothing was sent.</summary>
    Certificate = 36,

    /// <summary>Graph answered 400.</summary>
    BadRequest = 40,

    /// <summary>Graph answered 401.</summary>
    Unauthorized = 41,

    /// <summary>Graph answered 403.</summary>
    Forbidden = 42,

    /// <summary>Graph answered 404.</summary>
    NotFound = 43,

    /// <summary>Graph answered 409 or 412.</summary>
    Conflict = 44,

    /// <summary>Graph answered 429, and the retry limits are used up where a retry was allowed.</summary>
    Throttled = 45,

    /// <summary>Graph answered 5xx, and the retry limits are used up where a retry was allowed.</summary>
    Unavailable = 46,

    /// <summary>Graph answered with another status that is not a success.</summary>
    Service = 47,

    /// <summary>Something else shows, or would show, instead of the presence; see mgp_presence_shows.</summary>
    Outranked = 48,

    /// <summary>The caller cancelled the operation.</summary>
    Cancelled = 50,

    /// <summary>The client or the queue is closed.</summary>
    Closed = 51,

    /// <summary>The object belongs to the process that this one was forked from.</summary>
    Forked = 52,

    /// <summary>Nothing completed within the given time.</summary>
    WaitTimeout = 53,

    /// <summary>mgp_queue_wake ended the wait.</summary>
    Woken = 54,

    /// <summary>The client has as many batched operations outstanding as it takes. Take completions, then submit again.</summary>
    Full = 55,

    /// <summary>Availability and activity are not a pair that the operation accepts.</summary>
    InvalidPair = 60,

    /// <summary>expirationDuration is not a valid duration, or it is out of range.</summary>
    InvalidDuration = 61,

    /// <summary>sessionId is missing or empty.</summary>
    InvalidSessionId = 62,

    /// <summary>The user id is missing or empty, does not go with the target, or would change the request path.</summary>
    InvalidId = 63,

    /// <summary>The body is missing, is not a JSON object, or is too long.</summary>
    InvalidBody = 64,

    /// <summary>A header cannot be sent, or there are too many.</summary>
    InvalidHeader = 65,

    /// <summary>A query option cannot be sent, or it makes the URL too long.</summary>
    InvalidQuery = 66,

    /// <summary>Another property has a value that Graph does not accept.</summary>
    InvalidValue = 67,

    /// <summary>A bug in this library: it panicked. Its objects can still be freed.</summary>
    Panic = 90,

    /// <summary>A bug in this library, or a lack of resources.</summary>
    Internal = 91,
}

/// <summary>MGP_CREDENTIAL_*: the way to sign in.</summary>
public enum CredentialKind
{
    /// <summary>mgp_credential_options.kind: an application signs in as itself with `client_secret`. Needs `tenant_id` and `client_id`.</summary>
    ClientSecret = 1,

    /// <summary>mgp_credential_options.kind: an application signs in as itself with a certificate: `certificate_file`, or `certificate`, or `certificate` and `sign`. Needs `tenant_id` and `client_id`. Entra accepts RSA keys only; any other key returns MGP_E_CERTIFICATE before anything is sent.</summary>
    ClientCertificate = 2,

    /// <summary>mgp_credential_options.kind: an application signs in as itself with an assertion of another identity provider, which a federated credential of the application trusts: `assertion`, `assertion_file` or `client_assertion`. Needs `tenant_id` and `client_id`.</summary>
    ClientAssertion = 3,

    /// <summary>mgp_credential_options.kind: a Kubernetes pod signs in with the token that the cluster writes to a file. `assertion_file`, `tenant_id`, `client_id` and `authority` default to AZURE_FEDERATED_TOKEN_FILE, AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_AUTHORITY_HOST.</summary>
    WorkloadIdentity = 4,

    /// <summary>mgp_credential_options.kind: a job of GitHub Actions signs in. The job needs the permission id-token: write. `tenant_id` and `client_id` default to AZURE_TENANT_ID and AZURE_CLIENT_ID.</summary>
    GithubActions = 5,

    /// <summary>mgp_credential_options.kind: a virtual machine, App Service, Function, Container App or machine of Azure Arc signs in with its managed identity; `client_id` selects one, if there are several. Never uses a proxy.</summary>
    ManagedIdentity = 6,

    /// <summary>mgp_credential_options.kind: a person signs in with a browser on any device, with a code that `prompt` shows. `tenant_id` and `client_id` default to "organizations" and to Microsoft Graph Command Line Tools.</summary>
    DeviceCode = 7,

    /// <summary>mgp_credential_options.kind: a person signs in with the browser of this machine, which is redirected to a port on loopback. The library opens the page (MGP_CREDENTIAL_FLAG_OPEN_BROWSER), or `prompt` does. The application needs http://localhost as a redirect URI of "Mobile and desktop applications". The defaults are those of MGP_CREDENTIAL_DEVICE_CODE.</summary>
    InteractiveBrowser = 8,

    /// <summary>mgp_credential_options.kind: an application signs in with the environment variables that Azure's other tools read: AZURE_TENANT_ID and AZURE_CLIENT_ID, with AZURE_CLIENT_SECRET, or AZURE_CLIENT_CERTIFICATE_PATH (and AZURE_CLIENT_CERTIFICATE_PASSWORD, AZURE_CLIENT_SEND_CERTIFICATE_CHAIN), or AZURE_FEDERATED_TOKEN_FILE; and AZURE_AUTHORITY_HOST. AZURE_USERNAME and AZURE_PASSWORD are refused.</summary>
    Environment = 9,

    /// <summary>mgp_credential_options.kind: the first credential in `chain` that is set up on this machine; without a chain, the first of environment, workload identity and managed identity. If Entra refuses one that is set up, the sign-in fails. Once a credential has signed in, it is always used. mgp_credential_about_json says which one, and why the others were not used.</summary>
    Chain = 10,
}

/// <summary>MGP_CREDENTIAL_FLAG_*: how a credential signs in.</summary>
[Flags]
public enum CredentialOptions
{
    /// <summary>No option.</summary>
    None = 0,

    /// <summary>mgp_credential_options.flags: `authority` may be plain http if its host is on loopback, for an emulator.</summary>
    AllowLoopbackHttp = 1,

    /// <summary>mgp_credential_options.flags: the certificates are sent too (x5c), for an application that trusts a subject and an issuer rather than one certificate.</summary>
    SendCertificateChain = 2,

    /// <summary>mgp_credential_options.flags: the library opens the page of MGP_CREDENTIAL_INTERACTIVE_BROWSER with the system's browser.</summary>
    OpenBrowser = 4,
}

/// <summary>MGP_OP_*: what is asked of Graph.</summary>
public enum Operation
{
    /// <summary>Reads a presence. &lt;https://learn.microsoft.com/graph/api/presence-get&gt;</summary>
    GetPresence = 1,

    /// <summary>Sets the session of an application. &lt;https://learn.microsoft.com/graph/api/presence-setpresence&gt;</summary>
    SetPresence = 2,

    /// <summary>Updates a presence object. Do not expect the live service to offer it; see mgp_update_presence.</summary>
    UpdatePresence = 3,

    /// <summary>Creates a presence object. Do not expect the live service to offer it; see mgp_update_presence.</summary>
    CreatePresence = 4,

    /// <summary>Deletes a presence object. Do not expect the live service to offer it; see mgp_update_presence.</summary>
    DeletePresence = 5,

    /// <summary>Ends the session of an application; 404 if there is none. &lt;https://learn.microsoft.com/graph/api/presence-clearpresence&gt;</summary>
    ClearPresence = 6,

    /// <summary>Sets the preferred presence, which shows only while the user has a session. &lt;https://learn.microsoft.com/graph/api/presence-setuserpreferredpresence&gt;</summary>
    SetUserPreferredPresence = 7,

    /// <summary>Clears the preferred presence. &lt;https://learn.microsoft.com/graph/api/presence-clearuserpreferredpresence&gt;</summary>
    ClearUserPreferredPresence = 8,

    /// <summary>Sets the status message. &lt;https://learn.microsoft.com/graph/api/presence-setstatusmessage&gt;</summary>
    SetStatusMessage = 9,

    /// <summary>Sets today's work location. Delegated tokens only. &lt;https://learn.microsoft.com/graph/api/presence-setmanuallocation&gt;</summary>
    SetManualLocation = 10,

    /// <summary>Reports the work location that a device detected. Delegated tokens only. &lt;https://learn.microsoft.com/graph/api/presence-setautomaticlocation&gt;</summary>
    SetAutomaticLocation = 11,

    /// <summary>Clears all of today's work locations. &lt;https://learn.microsoft.com/graph/api/presence-clearlocation&gt;</summary>
    ClearLocation = 12,

    /// <summary>Clears the work location that a device reported. &lt;https://learn.microsoft.com/graph/api/presence-clearautomaticlocation&gt;</summary>
    ClearAutomaticLocation = 13,

    /// <summary>Lists presences, one page at a time. &lt;https://learn.microsoft.com/graph/api/presence-get&gt;</summary>
    ListPresences = 14,

    /// <summary>Counts presences; see mgp_response_count.</summary>
    CountPresences = 15,

    /// <summary>Reads the presences of many users, in the order of their ids: body_json is {"ids": [...]}, with object ids. Graph takes 650 ids in a request; the library splits a longer list. The response then has the presences of all parts, and its status, headers and client-request-id are those of the last part. max_attempts and retry_budget_ms apply to each part. &lt;https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid&gt;</summary>
    GetPresencesByUserId = 16,
}

/// <summary>MGP_API_*: which version of Graph.</summary>
public enum ApiVersion
{
    /// <summary>mgp_request.api_version: /v1.0, the supported one.</summary>
    V1_0 = 0,

    /// <summary>mgp_request.api_version: /beta, which Microsoft does not support in production.</summary>
    Beta = 1,
}

/// <summary>MGP_TARGET_*: whose presence, and by which path.</summary>
public enum TargetKind
{
    /// <summary>mgp_request.target: the signed-in user of a delegated token, /me/presence. Also for operations on the collection.</summary>
    Me = 0,

    /// <summary>mgp_request.target: /users/{id}/presence; target_id is an object id or a user principal name.</summary>
    User = 1,

    /// <summary>mgp_request.target: /communications/presences/{id}; target_id is an object id.</summary>
    Communications = 2,
}

/// <summary>MGP_REQUEST_*: how a request is treated.</summary>
[Flags]
public enum RequestOptions
{
    /// <summary>No option.</summary>
    None = 0,

    /// <summary>mgp_request.flags: skip the checks of presence values (pairs, durations, session ids), so that the service decides: it may accept values that are newer than this library. A value that would change where the request goes is still refused.</summary>
    SkipValidation = 1,

    /// <summary>mgp_request.flags: set a missing sessionId in the body to the credential's client id, or else to the one in the token.</summary>
    DefaultSessionId = 2,

    /// <summary>mgp_request.flags: record what is sent and received in each attempt, without the token and without the values of other secret headers, such as Cookie; see mgp_response_trace and mgp_error_trace.</summary>
    Trace = 4,

    /// <summary>mgp_request.flags: let mgp_submit send the request in a $batch with others, within the limit of requests that Graph has for an application; see the chapter "Queue". mgp_send ignores this flag.</summary>
    Batch = 8,
}

/// <summary>MGP_SHOWS_*: when a pair is to show.</summary>
public enum Shows
{
    /// <summary>mgp_presence_shows: whether the user is seen with the pair now, after it was set.</summary>
    Now = 0,

    /// <summary>mgp_presence_shows: whether the user would be seen with the pair if it were set now.</summary>
    IfSet = 1,
}

/// <summary>MGP_KEEP_ALIVE_*: what happened to a presence that is kept alive.</summary>
public enum KeepAliveState
{
    /// <summary>mgp_keep_alive_event.state: the presence has not been set yet. No event has this state.</summary>
    Pending = 0,

    /// <summary>mgp_keep_alive_event.state: the presence was set for the first time, or for the first time since it was changed.</summary>
    Held = 1,

    /// <summary>mgp_keep_alive_event.state: the presence was renewed. Reported with MGP_KEEP_ALIVE_FLAG_REPORT_RENEWALS only.</summary>
    Renewed = 2,

    /// <summary>mgp_keep_alive_event.state: the presence could not be set. The one that was set before, if any, still lasts. The keep-alive tries again. Reported once, with the error of the first failure, until the presence recovers or is lost.</summary>
    Failing = 3,

    /// <summary>mgp_keep_alive_event.state: the presence was renewed after it had been failing or lost.</summary>
    Recovered = 4,

    /// <summary>mgp_keep_alive_event.state: the presence was not renewed in time, and has or may have faded or expired. The keep-alive tries again.</summary>
    Lost = 5,

    /// <summary>mgp_keep_alive_event.state: Graph refused the presence. The keep-alive does not try again.</summary>
    Refused = 6,

    /// <summary>mgp_keep_alive_event.state: the presence is no longer kept.</summary>
    Stopped = 7,

    /// <summary>mgp_keep_alive_event.state: the keep-alive has ended, and this is its last completion.</summary>
    Ended = 8,
}

/// <summary>MGP_KEEP_ALIVE_FLAG_*: how presences are kept alive.</summary>
[Flags]
public enum KeepAliveOptions
{
    /// <summary>No option.</summary>
    None = 0,

    /// <summary>mgp_keep_alive_options.flags: clear each presence when it is released, with clearPresence or clearUserPreferredPresence. Otherwise it is left to fade or expire. A clear that fails is tried again, three times at most. While the service is down, or throttles the application, clears wait for up to a minute, or for three attempts or probes if these take longer, and then end with the error. One that Graph throttles for more than a minute ends at once.</summary>
    ClearOnStop = 1,

    /// <summary>mgp_keep_alive_options.flags: report each renewal with MGP_KEEP_ALIVE_RENEWED.</summary>
    ReportRenewals = 2,
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativePrompt
{
    internal uint StructSize;
    internal int Kind;
    internal IntPtr Message;
    internal IntPtr Url;
    internal IntPtr UserCode;
    internal long ExpiresUnixS;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeCredentialOptions
{
    internal uint StructSize;
    internal int Kind;
    internal uint Flags;
    internal uint TimeoutMs;
    internal IntPtr Cloud;
    internal IntPtr Authority;
    internal IntPtr TenantId;
    internal IntPtr ClientId;
    internal IntPtr Scopes;
    internal IntPtr ClientSecret;
    internal IntPtr CertificateFile;
    internal IntPtr Certificate;
    internal IntPtr CertificatePassword;
    internal IntPtr Sign;
    internal IntPtr Assertion;
    internal IntPtr AssertionFile;
    internal IntPtr ClientAssertion;
    internal IntPtr Prompt;
    internal IntPtr LoginHint;
    internal IntPtr RefreshToken;
    internal IntPtr RefreshTokenChanged;
    internal IntPtr ProxyUrl;
    internal IntPtr CaFile;
    internal IntPtr Environment;
    internal IntPtr Chain;
    internal IntPtr User;
    internal IntPtr Drop;
    internal uint CertificateSize;
    internal uint EnvironmentCount;
    internal uint ChainCount;
    internal uint RedirectPort;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeClientOptions
{
    internal uint StructSize;
    internal uint Flags;
    internal IntPtr Cloud;
    internal IntPtr BaseUrl;
    internal IntPtr Credential;
    internal IntPtr UserAgent;
    internal IntPtr ProxyUrl;
    internal IntPtr CaFile;
    internal uint TimeoutMs;
    internal uint ConnectTimeoutMs;
    internal uint RetryBudgetMs;
    internal uint MaxAttempts;
    internal uint MaxInFlight;
    internal int LogLevel;
    internal IntPtr Log;
    internal IntPtr LogUser;
    internal IntPtr LogDrop;
    internal uint ThrottleStart;
    internal uint ThrottleCeiling;
    internal uint RetryDelayMs;
    internal uint EnvironmentCount;
    internal IntPtr Environment;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeClientStatistics
{
    internal uint StructSize;
    internal uint Outstanding;
    internal uint Waiting;
    internal uint InFlight;
    internal uint ThrottleLimit;
    internal uint ThrottleUsed;
    internal ulong Requests;
    internal ulong Batches;
    internal ulong Batched;
    internal ulong Retries;
    internal ulong Throttled;
    internal ulong ThrottleWaits;
    internal ulong Succeeded;
    internal ulong Failed;
    internal ulong Tokens;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeField
{
    internal IntPtr Name;
    internal IntPtr Value;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeRequest
{
    internal uint StructSize;
    internal int Operation;
    internal int ApiVersion;
    internal int Target;
    internal IntPtr TargetId;
    internal IntPtr BodyJson;
    internal IntPtr Query;
    internal IntPtr Headers;
    internal uint QueryCount;
    internal uint HeaderCount;
    internal IntPtr AccessToken;
    internal uint TimeoutMs;
    internal uint Flags;
    internal IntPtr NextLink;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeKeepAliveEvent
{
    internal uint StructSize;
    internal int State;
    internal int Operation;
    internal int Target;
    internal IntPtr UserId;
    internal long At;
    internal long Next;
    internal long Lapses;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeCompletion
{
    internal uint StructSize;
    internal Status Status;
    internal ulong Operation;
    internal IntPtr User;
    internal IntPtr Response;
    internal IntPtr Error;
    internal IntPtr Event;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeKeepAliveOptions
{
    internal uint StructSize;
    internal uint Flags;
    internal uint IntervalMs;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeKeepAliveCounts
{
    internal uint StructSize;
    internal uint Pending;
    internal uint Held;
    internal uint Failing;
    internal uint Lost;
    internal uint Refused;
    internal uint Waiting;
    internal uint InFlight;
    internal ulong Renewals;
    internal ulong Failures;
    internal long Next;
    internal Status Outage;
    internal uint Reserved;
}

internal static class NativeMethods
{
    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern uint mgp_abi_version();

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_version();

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_status_name(int status);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_error_status(IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int mgp_error_http_status(IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern long mgp_error_retry_after_ms(IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern uint mgp_error_attempts(IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_error_response(IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_error_message(IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_error_graph_code(IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_error_graph_message(IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_error_advice(IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_error_request_id(IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_error_client_request_id(IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_error_trace(IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern void mgp_error_free(IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_credential_new_token(IntPtr token, out CredentialHandle result, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_credential_new_callback(IntPtr token, IntPtr user, IntPtr drop, IntPtr clientId, out CredentialHandle result, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_credential_about_json(CredentialHandle credential);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_credential_sign_in(CredentialHandle credential, uint timeoutMs, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern void mgp_credential_cancel(CredentialHandle credential);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_token_sink_set(IntPtr sink, IntPtr token, long expiresUnixS);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_token_sink_set_signature(IntPtr sink, IntPtr signature, uint size);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_token_sink_fail(IntPtr sink, IntPtr message);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern void mgp_credential_free(IntPtr credential);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_credential_new(in NativeCredentialOptions options, out CredentialHandle result, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_client_new(in NativeClientOptions options, out ClientHandle result, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_client_close(ClientHandle client, uint waitMs, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern void mgp_client_free(IntPtr client);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_client_stats(ClientHandle client, ref NativeClientStatistics result, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_set_presence(ClientHandle client, IntPtr userId, IntPtr sessionId, IntPtr availability, IntPtr activity, IntPtr expiration, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_get_presence(ClientHandle client, IntPtr userId, out IntPtr result, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_clear_presence(ClientHandle client, IntPtr userId, IntPtr sessionId, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_set_user_preferred_presence(ClientHandle client, IntPtr userId, IntPtr availability, IntPtr activity, IntPtr expiration, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_clear_user_preferred_presence(ClientHandle client, IntPtr userId, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_set_status_message(ClientHandle client, IntPtr userId, IntPtr content, IntPtr expiry, IntPtr timeZone, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_update_presence(ClientHandle client, IntPtr userId, IntPtr availability, IntPtr activity, out IntPtr result, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_create_presence(ClientHandle client, IntPtr userId, IntPtr availability, IntPtr activity, out IntPtr result, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_operation_pairs_json(int operation);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_operation_route(int operation, int target);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_request_check(in NativeRequest request, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_send(ClientHandle client, in NativeRequest request, out IntPtr result, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int mgp_response_http_status(IntPtr response);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_response_body(IntPtr response);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern ulong mgp_response_body_length(IntPtr response);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern uint mgp_response_header_count(IntPtr response);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_response_header_name(IntPtr response, uint index);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_response_header_value(IntPtr response, uint index);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_response_header(IntPtr response, IntPtr name);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_response_request_id(IntPtr response);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_response_client_request_id(IntPtr response);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern uint mgp_response_attempts(IntPtr response);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_response_trace(IntPtr response);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern uint mgp_response_presence_count(IntPtr response);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_response_presence(IntPtr response, uint index);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_response_next_link(IntPtr response);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern long mgp_response_count(IntPtr response);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern void mgp_response_free(IntPtr response);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_presence_id(IntPtr presence);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_presence_availability(IntPtr presence);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_presence_activity(IntPtr presence);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int mgp_presence_is_out_of_office(IntPtr presence);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_presence_out_of_office_message(IntPtr presence);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_presence_status_message(IntPtr presence);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_presence_status_message_content_type(IntPtr presence);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_presence_status_message_expiry(IntPtr presence);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_presence_status_message_expiry_time_zone(IntPtr presence);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_presence_status_message_published(IntPtr presence);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_presence_work_location_type(IntPtr presence);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_presence_work_location_source(IntPtr presence);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_presence_work_location_place_id(IntPtr presence);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_presence_sequence_number(IntPtr presence);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_presence_json(IntPtr presence);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern IntPtr mgp_presence_explanation_json(IntPtr presence);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_presence_shows(IntPtr presence, int operation, IntPtr availability, IntPtr activity, int when, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern void mgp_keep_alive_event_free(IntPtr @event);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_queue_new(out QueueHandle result, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_submit(ClientHandle client, in NativeRequest request, QueueHandle queue, IntPtr user, IntPtr drop, out ulong operation, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_cancel(ClientHandle client, ulong operation);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_flush(ClientHandle client);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_queue_wait(QueueHandle queue, uint timeoutMs, ref NativeCompletion result, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_queue_wake(QueueHandle queue);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_queue_close(QueueHandle queue);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern void mgp_queue_free(IntPtr queue);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_keep_alive_start(ClientHandle client, in NativeKeepAliveOptions options, QueueHandle queue, IntPtr user, IntPtr drop, out KeepAliveHandle result, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern ulong mgp_keep_alive_operation(KeepAliveHandle keepAlive);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_keep_alive_hold(KeepAliveHandle keepAlive, in NativeRequest request, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_keep_alive_release(KeepAliveHandle keepAlive, IntPtr userId, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_keep_alive_clear(KeepAliveHandle keepAlive, IntPtr userId, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_keep_alive_stop(KeepAliveHandle keepAlive, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern Status mgp_keep_alive_status(KeepAliveHandle keepAlive, ref NativeKeepAliveCounts result, out IntPtr error);

    [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern void mgp_keep_alive_free(IntPtr keepAlive);
}

internal static class Secrets
{
    /// <summary>A header whose name contains one of these is secret, in traces (src/secret_headers.rs) as in errors.</summary>
    internal static readonly string[] PartsOfHeaderNames = ["authorization", "x-auth", "cookie", "token", "secret", "pass", "credential", "signature", "assertion", "jwt", "key"];

    /// <summary>So is a value that begins with one of these.</summary>
    internal static readonly string[] StartsOfValues = ["Bearer ", "Basic ", "eyJ"];
}
