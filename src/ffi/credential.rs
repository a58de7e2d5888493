//! `mgp_credential`: where tokens come from.

use std::ffi::{c_char, c_void};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use super::args::{In, Out, Text, take};
use super::entry::{entry, guard};
use super::error::mgp_error;
use super::host::{Host, mgp_drop_fn};
use super::response::CText;
use super::signals::HostMask;
use super::status::mgp_status;
use crate::auth::{AccessToken, Credential};
use crate::error::CallFailure;
use crate::process::Maker;

/// A source of bearer tokens: made with mgp_credential_new_..., freed with mgp_credential_free, also while clients
/// use it. May be given to several clients, from any thread.
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

/// Where a token callback puts its token. Valid until the callback returns.
pub struct mgp_token_sink(Mutex<Option<Result<AccessToken, String>>>);

/// Fetches a token: called when one is needed and five minutes before the last one ends. It calls
/// mgp_token_sink_set or mgp_token_sink_fail once and returns.
///
/// Runs on a thread of its own, one call at a time per credential. A request waits for it no longer than its own timeout,
/// and not at all while the last token still works: a renewal that fails costs nothing until then, and is tried again
/// after 30 s. SIGPIPE is blocked in it if it is on the thread that makes the credential. It must not unwind, and a
/// blocking call of this library inside it is refused with MGP_E_WOULD_DEADLOCK.
pub type mgp_token_fn =
    Option<unsafe extern "C" fn(user: *mut c_void, sink: *const mgp_token_sink)>;

/// Makes a credential of a token that the caller has fetched and renews himself.
///
/// `token`: without "Bearer"; copied, and wiped from memory when the credential goes. `out`: owns the credential.
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

/// Makes a credential of a function that fetches tokens.
///
/// `token`: see mgp_token_fn. `user`: handed to it; the library's when this call succeeds, from when on `drop` is
/// called once, after the last use. `drop`: may be NULL. `client_id`: of the application that the tokens are for, the
/// default of a session's sessionId; NULL: as the token says. `out`: owns the credential.
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
        let fetch = token.ok_or(CallFailure::NullArgument("token"))?;
        let host = Arc::new(Host::lent(user, drop));
        let (lent, mask) = (Arc::clone(&host), HostMask::here());
        let credential = Credential::from_fn(client_id, move || {
            let sink = mgp_token_sink(Mutex::default());
            // SAFETY: the header says that the function takes this pointer, and the sink until it returns.
            mask.run(|| unsafe { fetch(lent.user(), &raw const sink) });
            let set = sink.0.into_inner().unwrap_or_else(PoisonError::into_inner);
            set.unwrap_or_else(|| Err("the callback set none; call mgp_token_sink_set".into()))
        });
        host.own();
        out.put(mgp_credential::new(credential));
        Ok(())
    })
}

/// What is known of a credential without asking for a token, as JSON: "clientId", "tenantId", "account" (a user's
/// principal name), "scopes" and "roles" (arrays), "expires" (seconds since 1970). What a token does not say is null or
/// []; of a callback only the client id is known. Read from the token and not verified. "{}" for NULL.
///
/// The text lives as long as the credential. Callable from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_credential_about_json(
    credential: *const mgp_credential,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let credential = unsafe { In::new(credential) };
    guard(c"{}".as_ptr(), || credential.optional().map_or(c"{}".as_ptr(), |it| it.about.as_ptr()))
}

/// Gives the token, from inside a token callback.
///
/// `token`: without "Bearer"; copied. `expires_unix_s`: when it ends, in seconds since 1970; 0: as the token says, else
/// it is kept for five minutes. Returns MGP_OK, MGP_E_NULL_ARGUMENT or MGP_E_UTF8, which also becomes the reason that
/// waiting requests end with, unless another token is set.
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

/// Says that there is no token, from inside a token callback.
///
/// `message`: why, for people; becomes part of the message of the MGP_E_TOKEN that waiting requests end with. Copied.
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

/// Frees a credential; NULL is accepted. Clients that use it keep what they need.
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
                    CallFailure::Utf8(_) => mgp_status::MGP_E_UTF8,
                    _ => mgp_status::MGP_E_NULL_ARGUMENT,
                };
                (Err(format!("the callback's {failure}")), status)
            }
        };
        *sink.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(set);
        status
    })
}
