/*
 * mgpresence.h: Microsoft Teams presence through Microsoft Graph
 *
 * Generated from src/ffi by cbindgen (make header); edit the Rust comments, not this file.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * A program in four calls, and what it frees:
 *
 *     mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
 *     mgp_credential *credential = NULL;
 *     mgp_client *client = NULL;
 *     mgp_error *error = NULL;
 *
 *     if (mgp_credential_new_token(token, &credential, &error) == MGP_OK) {
 *         options.credential = credential;
 *         if (mgp_client_new(&options, &client, &error) == MGP_OK)
 *             mgp_set_presence(client, "adele@contoso.com", NULL, "Busy", "InACall", "PT1H", &error);
 *     }
 *     if (error != NULL)
 *         fprintf(stderr, "%s\n", mgp_error_message(error));
 *
 *     mgp_error_free(error);
 *     mgp_client_free(client);
 *     mgp_credential_free(credential);
 *
 * ARGUMENTS
 *     The order is: the object itself, inputs, outputs, and the error last. A pointer must be valid for the duration of
 *     the call. NULL for a required pointer returns MGP_E_NULL_ARGUMENT; a function that gives NULL a meaning says so.
 *     Strings are UTF-8 and end with NUL, and the call copies them. Numbers have a fixed width. Durations are in
 *     milliseconds, points in time in seconds since 1970. A pointer that receives an object is always written: the object
 *     on success, or NULL on failure. Other outputs are written on success only.
 *
 * ERRORS
 *     A function that can fail returns an mgp_status. Most also take an mgp_error ** as their last argument. If that is not
 *     NULL, it receives an error object on failure, which the caller frees, and NULL on success. There is no last error per
 *     thread. The lists after "Returns" leave out MGP_E_FORKED, MGP_E_PANIC and MGP_E_INTERNAL, which any function may
 *     return. A panic inside the library becomes MGP_E_PANIC and never unwinds into the caller.
 *
 * OWNERSHIP
 *     The caller owns the objects that a _new function, mgp_send, a shorthand or mgp_queue_wait returns, and frees each with
 *     the matching _free function. Every _free function accepts NULL, never blocks, and may be called in any order and on
 *     any thread: a client may be freed before the credential and the queue that it uses. Strings, and objects without a
 *     _free function, are borrowed: they are valid until the object that returned them is freed.
 *     A string that the library returns never hides a NUL: one that a server sent reads as U+FFFD, the replacement
 *     character. Only mgp_response_body, which has a length, is left as it came.
 *
 * STRUCTS
 *     A struct that the caller fills starts with struct_size. Initialize it with its MGP_..._INIT macro, which sets
 *     struct_size and makes everything else zero, the default. Structs may grow at the end: the library treats the part
 *     that an older caller does not have as zero, and accepts a newer caller's struct if the unknown part is zero.
 *
 * THREADS
 *     A function whose first argument points to const may be called from several threads at once with the same object.
 *     Callbacks run on threads of the library, with no lock held. A callback must not throw, longjmp or call a blocking
 *     function of this library, which returns MGP_E_WOULD_DEADLOCK there. A slow callback holds up only the calls that wait
 *     for it. Callbacks may run until the clients are closed: a host whose callbacks need an interpreter calls
 *     mgp_client_close before it ends the interpreter.
 *     A blocking call sends and receives on the calling thread; the first submitted request starts a thread that does it.
 *     Names are looked up, certificates read and sign-ins run on threads that end with that work. A sign-in
 *     that takes its settings from environment variables reads them there, each time: a program that changes its
 *     environment later gives a copy as `environment`. A call needs a stack of 256 KiB. No call sends the host a SIGPIPE or changes a thread's signal mask.
 *     pthread_cancel takes effect after the current call has returned, if its type is deferred, which is the default.
 *     Calls also work in exit handlers and in the destructors of a thread that is ending. There the library may run them on
 *     a thread of its own.
 *
 * RESOURCES
 *     The library keeps a few descriptors open between calls, all of them closed on exec. A program must not close them, as
 *     closefrom would, nor forbid itself their system calls: later calls may panic, hang or end the process. Where the
 *     system has no thread or descriptor to give, a call returns MGP_E_INTERNAL or MGP_E_CONNECT, and a later one tries
 *     again. Where it has no memory to give, the process is aborted.
 *
 * FORKS
 *     After a fork, the child creates its own clients and queues, and everything works as in the parent. In the child,
 *     every call with one of the parent's clients or queues returns MGP_E_FORKED; its _free function returns without
 *     releasing anything, and no drop function is called. The parent's credentials can be used by a client of the child,
 *     which fetches its own token. Responses and errors can be read in the child.
 *
 * VERSIONS
 *     The soname is libmgpresence.so.MAJOR. docs/abi.md says what stays the same within a major version.
 */


#ifndef MGPRESENCE_H
#define MGPRESENCE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * VERSIONS AND OBJECTS
 *
 * Which library was loaded, and the objects that it creates.
 */

// The version of this header. A new major version has a new soname; a minor version only adds.
#define MGP_VERSION_MAJOR 0

// See MGP_VERSION_MAJOR.
#define MGP_VERSION_MINOR 1

// See MGP_VERSION_MAJOR.
#define MGP_VERSION_PATCH 0

// All three in one number that grows with each release: 0xMMmmpp.
#define MGP_VERSION_NUMBER ((MGP_VERSION_MAJOR << 16) | (MGP_VERSION_MINOR << 8) | MGP_VERSION_PATCH)

// Why a call failed. The caller owns it and frees it with mgp_error_free. It never contains a token.
typedef struct mgp_error mgp_error;

// A source of access tokens. Several clients can use one, on any thread, and it can be freed while they use it.
typedef struct mgp_credential mgp_credential;

// Receives what a callback of a credential provides: a token, an assertion or a signature. Valid until the callback
// returns.
typedef struct mgp_token_sink mgp_token_sink;

// A client of Microsoft Graph. Threads can share it.
typedef struct mgp_client mgp_client;

// A response. The caller owns it and frees it with mgp_response_free.
typedef struct mgp_response mgp_response;

// A presence, borrowed from the mgp_response that holds it. Valid until that response is freed.
typedef struct mgp_presence mgp_presence;

// A completion queue. Any thread can submit to it or wait on it; each completion goes to one waiting thread. Several
// clients can share one.
typedef struct mgp_queue mgp_queue;

// A keep-alive: sets presences and renews them. Threads can share it.
typedef struct mgp_keep_alive mgp_keep_alive;

// The ABI version of this header: the major version in the upper 16 bits, the minor version in the lower 16.
#define MGP_ABI_VERSION 1u

// The ABI version of the library that was loaded, in the form of MGP_ABI_VERSION. May be called from any thread.
//
// A program that loads the library itself compares the two first: the major versions must be equal, and the library's
// minor version must not be lower than the header's.
uint32_t mgp_abi_version(void);

// The version of the library, such as "0.1.0". Valid as long as the library is loaded. May be called from any thread.
const char *mgp_version(void);

// Releases `user`, which the library no longer needs. Called once, on any thread, with no lock held. It must not call
// the library.
typedef void (*mgp_drop_fn)(void *user);

/*
 * STATUS
 *
 * What every function that can fail returns. The tens digit is the kind: 10 a mistake of the caller, 20 transport, 30
 * sign-in, 40 an error from the service, 50 lifecycle, 60 validation (nothing was sent), 90 a fault in this library. A
 * number is never reused. New numbers may be added; handle an unknown one by its tens digit.
 */

// The status of a call: MGP_OK, or why it failed.
enum mgp_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // The call succeeded.
    MGP_OK = 0,
    // A required pointer is NULL.
    MGP_E_NULL_ARGUMENT = 10,
    // A string is not valid UTF-8.
    MGP_E_UTF8 = 11,
    // struct_size does not match any version of the struct, or the struct uses fields that this library does not know.
    MGP_E_STRUCT_SIZE = 12,
    // An option has a value that cannot be used.
    MGP_E_OPTION = 13,
    // A number of an enumeration is unknown, or the target does not go with the operation.
    MGP_E_OPERATION = 14,
    // A blocking call inside a callback, which would never return.
    MGP_E_WOULD_DEADLOCK = 15,
    // The host, or the proxy in front of it, cannot be reached.
    MGP_E_CONNECT = 20,
    // TLS failed, or the certificate was not accepted.
    MGP_E_TLS = 21,
    // The call timed out.
    MGP_E_TIMEOUT = 22,
    // The connection ended before the response was complete.
    MGP_E_CONNECTION_LOST = 23,
    // The service answered with a redirect, which is not followed.
    MGP_E_REDIRECT = 24,
    // The response cannot be understood, or it has a 2xx status and contains an error.
    MGP_E_RESPONSE = 25,
    // A link from the service would take the token to another origin, or is too long.
    MGP_E_ORIGIN = 26,
    // Neither the client nor the request has a token, or this way to sign in is not set up here.
    MGP_E_NO_CREDENTIAL = 30,
    // The credential did not provide a usable token, or the file that has it cannot be read.
    MGP_E_TOKEN = 31,
    // The cloud is unknown, or it has no presence API.
    MGP_E_CLOUD = 32,
    // Microsoft Entra, or the endpoint of a managed identity, refused the sign-in, or answered without a token.
    MGP_E_SIGN_IN = 33,
    // The application lacks consent; the message names the page where an administrator gives it.
    MGP_E_CONSENT = 34,
    // A person must sign in, and this credential cannot ask one, or not now.
    MGP_E_INTERACTION = 35,
    // The client certificate cannot be read or used; nothing was sent.
    MGP_E_CERTIFICATE = 36,
    // Graph answered 400.
    MGP_E_BAD_REQUEST = 40,
    // Graph answered 401.
    MGP_E_UNAUTHORIZED = 41,
    // Graph answered 403.
    MGP_E_FORBIDDEN = 42,
    // Graph answered 404.
    MGP_E_NOT_FOUND = 43,
    // Graph answered 409 or 412.
    MGP_E_CONFLICT = 44,
    // Graph answered 429, and the retry limits are used up where a retry was allowed.
    MGP_E_THROTTLED = 45,
    // Graph answered 5xx, and the retry limits are used up where a retry was allowed.
    MGP_E_UNAVAILABLE = 46,
    // Graph answered with another status that is not a success.
    MGP_E_SERVICE = 47,
    // Something else shows, or would show, instead of the presence; see mgp_presence_shows.
    MGP_E_OUTRANKED = 48,
    // The caller cancelled the operation.
    MGP_E_CANCELLED = 50,
    // The client or the queue is closed.
    MGP_E_CLOSED = 51,
    // The object belongs to the process that this one was forked from.
    MGP_E_FORKED = 52,
    // Nothing completed within the given time.
    MGP_E_WAIT_TIMEOUT = 53,
    // mgp_queue_wake ended the wait.
    MGP_E_WOKEN = 54,
    // The client has as many batched operations outstanding as it takes. Take completions, then submit again.
    MGP_E_FULL = 55,
    // Availability and activity are not a pair that the operation accepts.
    MGP_E_INVALID_PAIR = 60,
    // expirationDuration is not a valid duration, or it is out of range.
    MGP_E_INVALID_DURATION = 61,
    // sessionId is missing or empty.
    MGP_E_INVALID_SESSION_ID = 62,
    // The user id is missing or empty, does not go with the target, or would change the request path.
    MGP_E_INVALID_ID = 63,
    // The body is missing, is not a JSON object, or is too long.
    MGP_E_INVALID_BODY = 64,
    // A header cannot be sent, or there are too many.
    MGP_E_INVALID_HEADER = 65,
    // A query option cannot be sent, or it makes the URL too long.
    MGP_E_INVALID_QUERY = 66,
    // Another property has a value that Graph does not accept.
    MGP_E_INVALID_VALUE = 67,
    // A bug in this library: it panicked. Its objects can still be freed.
    MGP_E_PANIC = 90,
    // A bug in this library, or a lack of resources.
    MGP_E_INTERNAL = 91,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mgp_status mgp_status;
#else
typedef int32_t mgp_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// The name of a status in one word, such as "InvalidPair"; "Ok" for MGP_OK, "Unknown" for an unknown number.
//
// Valid as long as the library is loaded. May be called from any thread.
const char *mgp_status_name(int32_t status);

/*
 * ERROR
 *
 * Why a call failed. Every getter accepts NULL, which means "no error", and may be called from any thread.
 */

// The status that the call returned; MGP_OK for NULL.
mgp_status mgp_error_status(const mgp_error *error);

// The HTTP status, even of an incomplete response; 0 if there was no response, or one of the login host that neither
// grants nor refuses the sign-in.
int32_t mgp_error_http_status(const mgp_error *error);

// How long Graph asked to wait (Retry-After), in milliseconds, at most one day; -1 if Graph did not ask.
int64_t mgp_error_retry_after_ms(const mgp_error *error);

// How often the library tried to send the request; 0 if the call ended before. An attempt that made no connection
// counts, too.
uint32_t mgp_error_attempts(const mgp_error *error);

// The response that was an error, with its headers and as much of its body as was received; NULL if there was none.
// Borrowed: do not free it.
const mgp_response *mgp_error_response(const mgp_error *error);

// A message to show: the value that was given, the rule, and what to do instead. "" for NULL. The name of an option
// stands in backquotes and without its unit ("raise `timeout`" for `timeout_ms`), so that a binding can put its own
// name in its place.
const char *mgp_error_message(const mgp_error *error);

// Graph's error code, such as "InvalidArgument", or Microsoft Entra's if a sign-in was refused, such as
// "AADSTS7000215"; "" if there is none. Branch on the code and the HTTP status, never on a message.
// <https://learn.microsoft.com/graph/errors>,
// <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>
const char *mgp_error_graph_code(const mgp_error *error);

// The message of Graph, unchanged, or that of Microsoft Entra without its code and IDs; "" if there is none. It may be
// empty even if there is a code.
const char *mgp_error_graph_message(const mgp_error *error);

// What to do, if the library knows more than Graph said; "" otherwise. mgp_error_message includes this advice.
const char *mgp_error_advice(const mgp_error *error);

// The request-id header, which Microsoft support asks for, or x-ms-request-id for a refused sign-in; "" if the response
// has none, or there was no response.
const char *mgp_error_request_id(const mgp_error *error);

// The client-request-id that the library sent, the same for all attempts; "" if there was no attempt. For a refused sign-in,
// Entra's correlation ID; "" if the response has none.
const char *mgp_error_client_request_id(const mgp_error *error);

// What was sent and received, without the token, if the request had MGP_REQUEST_TRACE; "" otherwise.
const char *mgp_error_trace(const mgp_error *error);

// Frees an error.
void mgp_error_free(mgp_error *error);

/*
 * CREDENTIAL
 *
 * Where access tokens come from: a token that you have, a function that fetches one, or one of the ways to sign in.
 *
 * To sign in, fill an mgp_credential_options and call mgp_credential_new. The clients that use a credential share its
 * token, which is kept in memory and renewed before it expires. docs/sign-in.md says which way to sign in suits which
 * program.
 */

// Fetches a token. The library calls it when a request needs a token and there is none, when the last token has less
// than five minutes left (half of its lifetime, for a token that lasts less than ten minutes), and when Graph rejects
// the last token. The function calls mgp_token_sink_set or mgp_token_sink_fail once and returns.
//
// It runs on a thread of its own, one call at a time per credential. A request waits for it no longer than its own
// timeout, and not at all while the last token is still valid: if a renewal fails, that token is used until it
// expires, and the next renewal is tried after 30 seconds. The library never calls the function a second time before
// the first call has returned. If a call never returns, each request that waits for it times out, so give the function
// a time limit of its own. A new credential is not affected. SIGPIPE is blocked in the callback if it is blocked on
// the thread that creates the credential.
typedef void (*mgp_token_fn)(void *user, const mgp_token_sink *sink);

// Creates a credential from a token. It is never renewed: when the token expires, create a new credential and client.
//
// `token`: without "Bearer"; the library's copy is wiped from memory when it is no longer used. `out`: receives the
// credential. Returns MGP_OK, MGP_E_NULL_ARGUMENT, MGP_E_UTF8 or MGP_E_TOKEN.
mgp_status mgp_credential_new_token(const char *token,
                                    mgp_credential **out,
                                    mgp_error **error);

// Creates a credential from a function that fetches tokens.
//
// `token`: see mgp_token_fn. `user`: passed to it. If this call succeeds, the library owns `user` and calls `drop`
// with it once, after the last use. `drop`: may be NULL. `client_id`: the client id of the application, the default
// for a session's sessionId; NULL or "": the one in the token. `out`: receives the credential.
// Returns MGP_OK, MGP_E_NULL_ARGUMENT or MGP_E_UTF8.
mgp_status mgp_credential_new_callback(mgp_token_fn token,
                                       void *user,
                                       mgp_drop_fn drop,
                                       const char *client_id,
                                       mgp_credential **out,
                                       mgp_error **error);

// What is known about a credential now, as JSON: "kind" (such as "clientSecret"), "clientId", "tenantId", "account"
// (the user principal name), "scopes" and "roles" (arrays), "expires" (seconds since 1970), and "chain" (the result of
// each link of a chain; null for other kinds). Unknown values are null or []: before the first token, only what the
// credential was created with is known. The values are read from the token without verification. The call does not
// fetch a token. "{}" for NULL.
//
// Valid until the credential is freed. May be called from any thread.
const char *mgp_credential_about_json(const mgp_credential *credential);

// Signs in now, unless there is a valid token already, and blocks until the sign-in has ended. Without this call, the
// first request signs in. A program that signs a person in makes this call first, so that no request waits for the
// person.
//
// The call also waits while refresh_token_changed stores a new refresh token. If that takes longer than `timeout_ms`,
// or mgp_credential_cancel is called meanwhile, the sign-in has still succeeded.
//
// `timeout_ms`: the longest time to wait, in ms; 0: 180 seconds. Returns MGP_OK, MGP_E_NULL_ARGUMENT,
// MGP_E_WOULD_DEADLOCK (inside a callback), MGP_E_TIMEOUT, MGP_E_CANCELLED (after mgp_credential_cancel),
// MGP_E_OPTION, an MGP_E_... from 20 to 26 about the connection, or from 30 to 36 about the sign-in. May be called
// from any thread.
mgp_status mgp_credential_sign_in(const mgp_credential *credential,
                                  uint32_t timeout_ms,
                                  mgp_error **error);

// Cancels the sign-in that a credential has under way, if there is one: every call that waits for it returns
// MGP_E_CANCELLED. The next request signs in again. Never blocks; does nothing for NULL. May be called from any
// thread.
void mgp_credential_cancel(const mgp_credential *credential);

// Provides the token, inside a token callback, or the assertion, inside an assertion callback.
//
// `token`: without "Bearer". `expires_unix_s`: when the token expires, in seconds since 1970; 0: the time in the
// token, or else five minutes from now. Returns MGP_OK, MGP_E_NULL_ARGUMENT or MGP_E_UTF8. If the call fails, waiting
// requests fail for the same reason, unless the callback provides a token afterwards.
mgp_status mgp_token_sink_set(const mgp_token_sink *sink,
                              const char *token,
                              int64_t expires_unix_s);

// Provides a signature, inside a signing callback.
//
// `signature`: the bytes of the signature, `size` of them; copied. Returns MGP_OK, MGP_E_NULL_ARGUMENT or
// MGP_E_OPTION.
mgp_status mgp_token_sink_set_signature(const mgp_token_sink *sink,
                                        const uint8_t *signature,
                                        uint32_t size);

// Reports a failure, inside a callback: there is no token or signature.
//
// `message`: the reason. Waiting requests fail with MGP_E_TOKEN, and their message includes the reason.
// Returns MGP_OK, MGP_E_NULL_ARGUMENT or MGP_E_UTF8.
mgp_status mgp_token_sink_fail(const mgp_token_sink *sink,
                               const char *message);

// Frees a credential. Clients that use it can continue to do so.
void mgp_credential_free(mgp_credential *credential);

// mgp_credential_options.kind: an application signs in as itself with `client_secret`. Needs `tenant_id` and
// `client_id`.
#define MGP_CREDENTIAL_CLIENT_SECRET 1

// mgp_credential_options.kind: an application signs in as itself with a certificate: `certificate_file`, or
// `certificate`, or `certificate` and `sign`. Needs `tenant_id` and `client_id`. Entra accepts RSA keys only; any
// other key returns MGP_E_CERTIFICATE before anything is sent.
#define MGP_CREDENTIAL_CLIENT_CERTIFICATE 2

// mgp_credential_options.kind: an application signs in as itself with an assertion of another identity provider, which
// a federated credential of the application trusts: `assertion`, `assertion_file` or `client_assertion`. Needs
// `tenant_id` and `client_id`.
#define MGP_CREDENTIAL_CLIENT_ASSERTION 3

// mgp_credential_options.kind: a Kubernetes pod signs in with the token that the cluster writes to a file.
// `assertion_file`, `tenant_id`, `client_id` and `authority` default to AZURE_FEDERATED_TOKEN_FILE, AZURE_TENANT_ID,
// AZURE_CLIENT_ID and AZURE_AUTHORITY_HOST.
#define MGP_CREDENTIAL_WORKLOAD_IDENTITY 4

// mgp_credential_options.kind: a job of GitHub Actions signs in. The job needs the permission id-token: write.
// `tenant_id` and `client_id` default to AZURE_TENANT_ID and AZURE_CLIENT_ID.
#define MGP_CREDENTIAL_GITHUB_ACTIONS 5

// mgp_credential_options.kind: a virtual machine, App Service, Function, Container App or machine of Azure Arc signs
// in with its managed identity; `client_id` selects one, if there are several. Never uses a proxy.
#define MGP_CREDENTIAL_MANAGED_IDENTITY 6

// mgp_credential_options.kind: a person signs in with a browser on any device, with a code that `prompt` shows.
// `tenant_id` and `client_id` default to "organizations" and to Microsoft Graph Command Line Tools.
#define MGP_CREDENTIAL_DEVICE_CODE 7

// mgp_credential_options.kind: a person signs in with the browser of this machine, which is redirected to a port on
// loopback. The library opens the page (MGP_CREDENTIAL_FLAG_OPEN_BROWSER), or `prompt` does. The application needs
// http://localhost as a redirect URI of "Mobile and desktop applications". The defaults are those of
// MGP_CREDENTIAL_DEVICE_CODE.
#define MGP_CREDENTIAL_INTERACTIVE_BROWSER 8

// mgp_credential_options.kind: an application signs in with the environment variables that Azure's other tools read:
// AZURE_TENANT_ID and AZURE_CLIENT_ID, with AZURE_CLIENT_SECRET, or AZURE_CLIENT_CERTIFICATE_PATH (and
// AZURE_CLIENT_CERTIFICATE_PASSWORD, AZURE_CLIENT_SEND_CERTIFICATE_CHAIN), or AZURE_FEDERATED_TOKEN_FILE; and
// AZURE_AUTHORITY_HOST. AZURE_USERNAME and AZURE_PASSWORD are refused.
#define MGP_CREDENTIAL_ENVIRONMENT 9

// mgp_credential_options.kind: the first credential in `chain` that is set up on this machine; without a chain, the
// first of environment, workload identity and managed identity. If Entra refuses one that is set up, the sign-in
// fails. Once a credential has signed in, it is always used. mgp_credential_about_json says which one, and why the
// others were not used.
#define MGP_CREDENTIAL_CHAIN 10

// mgp_credential_options.flags: `authority` may be plain http if its host is on loopback, for an emulator.
#define MGP_CREDENTIAL_FLAG_ALLOW_LOOPBACK_HTTP 1u

// mgp_credential_options.flags: the certificates are sent too (x5c), for an application that trusts a subject and an
// issuer rather than one certificate.
#define MGP_CREDENTIAL_FLAG_SEND_CERTIFICATE_CHAIN 2u

// mgp_credential_options.flags: the library opens the page of MGP_CREDENTIAL_INTERACTIVE_BROWSER with the system's
// browser.
#define MGP_CREDENTIAL_FLAG_OPEN_BROWSER 4u

// Signs `data`, `size` bytes, with the private key of the certificate: RSA-PSS with SHA-256 (PS256). It calls
// mgp_token_sink_set_signature or mgp_token_sink_fail once and returns. `data` is valid until then.
//
// It runs on a thread of its own, as mgp_token_fn does, so it may ask for a PIN.
typedef void (*mgp_sign_fn)(void *user,
                            const uint8_t *data,
                            uint32_t size,
                            const mgp_token_sink *sink);

// What a person must see in order to sign in. Valid until the prompt callback returns.
typedef struct {
    // sizeof(mgp_prompt) of the library, which may be larger than the caller's.
    uint32_t struct_size;
    // The way to sign in: MGP_CREDENTIAL_DEVICE_CODE or MGP_CREDENTIAL_INTERACTIVE_BROWSER.
    int32_t kind;
    // The complete text to show.
    const char *message;
    // The page to open.
    const char *url;
    // The code to enter on the page; NULL with MGP_CREDENTIAL_INTERACTIVE_BROWSER.
    const char *user_code;
    // When the sign-in times out, in seconds since 1970.
    int64_t expires_unix_s;
} mgp_prompt;

// Shows a person how to sign in, and returns at once: 0, or any other number to end the sign-in with MGP_E_TOKEN. It
// runs on a thread of its own.
typedef int32_t (*mgp_prompt_fn)(void *user, const mgp_prompt *prompt);

// Receives each new refresh token of a person, to store it for later processes. It is as valuable as a password, so
// store it where the system stores secrets. NULL: Entra no longer accepts the last token, so delete it.
// `refresh_token` is valid until the function returns.
//
// It runs on a thread of its own, one call at a time per credential. mgp_credential_sign_in waits for it within its
// `timeout_ms`; a request does not wait. A short-lived program that stores the token therefore calls
// mgp_credential_sign_in first.
typedef void (*mgp_refresh_token_fn)(void *user, const char *refresh_token);

// How a credential signs in. Start with MGP_CREDENTIAL_OPTIONS_INIT and set `kind`; zero and NULL are the defaults. A
// field that the kind does not use is ignored. Texts and bytes are copied; secrets are wiped from memory when they are
// no longer used, and never shown.
typedef struct {
    // sizeof(mgp_credential_options), set by MGP_CREDENTIAL_OPTIONS_INIT.
    uint32_t struct_size;
    // MGP_CREDENTIAL_...: how to sign in.
    int32_t kind;
    // MGP_CREDENTIAL_FLAG_... or 0.
    uint32_t flags;
    // How long a person has to sign in, in ms; 0: 120 seconds. Kinds that do not ask a person ignore it.
    uint32_t timeout_ms;
    // Global (the default), USGov, USGovDoD or BleuCloud: as for the client.
    const char *cloud;
    // The scheme, host and port to sign in at, in place of the cloud's login host. Secrets are not sent anywhere else.
    const char *authority;
    // The tenant: its id or one of its domains.
    const char *tenant_id;
    // The client id of the application. It is also the default for a session's sessionId.
    const char *client_id;
    // The permissions to ask for, separated by spaces; names without a resource (and so without a slash) are Graph's.
    // NULL: everything that the application was granted, or Presence.ReadWrite if a person signs in.
    const char *scopes;
    // The value of a client secret, not its id.
    const char *client_secret;
    // A file with a certificate and its private key: PEM or PFX (PKCS #12). It is read again at each sign-in, so that
    // it can be replaced.
    const char *certificate_file;
    // The bytes of such a file, in place of `certificate_file`; with `sign`, the certificate alone, in PEM or DER.
    const uint8_t *certificate;
    // The password of the file or of its private key; NULL: none.
    const char *certificate_password;
    // Signs with the private key, so that the key can stay in a certificate store, a vault or a smart card; or NULL.
    mgp_sign_fn sign;
    // Fetches an assertion for each sign-in; or NULL. It is called like a token callback, but the expiry that it sets
    // is ignored.
    mgp_token_fn assertion;
    // A file with the assertion, which another program keeps up to date. It is read again at each sign-in.
    const char *assertion_file;
    // The assertion itself, a JWT. The credential can sign in until it expires.
    const char *client_assertion;
    // Shows a person how to sign in. Required for MGP_CREDENTIAL_DEVICE_CODE.
    mgp_prompt_fn prompt;
    // The account that a person is to sign in with, so that they need not choose one; or NULL.
    const char *login_hint;
    // A refresh token of an earlier sign-in, which is tried before a person is asked; or NULL.
    const char *refresh_token;
    // Receives each new refresh token; or NULL.
    mgp_refresh_token_fn refresh_token_changed;
    // An HTTP proxy for https; "" and NULL: see mgp_client_options.
    const char *proxy_url;
    // A PEM file of certificates to trust in addition to the system's; see mgp_client_options.
    const char *ca_file;
    // Environment variables to read in place of the process environment, each "NAME=value", for a host with its own,
    // such as .NET; NULL: those of the process. They may also name a proxy; see mgp_client_options.
    const char *const *environment;
    // The credentials of a chain, in the order in which they are tried. They may be freed before the chain. Chains can be
    // nested 16 deep.
    const mgp_credential *const *chain;
    // Passed to the callbacks of this struct. The library owns it if mgp_credential_new succeeds.
    void *user;
    // Called once with `user` after the last use; or NULL.
    mgp_drop_fn drop;
    // The length of `certificate`, in bytes.
    uint32_t certificate_size;
    // The number of variables in `environment`.
    uint32_t environment_count;
    // The number of credentials in `chain`.
    uint32_t chain_count;
    // The port on loopback that a browser is redirected to; 0: any free port.
    uint32_t redirect_port;
} mgp_credential_options;

// Initializes an mgp_credential_options: sets struct_size and the defaults.
#define MGP_CREDENTIAL_OPTIONS_INIT \
    {sizeof(mgp_credential_options), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, \
     0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

// Creates a credential that signs in. Nothing is read or sent before the first request that needs a token, or
// mgp_credential_sign_in.
//
// A token is kept in memory until it expires, and renewed before that, by one sign-in however many threads need it. A
// sign-in runs on a thread of its own. A request waits for it no longer than its own timeout. If a renewal fails, the
// last token is used until it expires. If Graph demands further claims (a claims challenge), the credential signs in
// once more with them.
//
// A request that fails because of the sign-in returns a status from 30 to 36. mgp_error_graph_code is then the code of
// Microsoft Entra, such as "AADSTS7000215", and mgp_error_message says what to do. If the login host cannot be reached,
// it returns a status from 20 to 26, and if a variable of the environment cannot be used, MGP_E_OPTION.
//
// `options`: see mgp_credential_options. `out`: receives the credential. Returns MGP_OK, MGP_E_NULL_ARGUMENT,
// MGP_E_UTF8, MGP_E_STRUCT_SIZE, MGP_E_OPERATION (an unknown kind), MGP_E_OPTION (a field that is missing or cannot be
// used) or MGP_E_CLOUD.
mgp_status mgp_credential_new(const mgp_credential_options *options,
                              mgp_credential **out,
                              mgp_error **error);

/*
 * CLIENT
 *
 * A client of Microsoft Graph. Create one and share it; it keeps its connections open.
 */

// Receives one line about the library's work. `level` is one of MGP_LOG_...; `subject` and `message` are valid until
// the function returns and never contain a token.
//
// The client calls it on a thread of its own, with one line at a time, and the lines of a call in order. No request
// waits for it, so a line may arrive after its call has returned. If the function is slow, up to 1,000 lines are kept;
// further lines are dropped, and a line at MGP_LOG_ERROR says how many. mgp_client_close waits until every line has
// arrived. After mgp_client_free, the remaining lines still arrive, and then `log_drop` is called. SIGPIPE is blocked
// in the function if it is blocked on the thread that creates the client.
typedef void (*mgp_log_fn)(void *user, int32_t level, const char *subject, const char *message);

// mgp_client_options.flags: the base URL may be plain http if its host is on loopback, for an emulator. Without TLS, a
// server that keeps sending interim responses (1xx) can delay the timeout of a call by a quarter of a second, or by
// more on a machine under load.
#define MGP_CLIENT_ALLOW_LOOPBACK_HTTP 1u

// mgp_client_options.throttle_ceiling: no limit.
#define MGP_THROTTLE_NONE 4294967295u

// mgp_client_options.log_level: no lines.
#define MGP_LOG_OFF 0

// mgp_client_options.log_level: calls that failed.
#define MGP_LOG_ERROR 1

// mgp_client_options.log_level: also requests that are sent again, and tokens that could not be renewed.
#define MGP_LOG_WARNING 2

// mgp_client_options.log_level: also calls that succeeded, and sign-ins.
#define MGP_LOG_INFO 3

// mgp_client_options.log_level: also each attempt, with its status and duration.
#define MGP_LOG_DEBUG 4

// The options of a client. Start with MGP_CLIENT_OPTIONS_INIT; zero and NULL are the defaults.
typedef struct {
    // sizeof(mgp_client_options), set by MGP_CLIENT_OPTIONS_INIT.
    uint32_t struct_size;
    // MGP_CLIENT_... or 0.
    uint32_t flags;
    // Global (the default), USGov, USGovDoD or BleuCloud. China and DelosCloud are refused: they have no presence API.
    const char *cloud;
    // The scheme, host and port to use. They override those of the cloud. Write a host with letters beyond ASCII in
    // its xn-- form. The token is not sent anywhere else.
    const char *base_url;
    // The source of access tokens; NULL: each request has its own access_token. The credential may be freed before the
    // client.
    const mgp_credential *credential;
    // The User-Agent header; NULL: "mgpresence" and the version.
    const char *user_agent;
    // The URL of an HTTP proxy for https, such as http://user:password@host:port; "": no proxy; NULL: the system's
    // proxy, and no proxy for loopback. HTTPS_PROXY, ALL_PROXY and NO_PROXY are read when the client or the credential is
    // created, and not again. If one is not a valid URL, mgp_client_new returns MGP_E_OPTION, or the first sign-in does.
    // With REQUEST_METHOD in the environment (CGI), these variables have no effect: name the proxy here. A proxy is
    // refused with plain http, because it would see the token.
    const char *proxy_url;
    // A PEM file of certificates to trust in addition to the system's: authorities, or the host's own. The first
    // request over TLS reads it, and returns MGP_E_OPTION if that fails.
    const char *ca_file;
    // The longest time to wait for a response, retries included, in ms; 0: 100 seconds. For a blocking call it starts
    // with the call; for a submitted request see mgp_submit.
    uint32_t timeout_ms;
    // The longest time to wait for a connection, in ms; 0: 10 seconds.
    uint32_t connect_timeout_ms;
    // The longest total time to wait between the attempts of one call, in ms; 0: 60 seconds.
    uint32_t retry_budget_ms;
    // The most times that a request is sent; 0: 6; 1: no retry. If Graph rejects a token of a callback, the request is
    // sent once more with a new one, even beyond this limit. So is one whose batch was refused as a whole: it is sent
    // alone.
    uint32_t max_attempts;
    // The most requests in flight at a time; 0: 32. Further requests wait, and are not sent if they time out first.
    uint32_t max_in_flight;
    // MGP_LOG_...: which lines `log` receives.
    int32_t log_level;
    // Receives lines about the library's work; or NULL.
    mgp_log_fn log;
    // Passed to `log`. The library owns it if mgp_client_new succeeds.
    void *log_user;
    // Called once with `log_user` after the last line, or immediately if no lines are wanted; or NULL.
    mgp_drop_fn log_drop;
    // The first limit of requests within 30 s, for batched requests; 0: 1500, or throttle_ceiling if that is set,
    // because a program that sets a ceiling knows the limit.
    uint32_t throttle_start;
    // The highest limit of requests within 30 s, for batched requests; 0: 10000; MGP_THROTTLE_NONE: no limit. All
    // clients of a process share one limit for each application and tenant, with the values of the client that joined
    // last and gave any.
    uint32_t throttle_ceiling;
    // The longest wait before the second attempt of a call, in ms, if Graph does not ask for a longer one; 0: 500. The
    // wait doubles with each further attempt, up to 32 times the first one, and a random part of up to half is
    // subtracted.
    uint32_t retry_delay_ms;
    // The number of variables in `environment`.
    uint32_t environment_count;
    // Environment variables to read in place of the process environment, each "NAME=value", for a host with its own,
    // such as .NET; NULL: those of the process. They may name a proxy, as HTTPS_PROXY, ALL_PROXY and NO_PROXY do.
    const char *const *environment;
} mgp_client_options;

// Initializes an mgp_client_options: sets struct_size and the defaults.
#define MGP_CLIENT_OPTIONS_INIT \
    {sizeof(mgp_client_options), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

// Creates a client. Nothing is sent or opened before the first request.
//
// `options`: NULL for the defaults. `out`: receives the client.
// Returns MGP_OK, MGP_E_NULL_ARGUMENT, MGP_E_UTF8, MGP_E_STRUCT_SIZE, MGP_E_OPTION or MGP_E_CLOUD.
mgp_status mgp_client_new(const mgp_client_options *options, mgp_client **out, mgp_error **error);

// Closes a client: refuses new requests, waits for those under way, and ends the remaining ones with MGP_E_CLOSED.
//
// `wait_ms`: the longest time to wait; 0: end them at once. Ending them may take up to a second more if a callback
// holds them up. Every submitted operation still completes in its queue. Within the same time, the call also waits
// until the log function has received every line. Returns MGP_OK if every request completed, MGP_E_TIMEOUT if some had
// to be ended; MGP_E_NULL_ARGUMENT; MGP_E_WOULD_DEADLOCK inside a callback.
mgp_status mgp_client_close(const mgp_client *client,
                            uint32_t wait_ms,
                            mgp_error **error);

// Frees a client. Requests in flight continue and complete, and so do calls that block on other threads.
void mgp_client_free(mgp_client *client);

// The counters of a client at one moment. Start with MGP_CLIENT_STATISTICS_INIT. Totals start at 0 when the client is
// created, and never decrease.
typedef struct {
    // sizeof(mgp_client_statistics), set by MGP_CLIENT_STATISTICS_INIT.
    uint32_t struct_size;
    // Operations that were started or submitted and have not ended.
    uint32_t outstanding;
    // Batched operations that wait to be sent, or to be sent again.
    uint32_t waiting;
    // Requests on the wire.
    uint32_t in_flight;
    // The current limit of requests that the application may send within 30 s; 0 before the first request;
    // MGP_THROTTLE_NONE without a limit.
    uint32_t throttle_limit;
    // Requests that count toward that limit: in flight, or answered less than 30 s ago, from any client of the
    // process.
    uint32_t throttle_used;
    // Requests sent. Each attempt counts; a batch counts as one.
    uint64_t requests;
    // Batches sent.
    uint64_t batches;
    // Operations sent in batches. Each attempt counts.
    uint64_t batched;
    // Retries: how often an operation was to be sent again because it was throttled, refused for now, or lost.
    uint64_t retries;
    // Responses with status 429, to requests and to operations in batches.
    uint64_t throttled;
    // How often batched operations had to wait for the limit.
    uint64_t throttle_waits;
    // Operations that ended with a response.
    uint64_t succeeded;
    // Operations that ended with an error.
    uint64_t failed;
    // How often a token was first sent: 1 for the first token, and 1 for each change.
    uint64_t tokens;
} mgp_client_statistics;

// Initializes an mgp_client_statistics for mgp_client_stats to fill.
#define MGP_CLIENT_STATISTICS_INIT \
    {sizeof(mgp_client_statistics), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

// Reads the counters of a client.
//
// `out`: filled on MGP_OK, otherwise unchanged. Does not block. May be called from any thread, even inside a callback.
// Returns MGP_OK, MGP_E_NULL_ARGUMENT or MGP_E_STRUCT_SIZE.
mgp_status mgp_client_stats(const mgp_client *client,
                            mgp_client_statistics *out,
                            mgp_error **error);

/*
 * SHORTHANDS
 *
 * The operations that most programs need, with plain arguments. Each sends one request and blocks until it ends.
 *
 * `user_id` is an object id or a user principal name; NULL is the signed-in user of a delegated token (except in
 * mgp_create_presence). Each function returns what mgp_send returns, and MGP_E_UTF8 or MGP_E_NULL_ARGUMENT for its own
 * arguments. For any other operation, and for asynchronous calls, use an mgp_request.
 */

// Sets a user's presence as an application, by opening or renewing the application's session.
//
// `session_id`: the client id of the application; NULL: the credential's client id, or else the one in the token.
// `availability` and `activity`: Available/Available, Busy/InACall, Busy/InAConferenceCall, Away/Away or
// DoNotDisturb/Presenting. `expiration`: PT5M to PT4H; NULL: Graph's default of 5 minutes.
//
// Success does not mean that the user is seen this way: another session or the user's preferred presence may outrank
// the session (mgp_presence_shows tells). Available fades to AvailableInactive after 5 minutes and to Away after 10,
// whatever the expiration.
// <https://learn.microsoft.com/graph/api/presence-setpresence>
mgp_status mgp_set_presence(const mgp_client *client,
                            const char *user_id,
                            const char *session_id,
                            const char *availability,
                            const char *activity,
                            const char *expiration,
                            mgp_error **error);

// Reads a user's presence.
//
// `out`: receives the response; mgp_response_presence(response, 0) is the presence.
// <https://learn.microsoft.com/graph/api/presence-get>
mgp_status mgp_get_presence(const mgp_client *client,
                            const char *user_id,
                            mgp_response **out,
                            mgp_error **error);

// Ends an application's session for a user.
//
// `session_id`: the client id of the application that set the presence; NULL: the credential's client id, or else the
// one in the token. Also returns MGP_E_NOT_FOUND if there is no session, which you can treat as success.
// <https://learn.microsoft.com/graph/api/presence-clearpresence>
mgp_status mgp_clear_presence(const mgp_client *client,
                              const char *user_id,
                              const char *session_id,
                              mgp_error **error);

// Sets a user's preferred presence. It outranks every session, but shows only while the user has one.
//
// `availability` and `activity`: Available/Available, Busy/Busy, DoNotDisturb/DoNotDisturb, BeRightBack/BeRightBack,
// Away/Away or Offline/OffWork. `expiration`: such as PT8H; NULL: Graph's default, one day for Busy and DoNotDisturb
// and seven days for the others. <https://learn.microsoft.com/graph/api/presence-setuserpreferredpresence>
mgp_status mgp_set_user_preferred_presence(const mgp_client *client,
                                           const char *user_id,
                                           const char *availability,
                                           const char *activity,
                                           const char *expiration,
                                           mgp_error **error);

// Clears a user's preferred presence.
// <https://learn.microsoft.com/graph/api/presence-clearuserpreferredpresence>
mgp_status mgp_clear_user_preferred_presence(const mgp_client *client,
                                             const char *user_id,
                                             mgp_error **error);

// Sets a user's status message, the text below the user's name.
//
// `content`: plain text; "" removes the message. `expiry`: when the message ends, a local time without an offset such
// as 2026-10-18T17:05:33; NULL: never. `time_zone`: the time zone of `expiry`, such as "Pacific Standard Time". Give
// both or neither; one alone returns MGP_E_INVALID_VALUE.
// <https://learn.microsoft.com/graph/api/presence-setstatusmessage>
mgp_status mgp_set_status_message(const mgp_client *client,
                                  const char *user_id,
                                  const char *content,
                                  const char *expiry,
                                  const char *time_zone,
                                  mgp_error **error);

// Updates a presence object.
//
// Do not expect this to work against the live service. The operation is in Graph's metadata but not in its
// documentation, no permission grants it, and the live service answered 404. Use mgp_set_presence,
// mgp_set_user_preferred_presence or mgp_set_status_message instead. `out`: may be NULL; receives the response.
mgp_status mgp_update_presence(const mgp_client *client,
                               const char *user_id,
                               const char *availability,
                               const char *activity,
                               mgp_response **out,
                               mgp_error **error);

// Creates a presence object. As with mgp_update_presence, do not expect this to work against the live service.
//
// `user_id`: the object id of the user; NULL: the body has no id. `out`: may be NULL; receives the response.
mgp_status mgp_create_presence(const mgp_client *client,
                               const char *user_id,
                               const char *availability,
                               const char *activity,
                               mgp_response **out,
                               mgp_error **error);

/*
 * REQUEST
 *
 * Any operation as plain data: for mgp_send, which blocks, and for mgp_submit, which does not.
 */

// Reads a presence. <https://learn.microsoft.com/graph/api/presence-get>
#define MGP_OP_GET_PRESENCE 1

// Sets the session of an application. <https://learn.microsoft.com/graph/api/presence-setpresence>
#define MGP_OP_SET_PRESENCE 2

// Updates a presence object. Do not expect the live service to offer it; see mgp_update_presence.
#define MGP_OP_UPDATE_PRESENCE 3

// Creates a presence object. Do not expect the live service to offer it; see mgp_update_presence.
#define MGP_OP_CREATE_PRESENCE 4

// Deletes a presence object. Do not expect the live service to offer it; see mgp_update_presence.
#define MGP_OP_DELETE_PRESENCE 5

// Ends the session of an application; 404 if there is none.
// <https://learn.microsoft.com/graph/api/presence-clearpresence>
#define MGP_OP_CLEAR_PRESENCE 6

// Sets the preferred presence, which shows only while the user has a session.
// <https://learn.microsoft.com/graph/api/presence-setuserpreferredpresence>
#define MGP_OP_SET_USER_PREFERRED_PRESENCE 7

// Clears the preferred presence.
// <https://learn.microsoft.com/graph/api/presence-clearuserpreferredpresence>
#define MGP_OP_CLEAR_USER_PREFERRED_PRESENCE 8

// Sets the status message. <https://learn.microsoft.com/graph/api/presence-setstatusmessage>
#define MGP_OP_SET_STATUS_MESSAGE 9

// Sets today's work location. Delegated tokens only.
// <https://learn.microsoft.com/graph/api/presence-setmanuallocation>
#define MGP_OP_SET_MANUAL_LOCATION 10

// Reports the work location that a device detected. Delegated tokens only.
// <https://learn.microsoft.com/graph/api/presence-setautomaticlocation>
#define MGP_OP_SET_AUTOMATIC_LOCATION 11

// Clears all of today's work locations. <https://learn.microsoft.com/graph/api/presence-clearlocation>
#define MGP_OP_CLEAR_LOCATION 12

// Clears the work location that a device reported.
// <https://learn.microsoft.com/graph/api/presence-clearautomaticlocation>
#define MGP_OP_CLEAR_AUTOMATIC_LOCATION 13

// Lists presences, one page at a time. <https://learn.microsoft.com/graph/api/presence-get>
#define MGP_OP_LIST_PRESENCES 14

// Counts presences; see mgp_response_count.
#define MGP_OP_COUNT_PRESENCES 15

// Reads the presences of many users, in the order of their ids: body_json is {"ids": [...]}, with object ids. Graph
// takes 650 ids in a request; the library splits a longer list. The response then has the presences of all parts, and
// its status, headers and client-request-id are those of the last part. max_attempts and retry_budget_ms apply to each
// part.
// <https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid>
#define MGP_OP_GET_PRESENCES_BY_USER_ID 16

// The pairs of availability and activity that an operation accepts, as JSON:
// [["Available","Available"],["Busy","InACall"]]. NULL for an operation without such a rule.
//
// Valid as long as the library is loaded. May be called from any thread.
const char *mgp_operation_pairs_json(int32_t operation);

// The route of an operation in the notation of Graph's metadata, such as
// "POST /users/{user-id}/presence/microsoft.graph.setPresence". NULL if the operation or the target is unknown.
//
// The route is for messages to users. The library sends the short form from Graph's documentation.
// Valid as long as the library is loaded. May be called from any thread.
const char *mgp_operation_route(int32_t operation,
                                int32_t target);

// mgp_request.api_version: /v1.0, the supported one.
#define MGP_API_V1_0 0

// mgp_request.api_version: /beta, which Microsoft does not support in production.
#define MGP_API_BETA 1

// mgp_request.target: the signed-in user of a delegated token, /me/presence. Also for operations on the collection.
#define MGP_TARGET_ME 0

// mgp_request.target: /users/{id}/presence; target_id is an object id or a user principal name.
#define MGP_TARGET_USER 1

// mgp_request.target: /communications/presences/{id}; target_id is an object id.
#define MGP_TARGET_COMMUNICATIONS 2

// mgp_request.flags: skip the checks of presence values (pairs, durations, session ids), so that the service decides:
// it may accept values that are newer than this library. A value that would change where the request goes is still
// refused.
#define MGP_REQUEST_SKIP_VALIDATION 1u

// mgp_request.flags: set a missing sessionId in the body to the credential's client id, or else to the one in the
// token.
#define MGP_REQUEST_DEFAULT_SESSION_ID 2u

// mgp_request.flags: record what is sent and received in each attempt, without the token and without the values of
// other secret headers, such as Cookie; see mgp_response_trace and mgp_error_trace.
#define MGP_REQUEST_TRACE 4u

// mgp_request.flags: let mgp_submit send the request in a $batch with others, within the limit of requests that Graph
// has for an application; see the chapter "Queue". mgp_send ignores this flag.
#define MGP_REQUEST_BATCH 8u

// A name and a value: a header or a query option. The call that takes it copies both.
typedef struct {
    // Such as "ConsistencyLevel" or "$select".
    const char *name;
    // The value, not encoded.
    const char *value;
} mgp_field;

// A request: the operation, the user and the body. Start with MGP_REQUEST_INIT; zero and NULL are the defaults. The
// call that takes it copies everything.
typedef struct {
    // sizeof(mgp_request), set by MGP_REQUEST_INIT.
    uint32_t struct_size;
    // MGP_OP_...
    int32_t operation;
    // MGP_API_...
    int32_t api_version;
    // MGP_TARGET_...
    int32_t target;
    // The id of the user; NULL with MGP_TARGET_ME.
    const char *target_id;
    // The body, a JSON object of at most 64 MiB; NULL for an operation that takes none.
    const char *body_json;
    // An array of query_count options, such as $select; or NULL. The URL may have at most 64,000 bytes after
    // the host.
    const mgp_field *query;
    // An array of at most 64 headers with 32 KiB in all; or NULL. Authorization and headers about the connection are
    // refused. A request with If-Match is not sent again.
    const mgp_field *headers;
    // The number of items in `query`.
    uint32_t query_count;
    // The number of items in `headers`.
    uint32_t header_count;
    // An access token for this request only; NULL: the client's credential provides one.
    const char *access_token;
    // The longest time to wait for the response, retries included, in ms; 0: the client's timeout_ms.
    uint32_t timeout_ms;
    // MGP_REQUEST_... or 0.
    uint32_t flags;
    // For MGP_OP_LIST_PRESENCES: mgp_response_next_link of the previous page, which contains the version and the
    // query; NULL for the first page.
    const char *next_link;
} mgp_request;

// Initializes an mgp_request: sets struct_size and the defaults.
#define MGP_REQUEST_INIT {sizeof(mgp_request), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

// Checks a request by the rules that mgp_send applies before it sends anything, and sends nothing: for a program that
// makes one request of many inputs, and wants to know which input is refused.
//
// May be called from any thread. Returns MGP_OK; MGP_E_NULL_ARGUMENT, MGP_E_UTF8, MGP_E_STRUCT_SIZE, MGP_E_OPERATION,
// MGP_E_OPTION, MGP_E_TOKEN or MGP_E_INVALID_...
mgp_status mgp_request_check(const mgp_request *request,
                             mgp_error **error);

// Sends a request, with retries, and blocks until the response arrives.
//
// `out`: may be NULL; receives the response. May be called from any thread.
// Returns MGP_OK for a 2xx status with a body that can be understood, and for a 404 to a repeated clearPresence or
// delete whose earlier attempt succeeded; every status that mgp_submit returns; MGP_E_INVALID_... if nothing was sent;
// a status from 20 to 29 (transport), 30 to 39 (sign-in) or 40 to 49 (Graph); MGP_E_CANCELLED after
// mgp_credential_cancel; MGP_E_CLOSED; MGP_E_WOULD_DEADLOCK inside a callback.
mgp_status mgp_send(const mgp_client *client,
                    const mgp_request *request,
                    mgp_response **out,
                    mgp_error **error);

/*
 * RESPONSE
 *
 * What Graph answered. Every getter accepts NULL, which means an empty response, and may be called from any thread.
 * Strings and presences are borrowed from the response.
 */

// The HTTP status, such as 200, 201 or 204; 0 for NULL.
int32_t mgp_response_http_status(const mgp_response *response);

// The body as Graph sent it, in UTF-8, without the token if Graph echoed it; "" if it is empty.
const char *mgp_response_body(const mgp_response *response);

// The length of the body in bytes, without the final NUL.
uint64_t mgp_response_body_length(const mgp_response *response);

// The number of headers.
uint32_t mgp_response_header_count(const mgp_response *response);

// The name of a header, in lower case; NULL past the last one.
const char *mgp_response_header_name(const mgp_response *response, uint32_t index);

// The value of a header; NULL past the last one.
const char *mgp_response_header_value(const mgp_response *response, uint32_t index);

// The value of the first header with this name, ignoring case; NULL if there is none.
const char *mgp_response_header(const mgp_response *response, const char *name);

// The request-id header, which Microsoft support asks for; "" if there is none.
const char *mgp_response_request_id(const mgp_response *response);

// The client-request-id that the library sent, the same for all attempts of a call.
const char *mgp_response_client_request_id(const mgp_response *response);

// How many times the request was sent.
uint32_t mgp_response_attempts(const mgp_response *response);

// What was sent and received, without the token, if the request had MGP_REQUEST_TRACE; "" otherwise.
const char *mgp_response_trace(const mgp_response *response);

// The number of presences in the response.
uint32_t mgp_response_presence_count(const mgp_response *response);

// One of the presences; NULL past the last one. Borrowed: do not free it.
const mgp_presence *mgp_response_presence(const mgp_response *response, uint32_t index);

// The link to the next page, for mgp_request.next_link; NULL on the last page.
const char *mgp_response_next_link(const mgp_response *response);

// The count, for MGP_OP_COUNT_PRESENCES and for lists with $count; -1 if the response has none.
int64_t mgp_response_count(const mgp_response *response);

// Frees a response and everything borrowed from it.
void mgp_response_free(mgp_response *response);

/*
 * PRESENCE
 *
 * One presence in a response. Every getter accepts NULL, which means an empty presence, and may be called from any
 * thread. A string that Graph did not send is NULL. <https://learn.microsoft.com/graph/api/resources/presence>
 */

// The user's object id.
const char *mgp_presence_id(const mgp_presence *presence);

// The availability, such as "Busy". A word that the library knows is spelled as in Graph's documentation, another one as
// Graph wrote it.
const char *mgp_presence_availability(const mgp_presence *presence);

// The activity, such as "InACall". A word that the library knows is spelled as in Graph's documentation, another one as
// Graph wrote it.
const char *mgp_presence_activity(const mgp_presence *presence);

// Whether the user is out of office: 1 or 0; -1 if Graph did not say.
int32_t mgp_presence_is_out_of_office(const mgp_presence *presence);

// The automatic reply of the user's mailbox.
const char *mgp_presence_out_of_office_message(const mgp_presence *presence);

// The text of the status message.
const char *mgp_presence_status_message(const mgp_presence *presence);

// The content type of the status message: "text" or "html".
const char *mgp_presence_status_message_content_type(const mgp_presence *presence);

// When the status message ends, as a local time. Graph sends it only for the caller's own message.
const char *mgp_presence_status_message_expiry(const mgp_presence *presence);

// The time zone of that time, such as "Pacific Standard Time".
const char *mgp_presence_status_message_expiry_time_zone(const mgp_presence *presence);

// When the status message was published. Graph sends it only for the caller's own message.
const char *mgp_presence_status_message_published(const mgp_presence *presence);

// Where the user works: "office", "remote", "timeOff" or "unspecified".
const char *mgp_presence_work_location_type(const mgp_presence *presence);

// Where the work location comes from: "manual", "automatic", "scheduled" or "none".
const char *mgp_presence_work_location_source(const mgp_presence *presence);

// The directory's id of the place where the user works.
const char *mgp_presence_work_location_place_id(const mgp_presence *presence);

// A stamp that orders the versions of a presence. Compare it as text: a later one is greater.
const char *mgp_presence_sequence_number(const mgp_presence *presence);

// The whole presence object as JSON, exactly as Graph wrote it.
const char *mgp_presence_json(const mgp_presence *presence);

// An explanation of the presence, as JSON: "effective" (such as "Busy/InACall"), "hasSession" and
// "hasPreferredPresence" (true, false, or null if the presence does not tell) and "notes", an array of sentences to
// show. "{}" for NULL.
const char *mgp_presence_explanation_json(const mgp_presence *presence);

// mgp_presence_shows: whether the user is seen with the pair now, after it was set.
#define MGP_SHOWS_NOW 0

// mgp_presence_shows: whether the user would be seen with the pair if it were set now.
#define MGP_SHOWS_IF_SET 1

// Tells whether a pair of availability and activity shows, or would show. Sends nothing.
//
// `presence`: read after the set, or just before it. `operation`: MGP_OP_SET_PRESENCE or
// MGP_OP_SET_USER_PREFERRED_PRESENCE. `when`: MGP_SHOWS_NOW or MGP_SHOWS_IF_SET.
// Returns MGP_OK if it shows; MGP_E_OUTRANKED if not, with a message that says what shows instead and why;
// with MGP_SHOWS_IF_SET also MGP_E_INVALID_PAIR; MGP_E_NULL_ARGUMENT, MGP_E_UTF8 or MGP_E_OPERATION.
//
// A presence does not tell everything. With MGP_SHOWS_IF_SET, MGP_E_OUTRANKED may be due to the caller's own session of
// a higher rank, which a set would replace; and MGP_OK does not rule out a preferred presence that is not seen now, or
// that looks like a session (Available, Away).
mgp_status mgp_presence_shows(const mgp_presence *presence,
                              int32_t operation,
                              const char *availability,
                              const char *activity,
                              int32_t when,
                              mgp_error **error);

/*
 * QUEUE
 *
 * Many requests in flight from one thread: submit them, then wait for their completions.
 *
 * A request with MGP_REQUEST_BATCH is sent in a $batch of up to 20, with others of the same API version, token and
 * timeout. A full batch is sent at once. Any other batch is sent 20 ms after its first request, or 1 ms after its last
 * one while nothing is in flight, or on mgp_flush. A single request is sent without a batch, and so are a request of
 * more than 16 KiB and one with a Content-Type other than JSON. A page of a list, and getPresencesByUserId with more
 * than 650 ids, are sent like requests that are not batched.
 *
 * Each batched request has its own completion, as if it had been sent alone, with its status, headers, body and number
 * of attempts. A request that Graph cannot serve now (429, 503, 504), or whose response was lost, is sent again after
 * the longest wait that the response asks for, or after its own if it has no time for the longest, without holding up
 * the others. If a whole batch is refused (but with 401) or fails twice, its requests are sent one by one, so that one
 * of them does not take the others with it; a write only where it cannot take effect twice. The same applies to the
 * reads of a batch whose answer is longer than 8 MiB or cannot be understood. For one user, whose ids are compared
 * without regard to case, a write is sent only when all requests that were submitted before it have ended, and so is a
 * read when the writes before it have. Reads have no order among themselves. Requests that are not batched have no such
 * order, neither among themselves nor with batched ones.
 *
 * Graph counts the requests of an application in a tenant over 30 s, each request in a batch as one, and answers 429
 * above a limit. The library holds batched requests back so that they stay within that limit, which starts at
 * throttle_start, rises while Graph accepts more, and falls on 429. Other requests are counted too, but never wait.
 */

// mgp_keep_alive_event.state: the presence has not been set yet. No event has this state.
#define MGP_KEEP_ALIVE_PENDING 0

// mgp_keep_alive_event.state: the presence was set for the first time, or for the first time since it was changed.
#define MGP_KEEP_ALIVE_HELD 1

// mgp_keep_alive_event.state: the presence was renewed. Reported with MGP_KEEP_ALIVE_FLAG_REPORT_RENEWALS only.
#define MGP_KEEP_ALIVE_RENEWED 2

// mgp_keep_alive_event.state: the presence could not be set. The one that was set before, if any, still lasts. The
// keep-alive tries again. Reported once, with the error of the first failure, until the presence recovers or is lost.
#define MGP_KEEP_ALIVE_FAILING 3

// mgp_keep_alive_event.state: the presence was renewed after it had been failing or lost.
#define MGP_KEEP_ALIVE_RECOVERED 4

// mgp_keep_alive_event.state: the presence was not renewed in time, and has or may have faded or expired. The
// keep-alive tries again.
#define MGP_KEEP_ALIVE_LOST 5

// mgp_keep_alive_event.state: Graph refused the presence. The keep-alive does not try again.
#define MGP_KEEP_ALIVE_REFUSED 6

// mgp_keep_alive_event.state: the presence is no longer kept.
#define MGP_KEEP_ALIVE_STOPPED 7

// mgp_keep_alive_event.state: the keep-alive has ended, and this is its last completion.
#define MGP_KEEP_ALIVE_ENDED 8

// What happened to a presence that is kept alive. The library creates it, so struct_size is the library's.
typedef struct {
    // The size of the struct in the library.
    uint32_t struct_size;
    // MGP_KEEP_ALIVE_...
    int32_t state;
    // MGP_OP_SET_PRESENCE or MGP_OP_SET_USER_PREFERRED_PRESENCE; 0 if the event concerns the keep-alive itself.
    int32_t operation;
    // MGP_TARGET_...
    int32_t target;
    // The user id that was given; NULL with MGP_TARGET_ME, and if the event concerns the keep-alive itself.
    const char *user_id;
    // When the event happened, in seconds since 1970.
    int64_t at;
    // When the presence will next be set, in seconds since 1970; -1 if that is not known.
    int64_t next;
    // When the presence that was last set fades or expires at the earliest, in seconds since 1970; -1 if none was set.
    // A request that waits for the limit of requests before it is sent sets the presence for up to 10 s longer.
    int64_t lapses;
} mgp_keep_alive_event;

// Frees an event, and the text that it points to.
void mgp_keep_alive_event_free(mgp_keep_alive_event *event);

// mgp_queue_wait's timeout_ms: wait forever.
#define MGP_WAIT_FOREVER 4294967295u

// How a submitted operation ended, or an event of a keep-alive. Start with MGP_COMPLETION_INIT. Exactly one of
// `response` and `error` is set. The caller owns and frees it, and `event` too.
typedef struct {
    // sizeof(mgp_completion), set by MGP_COMPLETION_INIT.
    uint32_t struct_size;
    // MGP_OK, or what mgp_send would have returned; MGP_E_CANCELLED or MGP_E_CLOSED.
    mgp_status status;
    // The number that mgp_submit or mgp_keep_alive_operation returned.
    uint64_t operation;
    // The pointer that was passed to mgp_submit. The caller owns it again, and the drop function is not called. For a
    // keep-alive see mgp_keep_alive_start.
    void *user;
    // The response if status is MGP_OK, otherwise NULL.
    mgp_response *response;
    // The error if status is not MGP_OK, otherwise NULL.
    mgp_error *error;
    // What happened to a presence that is kept alive; NULL for any other operation. Free it with
    // mgp_keep_alive_event_free.
    mgp_keep_alive_event *event;
} mgp_completion;

// Initializes an mgp_completion for mgp_queue_wait to fill.
#define MGP_COMPLETION_INIT {sizeof(mgp_completion), MGP_OK, 0, 0, 0, 0, 0}

// Creates an empty queue.
//
// `out`: receives the queue. Returns MGP_OK or MGP_E_NULL_ARGUMENT.
mgp_status mgp_queue_new(mgp_queue **out, mgp_error **error);

// Starts a request and returns immediately. Its completion arrives in the queue, exactly once.
//
// At most max_in_flight submitted requests of a client run at a time; the others wait for a slot. The timeout of a
// request starts when it gets its slot. A request that has waited 100 times its timeout completes with MGP_E_TIMEOUT
// without being sent. A request with MGP_REQUEST_BATCH waits for its batch instead, and its timeout starts when the
// batch is sent. Blocking calls are in flight as well: while they leave no room within max_in_flight, that timeout runs
// although nothing is sent.
//
// Requests without MGP_REQUEST_BATCH are not ordered, even for the same user: a later one can reach Graph first. To set
// one presence after another, use MGP_REQUEST_BATCH for both, or wait for the first completion.
//
// `user`: returned with the completion. If this call succeeds, the library owns `user` until the completion is taken.
// If the queue is freed before that, `drop` is called once with `user`. `drop`: may be NULL. `operation`: may be NULL;
// receives the number for mgp_cancel, which is unique in the process. Another thread may take the completion before
// the number is written. Returns MGP_OK, MGP_E_NULL_ARGUMENT, MGP_E_UTF8, MGP_E_STRUCT_SIZE, MGP_E_OPERATION,
// MGP_E_OPTION, MGP_E_INVALID_ID (NULL, or one with MGP_TARGET_ME), MGP_E_INVALID_BODY (not a JSON object),
// MGP_E_TOKEN, MGP_E_CLOSED (queue or client), or MGP_E_FULL for a request with MGP_REQUEST_BATCH if the client has
// 4,000 of those outstanding: take completions, then submit it again. The queue delivers every other error.
mgp_status mgp_submit(const mgp_client *client,
                      const mgp_request *request,
                      const mgp_queue *queue,
                      void *user,
                      mgp_drop_fn drop,
                      uint64_t *operation,
                      mgp_error **error);

// Cancels a submitted operation: it completes with MGP_E_CANCELLED unless it has completed already.
//
// Does nothing if the operation has ended or is unknown. A request that was already sent may still take effect.
// Returns MGP_OK or MGP_E_NULL_ARGUMENT.
mgp_status mgp_cancel(const mgp_client *client,
                      uint64_t operation);

// Sends the batched requests that were submitted so far, without waiting for full batches. Call it after the last
// request.
//
// Does not block. May be called from any thread. Returns MGP_OK or MGP_E_NULL_ARGUMENT.
mgp_status mgp_flush(const mgp_client *client);

// Waits for the next completion and takes it. Completions are delivered in the order in which they came; those that end
// an operation and the events of keep-alives share this order.
//
// `timeout_ms`: the longest time to wait; 0: do not wait; or MGP_WAIT_FOREVER. `out`: filled on MGP_OK, otherwise
// unchanged. Returns MGP_OK; MGP_E_WAIT_TIMEOUT if nothing completed in time; MGP_E_WOKEN after mgp_queue_wake;
// MGP_E_CLOSED if the queue is closed and everything has been delivered; MGP_E_NULL_ARGUMENT; MGP_E_STRUCT_SIZE;
// MGP_E_WOULD_DEADLOCK inside a callback, where only 0 is allowed.
mgp_status mgp_queue_wait(const mgp_queue *queue,
                          uint32_t timeout_ms,
                          mgp_completion *out,
                          mgp_error **error);

// Ends one wait with MGP_E_WOKEN: a current one, or else the next one. Each call ends one wait. What came before
// it is delivered first. May be called from any thread, even inside a callback. Returns MGP_OK or MGP_E_NULL_ARGUMENT.
mgp_status mgp_queue_wake(const mgp_queue *queue);

// Closes a queue: it accepts no new operations and cancels the outstanding ones. Their completions can still be taken,
// until mgp_queue_wait returns MGP_E_CLOSED. Does not block. Returns MGP_OK or MGP_E_NULL_ARGUMENT.
mgp_status mgp_queue_close(const mgp_queue *queue);

// Frees a queue. Outstanding operations are cancelled. For each operation whose completion was not taken, its drop
// function is called once. No thread may be waiting on the queue.
void mgp_queue_free(mgp_queue *queue);

/*
 * KEEP-ALIVE
 *
 * Presences that last: each is set, and set again before it fades or expires, until it is released. One keep-alive can
 * keep the presences of thousands of users, with a load that is even over time. It copes with outages of the service,
 * with a machine that sleeps, and with changes of the clock.
 */

// mgp_keep_alive_options.flags: clear each presence when it is released, with clearPresence or
// clearUserPreferredPresence. Otherwise it is left to fade or expire. A clear that fails is tried again, three times at
// most. While the service is down, or throttles the application, clears wait for up to a minute, or for three attempts
// or probes if these take longer, and then end with the error. One that Graph throttles for more than a minute ends at
// once.
#define MGP_KEEP_ALIVE_FLAG_CLEAR_ON_STOP 1u

// mgp_keep_alive_options.flags: report each renewal with MGP_KEEP_ALIVE_RENEWED.
#define MGP_KEEP_ALIVE_FLAG_REPORT_RENEWALS 2u

// The options of a keep-alive. Start with MGP_KEEP_ALIVE_OPTIONS_INIT; zero is the default.
typedef struct {
    // sizeof(mgp_keep_alive_options), set by MGP_KEEP_ALIVE_OPTIONS_INIT.
    uint32_t struct_size;
    // MGP_KEEP_ALIVE_FLAG_... or 0.
    uint32_t flags;
    // How often each presence is renewed, in ms, from 1,000 to less than the presence lasts; 0: four fifths of the
    // time that it lasts, which is every 240 seconds for Available. Renewals are due at whole seconds, so up
    // to one second earlier.
    uint32_t interval_ms;
} mgp_keep_alive_options;

// Initializes an mgp_keep_alive_options: sets struct_size and the defaults.
#define MGP_KEEP_ALIVE_OPTIONS_INIT {sizeof(mgp_keep_alive_options), 0, 0}

// The counters of a keep-alive at one moment. Start with MGP_KEEP_ALIVE_COUNTS_INIT.
typedef struct {
    // sizeof(mgp_keep_alive_counts), set by MGP_KEEP_ALIVE_COUNTS_INIT.
    uint32_t struct_size;
    // Presences that have not been set yet.
    uint32_t pending;
    // Presences that are in effect.
    uint32_t held;
    // Presences whose last attempt failed. Those that were set before still last.
    uint32_t failing;
    // Presences that were not renewed in time. They are tried again.
    uint32_t lost;
    // Presences that Graph refused. They are not tried again.
    uint32_t refused;
    // Presences that wait to be sent: they are due, or will be tried again.
    uint32_t waiting;
    // Requests in flight.
    uint32_t in_flight;
    // Successful requests that set a presence, since the start.
    uint64_t renewals;
    // Failed attempts to set a presence, since the start.
    uint64_t failures;
    // When the next presence becomes due, in seconds since 1970; -1 if no presence is scheduled. Retries are
    // ignored.
    int64_t next;
    // MGP_OK, or the reason why the service cannot be reached. Occasional requests find out when it can be reached
    // again.
    mgp_status outage;
    // Always 0.
    uint32_t reserved;
} mgp_keep_alive_counts;

// Initializes an mgp_keep_alive_counts for mgp_keep_alive_status to fill.
#define MGP_KEEP_ALIVE_COUNTS_INIT \
    {sizeof(mgp_keep_alive_counts), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, MGP_OK, 0}

// Starts a keep-alive without presences: add them with mgp_keep_alive_hold.
//
// The queue delivers its events. A keep-alive is one operation, which ends with exactly one completion, with the state
// MGP_KEEP_ALIVE_ENDED. Before that, any number of completions have the same operation number and other states. Each
// completion has an event, and its `user` is the pointer that was passed here. The library owns that pointer until the
// last completion was taken. As in any completion, exactly one of `response` and `error` is set: the response to the
// request that set the presence, or the reason why there is none. The status is MGP_E_CANCELLED with
// MGP_KEEP_ALIVE_STOPPED and MGP_KEEP_ALIVE_ENDED, unless something failed; after mgp_client_close, the status of
// MGP_KEEP_ALIVE_ENDED is MGP_E_CLOSED.
//
// An event replaces an earlier one of the same presence that was not taken. The memory of a program that takes no
// events therefore does not grow, and a program that takes them late gets the latest.
//
// Freeing the client does not end a keep-alive. mgp_client_close stops it, and what is not cleared within its wait_ms
// stays set, without an event. mgp_cancel with its operation number, closing or freeing the queue, and
// mgp_keep_alive_free end it at once, without clearing.
//
// `options`: NULL for the defaults. `user`, `drop`: as for mgp_submit. `out`: receives the keep-alive. Returns MGP_OK,
// MGP_E_NULL_ARGUMENT, MGP_E_STRUCT_SIZE, MGP_E_OPTION or MGP_E_CLOSED (queue or client).
mgp_status mgp_keep_alive_start(const mgp_client *client,
                                const mgp_keep_alive_options *options,
                                const mgp_queue *queue,
                                void *user,
                                mgp_drop_fn drop,
                                mgp_keep_alive **out,
                                mgp_error **error);

// The operation number, which each completion of the keep-alive contains; unique in the process. 0 for NULL.
uint64_t mgp_keep_alive_operation(const mgp_keep_alive *keep_alive);

// Keeps the presence that a request for MGP_OP_SET_PRESENCE or MGP_OP_SET_USER_PREFERRED_PRESENCE sets: sets it as
// soon as the limit of requests of the application allows, and renews it before it fades or expires. Does not block.
//
// Available fades five minutes after it was set, whatever its expirationDuration; the others last until they expire. A
// preferred presence does not fade, but shows only while the user has a session: to keep one for a user who may not be
// signed in, keep a session too.
//
// If the same presence of the same user is kept already, the new request replaces the previous one. The session
// continues, and the previous presence lasts until the new one is set. An identical request changes nothing but the
// access_token, unless Graph has refused it: then it is tried again. A request with another sessionId opens another
// session, and leaves the previous one to expire: release it first if it is to be cleared. MGP_TARGET_ME counts as one
// user, whatever token the request has: name each person by their id to keep the presences of several.
//
// Each attempt has a timeout of 10 seconds: `timeout_ms` and `max_attempts` do not apply to it.
//
// Returns MGP_OK; the status that mgp_send would return for an invalid request, such as MGP_E_INVALID_PAIR;
// MGP_E_OPERATION for any other operation; MGP_E_INVALID_DURATION for a presence that lasts less than 2 seconds;
// MGP_E_OPTION if interval_ms is below 1,000 or not shorter than the presence lasts; MGP_E_CLOSED if the keep-alive
// was stopped or has ended.
mgp_status mgp_keep_alive_hold(const mgp_keep_alive *keep_alive,
                               const mgp_request *request,
                               mgp_error **error);

// Stops keeping the presences of a user, the session and the preferred presence. Each is reported with
// MGP_KEEP_ALIVE_STOPPED, after it was cleared if MGP_KEEP_ALIVE_FLAG_CLEAR_ON_STOP was set. Does not block.
//
// `user_id`: the id that was given, ignoring ASCII case; NULL for MGP_TARGET_ME. Returns MGP_OK, MGP_E_NULL_ARGUMENT,
// MGP_E_UTF8 or MGP_E_NOT_FOUND if no presence of that user is kept.
mgp_status mgp_keep_alive_release(const mgp_keep_alive *keep_alive,
                                  const char *user_id,
                                  mgp_error **error);

// Stops keeping the presences of a user, like mgp_keep_alive_release, and clears each: whether or not
// MGP_KEEP_ALIVE_FLAG_CLEAR_ON_STOP was set, and whether or not this keep-alive has set the presence, since an earlier
// process may have. A presence that was released while it was being set is cleared, too. Does not block.
//
// Takes and returns what mgp_keep_alive_release does.
mgp_status mgp_keep_alive_clear(const mgp_keep_alive *keep_alive,
                                const char *user_id,
                                mgp_error **error);

// Releases all users, and then ends the keep-alive. Does not block: wait for MGP_KEEP_ALIVE_ENDED. Returns MGP_OK or
// MGP_E_NULL_ARGUMENT.
mgp_status mgp_keep_alive_stop(const mgp_keep_alive *keep_alive,
                               mgp_error **error);

// Reads the counters of a keep-alive. `out`: filled on MGP_OK, otherwise unchanged. Returns MGP_OK,
// MGP_E_NULL_ARGUMENT or MGP_E_STRUCT_SIZE.
mgp_status mgp_keep_alive_status(const mgp_keep_alive *keep_alive,
                                 mgp_keep_alive_counts *out,
                                 mgp_error **error);

// Frees a keep-alive. One that was stopped still completes normally; any other one ends at once, without clearing.
void mgp_keep_alive_free(mgp_keep_alive *keep_alive);

#ifdef __cplusplus
}
#endif

#endif  /* MGPRESENCE_H */
