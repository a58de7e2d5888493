/*
 * mgpresence.h: Microsoft Teams presence through Microsoft Graph
 *
 * Generated from src/ffi by cbindgen (make header); edit the Rust comments, not this file.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * A program in four calls:
 *
 *     mgp_credential *credential = NULL;
 *     mgp_client *client = NULL;
 *     mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
 *     mgp_error *error = NULL;
 *
 *     if (mgp_credential_new_token(token, &credential, &error) == MGP_OK) {
 *         options.credential = credential;
 *         if (mgp_client_new(&options, &client, &error) == MGP_OK)
 *             mgp_set_presence(client, "adele@contoso.com", NULL, "Busy", "InACall", "PT1H", &error);
 *     }
 *     if (error)
 *         fprintf(stderr, "%s\n", mgp_error_message(error));
 *     mgp_error_free(error);
 *     mgp_client_free(client);
 *     mgp_credential_free(credential);
 *
 * ARGUMENTS
 *     In this order: the object itself, inputs, outputs, and last the error. A pointer that is passed must be valid
 *     for the call. NULL where an object is required gives MGP_E_NULL_ARGUMENT, not a crash; where NULL has a
 *     meaning the function says so. Strings are UTF-8 and end with NUL; they are copied before the call returns.
 *     Numbers have a fixed width, times are in milliseconds, and a size is never a size_t.
 *
 * STATUS AND ERROR
 *     A function that can fail returns an int32_t: MGP_OK or one of MGP_E_. The decade tells the kind: 10 the caller,
 *     20 transport, 30 sign-in, 40 the service, 50 lifecycle, 60 validation (nothing was sent), 90 a fault of this
 *     library. A number is never reused; treat one that you do not know by its decade.
 *     The last argument, which may be NULL, receives an mgp_error that the caller frees, or NULL on success. It has
 *     the HTTP status, Graph's code and words, the request id and how long to wait. There is no last error per thread.
 *     A panic inside the library becomes MGP_E_PANIC; it never crosses into the caller.
 *
 * OWNERSHIP
 *     What _new, mgp_send or mgp_queue_wait hands out belongs to the caller until its _free. Every _free accepts
 *     NULL, never blocks, and may come in any order and on any thread: a client may go before the credential and
 *     queue that it uses. Strings and objects without a _free of their own are borrowed from the object that gave
 *     them and live as long as it does. There is no call that frees a string.
 *     A pointer to an object that a call makes is always written: the object on success, NULL on failure.
 *
 * STRUCTS
 *     Those that a caller fills begin with struct_size; the MGP_..._INIT macros set it, and everything else to zero,
 *     which means the default. They may grow at the end: the missing tail of an older caller counts as zero, and a
 *     newer caller is accepted while the tail that the library does not know is zero.
 *
 * THREADS
 *     A function whose first argument is a pointer to const may be called from many threads at once on the same
 *     object. Callbacks (tokens, logs, drop) come on threads of the library with no lock held; they must not throw,
 *     longjmp or call a blocking function of this library (MGP_E_WOULD_DEADLOCK). However long one takes, it holds up
 *     nothing but what waits for it.
 *
 * FORKS
 *     After a fork the child makes its own clients and queues, and everything works as in the parent. A client or queue
 *     of the parent's answers every call in the child with MGP_E_FORKED; its _free returns and releases nothing, and no
 *     drop function is called there. A credential of the parent's may be given to a client of the child, which fetches
 *     its own token. Answers and errors can be read in the child.
 *
 * QUEUES
 *     mgp_submit starts a request and returns; its end is one mgp_completion from mgp_queue_wait, exactly one for
 *     each request that was accepted, whatever happens: success, failure, mgp_cancel, mgp_queue_close. A queue that
 *     is freed with requests outstanding cancels them and hands each user pointer to its drop function, once.
 *
 * VERSIONS
 *     The soname is libmgpresence.so.MAJOR. A program that loads the library itself compares mgp_abi_version() with
 *     MGP_ABI_VERSION first: the same upper 16 bits, and lower 16 bits not below.
 */


#ifndef MGPRESENCE_H
#define MGPRESENCE_H

#include <stdint.h>

// The version of this header: another major is another soname, a minor adds, a patch changes nothing here.
#define MGP_VERSION_MAJOR 0

// See MGP_VERSION_MAJOR.
#define MGP_VERSION_MINOR 1

// See MGP_VERSION_MAJOR.
#define MGP_VERSION_PATCH 0

// The three in one number that grows with each release: 0xMMmmpp.
#define MGP_VERSION_NUMBER ((MGP_VERSION_MAJOR << 16) | (MGP_VERSION_MINOR << 8) | MGP_VERSION_PATCH)

// Where every mgp_client_options starts: struct_size set, all else the default.
#define MGP_CLIENT_OPTIONS_INIT \
    {(uint32_t)sizeof(mgp_client_options), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

// Where every mgp_request starts: struct_size set, all else the default.
#define MGP_REQUEST_INIT {(uint32_t)sizeof(mgp_request), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

// Where every mgp_completion starts, for mgp_queue_wait to fill.
#define MGP_COMPLETION_INIT {(uint32_t)sizeof(mgp_completion), 0, 0, 0, 0, 0}

// mgp_client_options.flags: the base URL may be plain http where its host is on loopback, for an emulator.
#define MGP_CLIENT_ALLOW_LOOPBACK_HTTP 1

// mgp_client_options.log_level: no lines.
#define MGP_LOG_OFF 0

// mgp_client_options.log_level: calls that failed.
#define MGP_LOG_ERROR 1

// mgp_client_options.log_level: also requests that are sent again.
#define MGP_LOG_WARNING 2

// mgp_client_options.log_level: also calls that ended well.
#define MGP_LOG_INFO 3

// mgp_client_options.log_level: also each attempt, with its status and time.
#define MGP_LOG_DEBUG 4

// Reads a presence. <https://learn.microsoft.com/graph/api/presence-get>
#define MGP_OP_GET_PRESENCE 1

// Sets the session of an application. <https://learn.microsoft.com/graph/api/presence-setpresence>
#define MGP_OP_SET_PRESENCE 2

// Updates a presence object. In Graph's metadata, on no page: no permission grants it and the live service was seen to
// answer 404. Use MGP_OP_SET_PRESENCE, MGP_OP_SET_USER_PREFERRED_PRESENCE or MGP_OP_SET_STATUS_MESSAGE.
#define MGP_OP_UPDATE_PRESENCE 3

// Creates a presence object. As with MGP_OP_UPDATE_PRESENCE, do not expect the live service to offer it.
#define MGP_OP_CREATE_PRESENCE 4

// Deletes a presence object. As with MGP_OP_UPDATE_PRESENCE, do not expect the live service to offer it.
#define MGP_OP_DELETE_PRESENCE 5

// Ends the session of an application; 404 where there is none.
// <https://learn.microsoft.com/graph/api/presence-clearpresence>
#define MGP_OP_CLEAR_PRESENCE 6

// Sets what a user wants to be seen as; shows only while the user has a session.
// <https://learn.microsoft.com/graph/api/presence-setuserpreferredpresence>
#define MGP_OP_SET_USER_PREFERRED_PRESENCE 7

// Takes that wish back. <https://learn.microsoft.com/graph/api/presence-clearuserpreferredpresence>
#define MGP_OP_CLEAR_USER_PREFERRED_PRESENCE 8

// Sets the text under a user's name. <https://learn.microsoft.com/graph/api/presence-setstatusmessage>
#define MGP_OP_SET_STATUS_MESSAGE 9

// Sets where a user works today; delegated tokens only.
// <https://learn.microsoft.com/graph/api/presence-setmanuallocation>
#define MGP_OP_SET_MANUAL_LOCATION 10

// Says where a device found a user to be; delegated tokens only.
// <https://learn.microsoft.com/graph/api/presence-setautomaticlocation>
#define MGP_OP_SET_AUTOMATIC_LOCATION 11

// Clears every location of today. <https://learn.microsoft.com/graph/api/presence-clearlocation>
#define MGP_OP_CLEAR_LOCATION 12

// Clears what a device said. <https://learn.microsoft.com/graph/api/presence-clearautomaticlocation>
#define MGP_OP_CLEAR_AUTOMATIC_LOCATION 13

// Lists presences, a page at a time. <https://learn.microsoft.com/graph/api/presence-get>
#define MGP_OP_LIST_PRESENCES 14

// Counts presences.
#define MGP_OP_COUNT_PRESENCES 15

// Reads the presences of many users; more than Graph's 650 are sent in parts.
// <https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid>
#define MGP_OP_GET_PRESENCES_BY_USER_ID 16

// mgp_queue_wait's timeout_ms: wait for ever.
#define MGP_WAIT_FOREVER 4294967295

// mgp_request.api_version: /v1.0, the supported one.
#define MGP_API_V1_0 0

// mgp_request.api_version: /beta, which Microsoft does not support in production.
#define MGP_API_BETA 1

// mgp_request.target: the user of a delegated token, /me/presence. Also of operations on the whole collection.
#define MGP_TARGET_ME 0

// mgp_request.target: /users/{id}/presence; target_id is an object id or a user principal name.
#define MGP_TARGET_USER 1

// mgp_request.target: /communications/presences/{id}; target_id is an object id.
#define MGP_TARGET_COMMUNICATIONS 2

// mgp_request.flags: leave the rules about presence (pairs, durations, session ids) to the service, which may have
// learned new ones. What would change where the request goes is refused all the same.
#define MGP_REQUEST_SKIP_VALIDATION 1

// mgp_request.flags: a body without sessionId gets the credential's client id, else the application of the token.
#define MGP_REQUEST_DEFAULT_SESSION_ID 2

// mgp_request.flags: keep a text of what goes over the wire, each attempt, without the token; see
// mgp_response_trace and mgp_error_trace.
#define MGP_REQUEST_TRACE 4

// The call did what it says.
#define MGP_OK 0

// A pointer that the call needs is NULL.
#define MGP_E_NULL_ARGUMENT 10

// A text is not UTF-8.
#define MGP_E_UTF8 11

// struct_size is no size of the struct, or the struct is from a newer header and uses what this library does not know.
#define MGP_E_STRUCT_SIZE 12

// An option of the client cannot be used.
#define MGP_E_OPTION 13

// The number of an operation, a version or a target is unknown.
#define MGP_E_OPERATION 14

// A blocking call from inside a callback, which could never return.
#define MGP_E_WOULD_DEADLOCK 15

// The host, or the proxy before it, cannot be reached.
#define MGP_E_CONNECT 20

// The certificate was not accepted, or TLS failed.
#define MGP_E_TLS 21

// The call's time is over.
#define MGP_E_TIMEOUT 22

// The connection ended before the whole answer was there.
#define MGP_E_CONNECTION_LOST 23

// The service sent elsewhere; redirects are not followed.
#define MGP_E_REDIRECT 24

// The answer cannot be understood, or says 200 and holds an error.
#define MGP_E_RESPONSE 25

// A link that the service gave would take the token elsewhere, or is too long.
#define MGP_E_ORIGIN 26

// Neither the client nor the request has a token.
#define MGP_E_NO_CREDENTIAL 30

// The credential gave no usable token.
#define MGP_E_TOKEN 31

// The cloud is unknown, or has no presence.
#define MGP_E_CLOUD 32

// Graph: 400.
#define MGP_E_BAD_REQUEST 40

// Graph: 401.
#define MGP_E_UNAUTHORIZED 41

// Graph: 403.
#define MGP_E_FORBIDDEN 42

// Graph: 404.
#define MGP_E_NOT_FOUND 43

// Graph: 409 or 412.
#define MGP_E_CONFLICT 44

// Graph: 429, and the retry budget is spent.
#define MGP_E_THROTTLED 45

// Graph: 5xx, and the retry budget is spent where a retry was allowed.
#define MGP_E_UNAVAILABLE 46

// Graph: any other status that is no success.
#define MGP_E_SERVICE 47

// Graph accepted it and something else shows; see mgp_presence_check_shows.
#define MGP_E_OUTRANKED 48

// The caller cancelled the operation.
#define MGP_E_CANCELLED 50

// The client or the queue is closed.
#define MGP_E_CLOSED 51

// The process is a fork of the one that made the client.
#define MGP_E_FORKED 52

// The queue had nothing to deliver in the time given.
#define MGP_E_WAIT_TIMEOUT 53

// The wait on the queue was ended by a wake.
#define MGP_E_WOKEN 54

// Availability and activity are not a pair that the operation accepts.
#define MGP_E_INVALID_PAIR 60

// expirationDuration is no duration, or out of range.
#define MGP_E_INVALID_DURATION 61

// sessionId is missing or empty.
#define MGP_E_INVALID_SESSION_ID 62

// The id of a user is none, or would change the path.
#define MGP_E_INVALID_ID 63

// The body is no JSON object, is missing, or is too long.
#define MGP_E_INVALID_BODY 64

// A header of the request cannot be sent, or there are too many.
#define MGP_E_INVALID_HEADER 65

// A query option of the request cannot be sent, or makes the URL too long.
#define MGP_E_INVALID_QUERY 66

// Another property has a value that Graph does not take.
#define MGP_E_INVALID_VALUE 67

// A bug in this library: it panicked. The object is still safe to free.
#define MGP_E_PANIC 90

// A bug or a lack of resources in this library.
#define MGP_E_INTERNAL 91

// The version of the ABI of this header: major in the upper, minor in the lower 16 bits. Another major is another
// soname; a minor adds and never changes.
#define MGP_ABI_VERSION 1

// A connection to Microsoft Graph: made with mgp_client_new, freed with mgp_client_free. Calls take it const: it is
// shared by threads as it is.
typedef struct mgp_client mgp_client;

// A source of bearer tokens: made with mgp_credential_new_..., freed with mgp_credential_free, also while clients
// use it. May be given to several clients, from any thread.
typedef struct mgp_credential mgp_credential;

// Why a call failed: made by the call, owned by the caller, freed with mgp_error_free. Never holds a token.
//
// Every getter accepts NULL, which reads as "no error", and can be called from any thread. Texts live as long as
// the error.
typedef struct mgp_error mgp_error;

// A presence: borrowed from the mgp_response that holds it, lives as long as that.
//
// Every getter accepts NULL, which reads as an empty presence, and can be called from any thread. A text that Graph
// did not send is NULL. Words that Graph may add later come as they are.
// <https://learn.microsoft.com/graph/api/resources/presence>
typedef struct mgp_presence mgp_presence;

// A completion queue: made with mgp_queue_new, freed with mgp_queue_free. Any threads may submit to it and wait on it;
// each completion goes to one of the waiting. Several clients may share a queue.
typedef struct mgp_queue mgp_queue;

// An answer: made by a call, owned by the caller, freed with mgp_response_free.
//
// Every getter accepts NULL, which reads as an empty answer, and can be called from any thread. Texts and presences
// are borrowed from the answer and live as long as it does.
typedef struct mgp_response mgp_response;

// Where a token callback puts its token. Valid until the callback returns.
typedef struct mgp_token_sink mgp_token_sink;

// Takes one line about the library's work. `level` is one of MGP_LOG_...; `subject` and `message` live until it
// returns and never hold a token.
//
// Runs on a thread that the client has for it, one line at a time, the lines of a call in their order. No request waits
// for it: a line may come after the call that it is about has returned. A thousand lines wait for a slow function;
// further ones are lost, and a line at MGP_LOG_ERROR says how many. mgp_client_close waits for the lines; after
// mgp_client_free they still come, and then `log_drop`.
//
// SIGPIPE is blocked in it if it is on the thread that makes the client. It must not unwind, and a blocking call of this
// library inside it is refused with MGP_E_WOULD_DEADLOCK.
typedef void (*mgp_log_fn)(void *user, int32_t level, const char *subject, const char *message);

// Told once that `user` is no longer needed. Runs on any thread, with no lock held; must not call back into the
// library.
typedef void (*mgp_drop_fn)(void *user);

// How a client is set up. Start with MGP_CLIENT_OPTIONS_INIT; zero and NULL are defaults. All texts are copied.
typedef struct {
    // sizeof(mgp_client_options), set by MGP_CLIENT_OPTIONS_INIT.
    uint32_t struct_size;
    // MGP_CLIENT_... or 0.
    uint32_t flags;
    // Global (default), USGov, USGovDoD or BleuCloud; China and DelosCloud have no presence and are refused.
    const char *cloud;
    // Scheme, host and port instead of the cloud's. The token goes nowhere else.
    const char *base_url;
    // Where tokens come from; NULL: each request brings its access_token. The client keeps what it needs.
    const mgp_credential *credential;
    // The User-Agent header; by default mgpresence and its version.
    const char *user_agent;
    // An HTTP proxy for https, such as http://user:password@host:port; "" for none. By default the system's, none for
    // loopback; where HTTPS_PROXY or ALL_PROXY holds no such URL, the first request ends with MGP_E_OPTION. Refused with
    // plain http, whose token it would see.
    const char *proxy_url;
    // A PEM file of certificates that are trusted beside the system's: authorities, or the host's own. Read by the
    // first request over TLS, which ends with MGP_E_OPTION where it cannot be.
    const char *ca_file;
    // Longest wait for one answer in ms, retries included; 0: 100 s. A blocking call's time begins with the call, that of
    // a submitted request with its turn; see mgp_submit.
    uint32_t timeout_ms;
    // Longest wait for a connection in ms; 0: 10 s.
    uint32_t connect_timeout_ms;
    // All waits between the attempts of one call together, in ms; 0: 60 s.
    uint32_t retry_budget_ms;
    // How many times a request is sent at most; 0: 6; 1: no retry.
    uint32_t max_attempts;
    // Requests on the wire at a time; further ones wait, and are not sent if their time passes first; 0: 32.
    uint32_t max_in_flight;
    // MGP_LOG_..., how much `log` is told.
    int32_t log_level;
    // Takes lines about the work, or NULL.
    mgp_log_fn log;
    // Handed to `log`; the library's when mgp_client_new succeeds.
    void *log_user;
    // Called once with `log_user` after the last line, at once where no lines are wanted; or NULL.
    mgp_drop_fn log_drop;
} mgp_client_options;

// Fetches a token: called when one is needed and five minutes before the last one ends. It calls
// mgp_token_sink_set or mgp_token_sink_fail once and returns.
//
// Runs on a thread of its own, one call at a time per credential. A request waits for it no longer than its own timeout,
// and not at all while the last token still works: a renewal that fails costs nothing until then, and is tried again
// after 30 s. SIGPIPE is blocked in it if it is on the thread that makes the credential. It must not unwind, and a
// blocking call of this library inside it is refused with MGP_E_WOULD_DEADLOCK.
typedef void (*mgp_token_fn)(void *user, const mgp_token_sink *sink);

// A name and a value: a header, or a query option. Both texts are copied by the call that takes them.
typedef struct {
    // Such as "ConsistencyLevel" or "$select".
    const char *name;
    // Not encoded.
    const char *value;
} mgp_field;

// A request: which operation, whom it is about, what it sends. Start with MGP_REQUEST_INIT; zero and NULL are
// defaults. Everything is copied by the call that takes it.
typedef struct {
    // sizeof(mgp_request), set by MGP_REQUEST_INIT.
    uint32_t struct_size;
    // MGP_OP_...
    int32_t operation;
    // MGP_API_...
    int32_t api_version;
    // MGP_TARGET_...
    int32_t target;
    // The user; NULL with MGP_TARGET_ME.
    const char *target_id;
    // A JSON object of at most 64 MiB, or NULL where the operation takes none.
    const char *body;
    // query_count options, such as $select. The whole URL has at most 65,534 bytes.
    const mgp_field *query;
    // header_count headers of your own: at most 64, with 32 KiB in all. Authorization and those of the connection are
    // refused.
    const mgp_field *headers;
    // How many `query` points to.
    uint32_t query_count;
    // How many `headers` points to.
    uint32_t header_count;
    // A token for this request alone; NULL: the client's credential.
    const char *access_token;
    // Longest wait for the answer in ms, retries included; 0: the client's.
    uint32_t timeout_ms;
    // MGP_REQUEST_... or 0.
    uint32_t flags;
    // With MGP_OP_LIST_PRESENCES the nextLink of the page before, which has version and query in it; NULL: the first
    // page.
    const char *next_link;
} mgp_request;

// The end of a submitted operation. Start with MGP_COMPLETION_INIT. The caller owns `response` and `error` and frees
// them; exactly one of them is set.
typedef struct {
    // sizeof(mgp_completion), set by MGP_COMPLETION_INIT.
    uint32_t struct_size;
    // How the operation ended: MGP_OK, or what mgp_send would have returned; MGP_E_CANCELLED, MGP_E_CLOSED.
    int32_t status;
    // The number that mgp_submit gave.
    uint64_t operation;
    // The pointer that was given with it; the caller's again, its drop function is not called.
    void *user;
    // The answer, when status is MGP_OK, else NULL.
    mgp_response *response;
    // The reason, when status is not MGP_OK, else NULL.
    mgp_error *error;
} mgp_completion;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Creates a client. Sends nothing and opens nothing: the first request does.
//
// `options`: NULL for the defaults; copied. `out`: owns the client on success.
// Returns MGP_OK, MGP_E_NULL_ARGUMENT, MGP_E_UTF8, MGP_E_STRUCT_SIZE, MGP_E_OPTION or MGP_E_CLOUD.
int32_t mgp_client_new(const mgp_client_options *options, mgp_client **out, mgp_error **error);

// Takes no new requests, waits for those under way, and ends what is left with MGP_E_CLOSED.
//
// `wait_ms`: how long to wait, 0 for not at all. Every submitted operation still completes in its queue. Within the same
// time it also waits until the log function has taken every line.
// Returns MGP_OK when nothing had to be ended, MGP_E_TIMEOUT when something had to; MGP_E_NULL_ARGUMENT,
// MGP_E_WOULD_DEADLOCK inside a callback.
int32_t mgp_client_close(const mgp_client *client,
                         uint32_t wait_ms,
                         mgp_error **error);

// Frees a client; NULL is accepted. Never blocks, in any order with its queues and answers: what is under way goes on
// and completes.
void mgp_client_free(mgp_client *client);

// Makes a credential of a token that the caller has fetched and renews himself.
//
// `token`: without "Bearer"; copied, and wiped from memory when the credential goes. `out`: owns the credential.
// Returns MGP_OK, MGP_E_NULL_ARGUMENT, MGP_E_UTF8 or MGP_E_TOKEN.
int32_t mgp_credential_new_token(const char *token,
                                 mgp_credential **out,
                                 mgp_error **error);

// Makes a credential of a function that fetches tokens.
//
// `token`: see mgp_token_fn. `user`: handed to it; the library's when this call succeeds, from when on `drop` is
// called once, after the last use. `drop`: may be NULL. `client_id`: of the application that the tokens are for, the
// default of a session's sessionId; NULL: as the token says. `out`: owns the credential.
// Returns MGP_OK, MGP_E_NULL_ARGUMENT or MGP_E_UTF8.
int32_t mgp_credential_new_callback(mgp_token_fn token,
                                    void *user,
                                    mgp_drop_fn drop,
                                    const char *client_id,
                                    mgp_credential **out,
                                    mgp_error **error);

// What is known of a credential without asking for a token, as JSON: "clientId", "tenantId", "account" (a user's
// principal name), "scopes" and "roles" (arrays), "expires" (seconds since 1970). What a token does not say is null or
// []; of a callback only the client id is known. Read from the token and not verified. "{}" for NULL.
//
// The text lives as long as the credential. Callable from any thread.
const char *mgp_credential_about(const mgp_credential *credential);

// Gives the token, from inside a token callback.
//
// `token`: without "Bearer"; copied. `expires_unix_s`: when it ends, in seconds since 1970; 0: as the token says, else
// it is kept for five minutes. Returns MGP_OK, MGP_E_NULL_ARGUMENT or MGP_E_UTF8, which also becomes the reason that
// waiting requests end with, unless another token is set.
int32_t mgp_token_sink_set(const mgp_token_sink *sink,
                           const char *token,
                           int64_t expires_unix_s);

// Says that there is no token, from inside a token callback.
//
// `message`: why, for people; becomes part of the message of the MGP_E_TOKEN that waiting requests end with. Copied.
// Returns MGP_OK, MGP_E_NULL_ARGUMENT or MGP_E_UTF8.
int32_t mgp_token_sink_fail(const mgp_token_sink *sink,
                            const char *message);

// Frees a credential; NULL is accepted. Clients that use it keep what they need.
void mgp_credential_free(mgp_credential *credential);

// The status that the call returned; MGP_OK for NULL.
int32_t mgp_error_status(const mgp_error *error);

// The HTTP status, also of an answer that broke off; 0 where there was none.
int32_t mgp_error_http_status(const mgp_error *error);

// How long Graph asked to wait, in ms; -1 where it did not.
int64_t mgp_error_retry_after_ms(const mgp_error *error);

// How many times the request was sent; 0 where it was refused before, cancelled or closed.
uint32_t mgp_error_attempts(const mgp_error *error);

// The answer that was refused, with its headers and as much of its body as came; NULL where there was none.
// Borrowed from the error: never freed by itself.
const mgp_response *mgp_error_response(const mgp_error *error);

// One sentence for people: the value as it was given, the rule, the way out. "" for NULL.
const char *mgp_error_message(const mgp_error *error);

// Graph's error code, such as "InvalidArgument"; "" where it gave none. Branch on this and the HTTP status, never on
// a message: <https://learn.microsoft.com/graph/errors>
const char *mgp_error_graph_code(const mgp_error *error);

// Graph's own words; "" where there were none, which happens with a code too.
const char *mgp_error_graph_message(const mgp_error *error);

// What would help, where more is known than Graph said; else "". Part of mgp_error_message too.
const char *mgp_error_advice(const mgp_error *error);

// The id that Microsoft's support asks for; "" where there was no answer.
const char *mgp_error_request_id(const mgp_error *error);

// The id that the library sent, one for all attempts of a call; "" where nothing was sent.
const char *mgp_error_client_request_id(const mgp_error *error);

// What went over the wire, without the token, where the request had MGP_REQUEST_TRACE; else "".
const char *mgp_error_trace(const mgp_error *error);

// Frees an error; NULL is accepted.
void mgp_error_free(mgp_error *error);

// The pairs of availability and activity that an operation accepts, as JSON:
// [["Available","Available"],["Busy","InACall"]]; NULL for an operation without such a rule.
//
// The text lives as long as the library. Callable from any thread.
const char *mgp_operation_pairs(int32_t operation);

// How Graph's metadata writes an operation's route, such as
// "POST /users/{user-id}/presence/microsoft.graph.setPresence"; NULL where operation or target is unknown.
//
// For messages to people: the library sends the short form of the documentation pages, which Graph accepts as well.
// The text lives as long as the library. Callable from any thread.
const char *mgp_operation_route(int32_t operation,
                                int32_t target);

// What can be said of the user's state, as JSON: "effective" ("Busy/InACall"), "hasSession" and "hasPreferredPresence"
// (true, false, or null where it cannot be told) and "notes", sentences for people. "" for NULL.
const char *mgp_presence_explanation(const mgp_presence *presence);

// Whether a pair that was set is what the user is now seen as.
//
// `presence`: read after the set. `operation`: MGP_OP_SET_PRESENCE or MGP_OP_SET_USER_PREFERRED_PRESENCE.
// `availability` and `activity`: what was set. Sends nothing. Returns MGP_OK when it shows; MGP_E_OUTRANKED, whose
// message says what shows instead and why; MGP_E_NULL_ARGUMENT, MGP_E_UTF8 or MGP_E_OPERATION.
int32_t mgp_presence_check_shows(const mgp_presence *presence,
                                 int32_t operation,
                                 const char *availability,
                                 const char *activity,
                                 mgp_error **error);

// Whether a pair would be what the user is seen as if it were set now.
//
// `presence`: read just before. The rest and the statuses are those of mgp_presence_check_shows; MGP_E_INVALID_PAIR for
// a pair that the operation does not accept.
int32_t mgp_presence_check_would_show(const mgp_presence *presence,
                                      int32_t operation,
                                      const char *availability,
                                      const char *activity,
                                      mgp_error **error);

// Whether the user is out of office: 1 or 0, and -1 where Graph did not say.
int32_t mgp_presence_is_out_of_office(const mgp_presence *presence);

// The user's object id.
const char *mgp_presence_id(const mgp_presence *presence);

// The colour of the dot, as Graph wrote it, such as "Busy".
const char *mgp_presence_availability(const mgp_presence *presence);

// What stands beside it, such as "InACall".
const char *mgp_presence_activity(const mgp_presence *presence);

// The automatic reply of the user's mailbox.
const char *mgp_presence_out_of_office_message(const mgp_presence *presence);

// The text under the user's name.
const char *mgp_presence_status_message(const mgp_presence *presence);

// "text" or "html".
const char *mgp_presence_status_message_content_type(const mgp_presence *presence);

// When the status message ends, a local time; absent for another user's message.
const char *mgp_presence_status_message_expiry(const mgp_presence *presence);

// The time zone of that, such as "Pacific Standard Time".
const char *mgp_presence_status_message_expiry_time_zone(const mgp_presence *presence);

// When the status message was published; absent for another user's message.
const char *mgp_presence_status_message_published(const mgp_presence *presence);

// "office", "remote", "timeOff" or "unspecified".
const char *mgp_presence_work_location_type(const mgp_presence *presence);

// "manual", "automatic", "scheduled" or "none".
const char *mgp_presence_work_location_source(const mgp_presence *presence);

// The place in the directory.
const char *mgp_presence_work_location_place_id(const mgp_presence *presence);

// A stamp that sorts by time as text.
const char *mgp_presence_sequence_number(const mgp_presence *presence);

// The whole object, as JSON, just as Graph wrote it.
const char *mgp_presence_json(const mgp_presence *presence);

// Creates an empty queue.
//
// `out`: owns the queue on success. Returns MGP_OK or MGP_E_NULL_ARGUMENT.
int32_t mgp_queue_new(mgp_queue **out, mgp_error **error);

// Starts a request and returns at once; its end comes out of the queue exactly once.
//
// As many submitted requests as the client's max_in_flight run at a time, and the others wait for their turn. A request's
// timeout counts from its turn. Its turn may be a hundred timeouts away; one that waits longer ends with MGP_E_TIMEOUT,
// unsent.
//
// `user`: comes back with the completion. The library's when this call succeeds; `drop`, which may be NULL, is called
// once with it if the queue is freed before the completion was taken. `operation`: may be NULL; the number for
// mgp_cancel, never used twice in a process; another thread may have taken the completion before it is written.
// Returns MGP_OK, MGP_E_NULL_ARGUMENT, MGP_E_UTF8, MGP_E_STRUCT_SIZE, MGP_E_OPERATION, MGP_E_OPTION, MGP_E_INVALID_ID,
// MGP_E_INVALID_BODY (no JSON), MGP_E_TOKEN or MGP_E_CLOSED (queue or client). What else is wrong with the request, or
// happens to it, comes out of the queue.
int32_t mgp_submit(const mgp_client *client,
                   const mgp_request *request,
                   const mgp_queue *queue,
                   void *user,
                   mgp_drop_fn drop,
                   uint64_t *operation,
                   mgp_error **error);

// Cancels a submitted operation: it completes with MGP_E_CANCELLED unless its end came first.
//
// Nothing happens to an operation that has ended or is unknown. Whether a request that was on the wire had an effect
// cannot be known. Returns MGP_OK or MGP_E_NULL_ARGUMENT.
int32_t mgp_cancel(const mgp_client *client,
                   uint64_t operation);

// Takes the next completion, waiting for it.
//
// `timeout_ms`: 0 looks and does not wait, MGP_WAIT_FOREVER. `out`: filled on MGP_OK, else untouched.
// Returns MGP_OK; MGP_E_WAIT_TIMEOUT when nothing came in time; MGP_E_WOKEN after mgp_queue_wake; MGP_E_CLOSED when the
// queue is closed and everything has been delivered; MGP_E_NULL_ARGUMENT, MGP_E_STRUCT_SIZE; MGP_E_WOULD_DEADLOCK
// inside a callback, where only 0 is allowed.
int32_t mgp_queue_wait(const mgp_queue *queue,
                       uint32_t timeout_ms,
                       mgp_completion *out,
                       mgp_error **error);

// Ends one wait, one that is under way or else the next, with MGP_E_WOKEN: as many wakes end as many waits. Completions
// are delivered first. For any thread, also inside a callback. Returns MGP_OK or MGP_E_NULL_ARGUMENT.
int32_t mgp_queue_wake(const mgp_queue *queue);

// Takes no new operations and cancels those outstanding; their completions can still be waited for, until
// mgp_queue_wait says MGP_E_CLOSED. Does not block. Returns MGP_OK or MGP_E_NULL_ARGUMENT.
int32_t mgp_queue_close(const mgp_queue *queue);

// Frees a queue; NULL is accepted. Never blocks. What is outstanding is cancelled, and the drop function of each
// operation whose completion was not taken is called once. No thread may be waiting on the queue.
void mgp_queue_free(mgp_queue *queue);

// The HTTP status, such as 200, 201 or 204; 0 for NULL.
int32_t mgp_response_http_status(const mgp_response *response);

// The body as it came, in UTF-8; "" where it is empty.
const char *mgp_response_body(const mgp_response *response);

// The length of the body in bytes, without the NUL behind it.
uint64_t mgp_response_body_length(const mgp_response *response);

// How many headers the answer has.
uint32_t mgp_response_header_count(const mgp_response *response);

// The name of a header, in lower case; NULL past the last.
const char *mgp_response_header_name(const mgp_response *response, uint32_t index);

// The value of a header; NULL past the last.
const char *mgp_response_header_value(const mgp_response *response, uint32_t index);

// The value of the first header of a name, whatever its case; NULL where there is none.
const char *mgp_response_header(const mgp_response *response, const char *name);

// The id that Microsoft's support asks for; "" where the answer has none.
const char *mgp_response_request_id(const mgp_response *response);

// The id that the library sent, one for all attempts of a call.
const char *mgp_response_client_request_id(const mgp_response *response);

// How many times the request was sent.
uint32_t mgp_response_attempts(const mgp_response *response);

// What went over the wire, without the token, where the request had MGP_REQUEST_TRACE; else "".
const char *mgp_response_trace(const mgp_response *response);

// How many presences the answer holds.
uint32_t mgp_response_presence_count(const mgp_response *response);

// One of the presences; NULL past the last. Borrowed from the answer: never freed by itself.
const mgp_presence *mgp_response_presence(const mgp_response *response, uint32_t index);

// Where the next page is: the next_link of the next MGP_OP_LIST_PRESENCES; NULL after the last page.
const char *mgp_response_next_link(const mgp_response *response);

// How many there are, for MGP_OP_COUNT_PRESENCES and lists with $count; -1 where the answer does not say.
int64_t mgp_response_count(const mgp_response *response);

// Frees an answer and all that was borrowed from it; NULL is accepted.
void mgp_response_free(mgp_response *response);

// Sends a request and waits for its answer, retries included.
//
// `out`: may be NULL; owns the answer on success. Callable from any thread; the calling thread does the waiting.
// Returns MGP_OK for any 2xx, and for the 404 that a repeated clear or delete gets when an attempt before it did the
// work; what mgp_submit returns; MGP_E_INVALID_... before a byte is sent; MGP_E_NO_CREDENTIAL,
// MGP_E_TOKEN; a status of the decades 20 (transport) or 40 (Graph); MGP_E_CLOSED; MGP_E_WOULD_DEADLOCK inside a
// callback.
int32_t mgp_send(const mgp_client *client,
                 const mgp_request *request,
                 mgp_response **out,
                 mgp_error **error);

// Sets where a user works today; outranks what devices and the calendar say.
//
// `user_id`: an object id or a user principal name; NULL: the signed-in user. `work_location_type`: office, remote,
// timeOff or unspecified. `place_id`: of the place in the directory, or NULL. Graph takes it with a delegated token only.
// Blocks; returns what mgp_send returns. <https://learn.microsoft.com/graph/api/presence-setmanuallocation>
int32_t mgp_set_manual_location(const mgp_client *client,
                                const char *user_id,
                                const char *work_location_type,
                                const char *place_id,
                                mgp_error **error);

// Says where a device found a user to be; outranks the calendar.
//
// `user_id`: an object id or a user principal name; NULL: the signed-in user. `work_location_type`: office, remote,
// timeOff or unspecified. `place_id`: of the place in the directory, or NULL. Graph takes it with a delegated token only.
// Blocks; returns what mgp_send returns. <https://learn.microsoft.com/graph/api/presence-setautomaticlocation>
int32_t mgp_set_automatic_location(const mgp_client *client,
                                   const char *user_id,
                                   const char *work_location_type,
                                   const char *place_id,
                                   mgp_error **error);

// Clears every location of today, manual and automatic.
//
// `user_id`: an object id or a user principal name; NULL: the signed-in user. Graph takes it with a delegated token only.
// Blocks; returns what mgp_send returns. <https://learn.microsoft.com/graph/api/presence-clearlocation>
int32_t mgp_clear_location(const mgp_client *client,
                           const char *user_id,
                           mgp_error **error);

// Clears what devices said.
//
// `user_id`: an object id or a user principal name; NULL: the signed-in user. Graph takes it with a delegated token only.
// Blocks; returns what mgp_send returns. <https://learn.microsoft.com/graph/api/presence-clearautomaticlocation>
int32_t mgp_clear_automatic_location(const mgp_client *client,
                                     const char *user_id,
                                     mgp_error **error);

// Updates a presence object. In Graph's metadata, on no page: no permission grants it and the live service was seen to
// answer 404. What has an effect: mgp_set_presence.
//
// `user_id`: an object id or a user principal name; NULL: the signed-in user. `out`: may be NULL; owns the answer.
// Blocks; returns what mgp_send returns.
int32_t mgp_update_presence(const mgp_client *client,
                            const char *user_id,
                            const char *availability,
                            const char *activity,
                            mgp_response **out,
                            mgp_error **error);

// Creates a presence object. As with mgp_update_presence, do not expect the live service to offer it.
//
// `user_id`: the object id that the presence is of; NULL: left out of the body. `out`: may be NULL; owns the answer.
// Blocks; returns what mgp_send returns.
int32_t mgp_create_presence(const mgp_client *client,
                            const char *user_id,
                            const char *availability,
                            const char *activity,
                            mgp_response **out,
                            mgp_error **error);

// Deletes a presence object. As with mgp_update_presence, do not expect the live service to offer it.
//
// `user_id`: an object id or a user principal name; NULL: the signed-in user. `if_match`: the ETag that the object
// must still have; such a request is never sent twice. NULL: whatever it has.
// Blocks; returns what mgp_send returns; MGP_E_CONFLICT where the ETag is another.
int32_t mgp_delete_presence(const mgp_client *client,
                            const char *user_id,
                            const char *if_match,
                            mgp_error **error);

// Sets what a user wants to be seen as: outranks every session, and shows only while there is one.
//
// `user_id`: an object id or a user principal name; NULL: the signed-in user. `availability` and `activity`:
// Available/Available, Busy/Busy, DoNotDisturb/DoNotDisturb, BeRightBack/BeRightBack, Away/Away or Offline/OffWork.
// `expiration`: such as PT8H; NULL: Graph's one day for Busy and DoNotDisturb, seven days for the others.
// Blocks; returns what mgp_send returns.
// <https://learn.microsoft.com/graph/api/presence-setuserpreferredpresence>
int32_t mgp_set_user_preferred_presence(const mgp_client *client,
                                        const char *user_id,
                                        const char *availability,
                                        const char *activity,
                                        const char *expiration,
                                        mgp_error **error);

// Takes a preferred presence back.
//
// `user_id`: an object id or a user principal name; NULL: the signed-in user. Blocks; returns what mgp_send returns.
// <https://learn.microsoft.com/graph/api/presence-clearuserpreferredpresence>
int32_t mgp_clear_user_preferred_presence(const mgp_client *client,
                                          const char *user_id,
                                          mgp_error **error);

// Reads the presence of a user.
//
// `user_id`: an object id or a user principal name; NULL: the signed-in user. `out`: owns the answer, whose first
// presence it is. Blocks; returns what mgp_send returns. <https://learn.microsoft.com/graph/api/presence-get>
int32_t mgp_get_presence(const mgp_client *client,
                         const char *user_id,
                         mgp_response **out,
                         mgp_error **error);

// Reads a page of the tenant's presences.
//
// `next_link`: mgp_response_next_link of the page before, refused if it points elsewhere; NULL: the first page. `out`:
// owns the answer. Blocks; returns what mgp_send returns. <https://learn.microsoft.com/graph/api/presence-get>
int32_t mgp_list_presences(const mgp_client *client,
                           const char *next_link,
                           mgp_response **out,
                           mgp_error **error);

// Counts the tenant's presences.
//
// `out`: owns the answer, whose mgp_response_count it is. Blocks; returns what mgp_send returns.
int32_t mgp_count_presences(const mgp_client *client, mgp_response **out, mgp_error **error);

// Reads the presences of many users, in the order of their ids.
//
// `ids`: `count` object ids. Graph takes 650 in a request; more are sent in several, one after the other. `out`: owns
// the answer. Blocks; returns what mgp_send returns.
// <https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid>
int32_t mgp_get_presences_by_user_id(const mgp_client *client,
                                     const char *const *ids,
                                     uint32_t count,
                                     mgp_response **out,
                                     mgp_error **error);

// Sets the presence of a user as an application: opens or renews its session.
//
// `user_id`: an object id or a user principal name; NULL: the signed-in user. `session_id`: the client id of the
// application; NULL: the credential's, else the token's. `availability` and `activity`: Available/Available,
// Busy/InACall, Busy/InAConferenceCall, Away/Away or DoNotDisturb/Presenting. `expiration`: PT5M to PT4H; NULL: Graph's
// 5 minutes. A success need not show: another session or the user's preferred presence may outrank it, and Available
// fades after 5 minutes whatever the expiration.
// Blocks; returns what mgp_send returns. <https://learn.microsoft.com/graph/api/presence-setpresence>
int32_t mgp_set_presence(const mgp_client *client,
                         const char *user_id,
                         const char *session_id,
                         const char *availability,
                         const char *activity,
                         const char *expiration,
                         mgp_error **error);

// Ends the session of an application with a user.
//
// `user_id`: an object id or a user principal name; NULL: the signed-in user. `session_id`: the client id of the
// application that set the presence; NULL: the credential's, else the token's.
// Blocks; returns what mgp_send returns; MGP_E_NOT_FOUND where there is no session, which a caller may take for done.
// <https://learn.microsoft.com/graph/api/presence-clearpresence>
int32_t mgp_clear_presence(const mgp_client *client,
                           const char *user_id,
                           const char *session_id,
                           mgp_error **error);

// Sets the text under a user's name.
//
// `user_id`: an object id or a user principal name; NULL: the signed-in user. `content`: plain text; "" removes the
// message. `expiry`: when it ends, a local time without offset such as 2026-10-18T17:05:33; NULL: never. `time_zone`:
// of that, such as "Pacific Standard Time"; given with it and only then, else MGP_E_INVALID_VALUE.
// Blocks; returns what mgp_send returns. <https://learn.microsoft.com/graph/api/presence-setstatusmessage>
int32_t mgp_set_status_message(const mgp_client *client,
                               const char *user_id,
                               const char *content,
                               const char *expiry,
                               const char *time_zone,
                               mgp_error **error);

// The name of a status in one word, such as "InvalidPair"; "Ok" for MGP_OK, "Unknown" for a number that this
// library does not know.
//
// The text lives as long as the library. Callable from any thread.
const char *mgp_status_name(int32_t status);

// The version of the ABI of the library that was loaded, in the form of MGP_ABI_VERSION.
//
// A binding compares at load: the majors are equal, and the library's minor is not below the header's.
// Callable from any thread.
uint32_t mgp_abi_version(void);

// The version of the library as text, such as "0.1.0". Lives as long as the library. Callable from any thread.
const char *mgp_version(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* MGPRESENCE_H */
