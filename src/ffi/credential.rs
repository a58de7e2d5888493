//! `mgp_credential`: where tokens come from.

use std::ffi::{c_char, c_void};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use super::args::{In, Out, Text, take};
use super::argument::ArgumentFailure;
use super::entry::entry;
use super::error::mgp_error;
use super::guard::guard;
use super::host::{Host, mgp_drop_fn};
use super::signals::HostMask;
use super::status::mgp_status;
use super::text::CText;
use crate::auth::{AccessToken, Credential};
use crate::process::Maker;

/// A source of access tokens. Several clients can use one, on any thread, and it can be freed while they use it.
pub struct mgp_credential {
    pub(super) credential: Credential,
    about: CText,
    maker: Maker,
}

impl mgp_credential {
    fn new(credential: Credential) -> Self {
        let about = CText::new(&credential.about().to_string());
        Self { credential, about, maker: Maker::this() }
    }
}

/// Receives the token in a token callback. Valid until the callback returns.
pub struct mgp_token_sink(Mutex<Option<Result<AccessToken, String>>>);

/// Fetches a token: called when a request needs one and there is none, when the last one has less than five minutes left
/// (half of its life, for a token of less than ten minutes), and when Graph rejects the last one. It calls
/// mgp_token_sink_set or mgp_token_sink_fail once and returns.
///
/// It runs on a thread of its own, one call at a time per credential. A request waits for it no longer than its own timeout,
/// and not at all while the last token is still valid: if a renewal fails, that token is used until it expires, and the next
/// renewal is tried after 30 seconds. SIGPIPE is blocked in the callback if it is blocked on the thread that creates the
/// credential.
pub type mgp_token_fn =
    Option<unsafe extern "C" fn(user: *mut c_void, sink: *const mgp_token_sink)>;

/// Creates a credential from a token. It is never renewed: when the token expires, create a new credential and client.
///
/// `token`: without "Bearer"; wiped from memory when it is no longer used. `out`: receives the credential.
/// Returns MGP_OK, MGP_E_NULL_ARGUMENT, MGP_E_UTF8 or MGP_E_TOKEN.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_credential_new_token(
    token: *const c_char,
    out: *mut *mut mgp_credential,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (token, out, error) = unsafe { (Text::new(token), Out::new(out), Out::new(error)) };
    entry(error, || {
        let out = out.required("out")?;
        out.put(mgp_credential::new(Credential::from_token(token.required("token")?)?));
        Ok(())
    })
}

/// Creates a credential from a function that fetches tokens.
///
/// `token`: see mgp_token_fn. `user`: passed to it. If this call succeeds, the library owns `user` and calls `drop` with it
/// once, after the last use. `drop`: may be NULL. `client_id`: the client id of the application, the default for a session's
/// sessionId; NULL: the one in the token. `out`: receives the credential.
/// Returns MGP_OK, MGP_E_NULL_ARGUMENT or MGP_E_UTF8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_credential_new_callback(
    token: mgp_token_fn,
    user: *mut c_void,
    drop: mgp_drop_fn,
    client_id: *const c_char,
    out: *mut *mut mgp_credential,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (client_id, out, error) = unsafe { (Text::new(client_id), Out::new(out), Out::new(error)) };
    entry(error, || {
        let out = out.required("out")?;
        let client_id = client_id.optional("client_id")?;
        let fetch = token.ok_or(ArgumentFailure::Null("token"))?;
        let host = Arc::new(Host::lent(user, drop));
        let (lent, mask) = (Arc::clone(&host), HostMask::here());
        let credential = Credential::from_fn(client_id, move || {
            let sink = mgp_token_sink(Mutex::default());
            // SAFETY: the header says that the function takes this pointer, and the sink until it returns.
            mask.run(|| unsafe { fetch(lent.user(), &raw const sink) });
            let set = sink.0.into_inner().unwrap_or_else(PoisonError::into_inner);
            set.unwrap_or_else(|| Err("the callback set none. Call mgp_token_sink_set".into()))
        });
        host.own();
        out.put(mgp_credential::new(credential));
        Ok(())
    })
}

/// What is known about a credential without fetching a token, as JSON: "clientId", "tenantId", "account" (the user principal
/// name), "scopes" and "roles" (arrays), "expires" (seconds since 1970). A value that the token does not contain is null or
/// []; for a callback only the client id is known. The values are read from the token and not verified. "{}" for NULL.
///
/// Valid until the credential is freed. May be called from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_credential_about_json(
    credential: *const mgp_credential,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let credential = unsafe { In::new(credential) };
    guard(c"{}".as_ptr(), || credential.optional().map_or(c"{}".as_ptr(), |it| it.about.as_ptr()))
}

/// Provides the token, inside a token callback.
///
/// `token`: without "Bearer". `expires_unix_s`: when it expires, in seconds since 1970; 0: as the token says, or else after
/// five minutes. Returns MGP_OK, MGP_E_NULL_ARGUMENT or MGP_E_UTF8. If it fails, waiting requests fail with that
/// reason, unless the callback sets a token afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_token_sink_set(
    sink: *const mgp_token_sink,
    token: *const c_char,
    expires_unix_s: i64,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (sink, token) = unsafe { (In::new(sink), Text::new(token)) };
    put(sink, token, "token", |token| {
        let seconds = u64::try_from(expires_unix_s).ok().filter(|seconds| *seconds != 0);
        let expires =
            seconds.and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds)));
        Ok(AccessToken::new(token, expires))
    })
}

/// Reports that there is no token, inside a token callback.
///
/// `message`: the reason, which becomes part of the message of the MGP_E_TOKEN that waiting requests fail with.
/// Returns MGP_OK, MGP_E_NULL_ARGUMENT or MGP_E_UTF8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_token_sink_fail(
    sink: *const mgp_token_sink,
    message: *const c_char,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (sink, message) = unsafe { (In::new(sink), Text::new(message)) };
    put(sink, message, "message", |message| Err(message.into()))
}

/// Frees a credential. Clients that use it keep what they need.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_credential_free(credential: *mut mgp_credential) {
    // SAFETY: by the header's chapter "Ownership" it comes from this library and is not used again.
    let credential = unsafe { take(credential) };
    guard((), || match credential {
        // In a fork its locks may be held by threads that do not exist.
        Some(credential) if !credential.maker.is_this() => std::mem::forget(credential),
        credential => drop(credential),
    });
}

/// The sink has no error object: it is inside a callback, whose failure the request reports.
fn put(
    sink: In<'_, mgp_token_sink>,
    text: Text<'_>,
    name: &'static str,
    make: impl FnOnce(&str) -> Result<AccessToken, String>,
) -> mgp_status {
    guard(mgp_status::MGP_E_PANIC, || {
        let Some(sink) = sink.optional() else { return mgp_status::MGP_E_NULL_ARGUMENT };
        let (set, status) = match text.required(name) {
            Ok(text) => (make(text), mgp_status::MGP_OK),
            Err(failure) => {
                let status = match failure {
                    ArgumentFailure::Utf8(_) => mgp_status::MGP_E_UTF8,
                    _ => mgp_status::MGP_E_NULL_ARGUMENT,
                };
                (Err(format!("the callback's {failure}")), status)
            }
        };
        *sink.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(set);
        status
    })
}
