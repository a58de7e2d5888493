//! `mgp_credential`: where tokens come from.

use std::ffi::{c_char, c_void};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use super::args::{Bytes, In, Out, Text, take};
use super::argument::ArgumentFailure;
use super::entry::entry;
use super::error::mgp_error;
use super::guard::guard;
use super::host::{Host, mgp_drop_fn};
use super::signals::HostMask;
use super::status::mgp_status;
use super::text::CText;
use crate::auth::{AccessToken, Credential, SIGN_IN_TIMEOUT};
use crate::error::Cause;
use crate::process::{Maker, PerProcess};

/// A source of access tokens. Several clients can use one, on any thread, and it can be freed while they use it.
pub struct mgp_credential {
    pub(super) credential: Credential,
    /// The texts that mgp_credential_about_json has returned, the latest one at the end.
    about: PerProcess<Mutex<Vec<CText>>>,
    maker: Maker,
}

impl mgp_credential {
    pub(super) fn new(credential: Credential) -> Self {
        Self { credential, about: PerProcess::new(), maker: Maker::this() }
    }

    /// What is known about the credential now. Texts that were returned before remain valid.
    fn about(&self) -> *const c_char {
        let now = CText::new(&self.credential.about().to_string());
        let mut texts = self.about.get().lock().unwrap_or_else(PoisonError::into_inner);
        if texts.last().is_none_or(|last| *last != now) {
            texts.push(now);
        }
        texts.last().map_or(c"{}".as_ptr(), CText::as_ptr)
    }
}

/// Receives what a callback of a credential provides: a token, an assertion or a signature. Valid until the callback
/// returns.
pub struct mgp_token_sink(Mutex<Option<Result<Provided, String>>>);

/// What a callback has provided.
pub(super) enum Provided {
    Token(AccessToken),
    Signature(Vec<u8>),
}

impl mgp_token_sink {
    /// Calls a callback of the host, and takes what it has provided.
    pub(super) fn ask(
        mask: HostMask,
        callback: impl FnOnce(*const Self),
    ) -> Result<Provided, String> {
        let sink = Self(Mutex::default());
        mask.run(|| callback(&raw const sink));
        let set = sink.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        set.unwrap_or_else(|| Err("the callback set nothing".into()))
    }
}

impl Provided {
    pub(super) fn token(self) -> Result<AccessToken, String> {
        match self {
            Self::Token(token) => Ok(token),
            Self::Signature(_) => {
                Err("the callback set a signature. Call mgp_token_sink_set".into())
            }
        }
    }

    pub(super) fn signature(self) -> Result<Vec<u8>, String> {
        match self {
            Self::Signature(signature) => Ok(signature),
            Self::Token(_) => {
                Err("the callback set a token. Call mgp_token_sink_set_signature".into())
            }
        }
    }
}

/// Fetches a token. The library calls it when a request needs a token and there is none, when the last token has less
/// than five minutes left (half of its lifetime, for a token that lasts less than ten minutes), and when Graph rejects
/// the last token. The function calls mgp_token_sink_set or mgp_token_sink_fail once and returns.
///
/// It runs on a thread of its own, one call at a time per credential. A request waits for it no longer than its own
/// timeout, and not at all while the last token is still valid: if a renewal fails, that token is used until it
/// expires, and the next renewal is tried after 30 seconds. The library never calls the function a second time before
/// the first call has returned. If a call never returns, each request that waits for it times out, so give the function
/// a time limit of its own. A new credential is not affected. SIGPIPE is blocked in the callback if it is blocked on
/// the thread that creates the credential.
pub type mgp_token_fn =
    Option<unsafe extern "C" fn(user: *mut c_void, sink: *const mgp_token_sink)>;

/// Creates a credential from a token. It is never renewed: when the token expires, create a new credential and client.
///
/// `token`: without "Bearer"; the library's copy is wiped from memory when it is no longer used. `out`: receives the
/// credential. Returns MGP_OK, MGP_E_NULL_ARGUMENT, MGP_E_UTF8 or MGP_E_TOKEN.
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
/// `token`: see mgp_token_fn. `user`: passed to it. If this call succeeds, the library owns `user` and calls `drop`
/// with it once, after the last use. `drop`: may be NULL. `client_id`: the client id of the application, the default
/// for a session's sessionId; NULL or "": the one in the token. `out`: receives the credential.
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
            // SAFETY: the header says that the function takes this pointer, and the sink until it returns.
            mgp_token_sink::ask(mask, |sink| unsafe { fetch(lent.user(), sink) })?.token()
        });
        host.own();
        out.put(mgp_credential::new(credential));
        Ok(())
    })
}

/// What is known about a credential now, as JSON: "kind" (such as "clientSecret"), "clientId", "tenantId", "account"
/// (the user principal name), "scopes" and "roles" (arrays), "expires" (seconds since 1970), and "chain" (the result of
/// each link of a chain; null for other kinds). Unknown values are null or []: before the first token, only what the
/// credential was created with is known. The values are read from the token without verification. The call does not
/// fetch a token. "{}" for NULL.
///
/// Valid until the credential is freed. May be called from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_credential_about_json(
    credential: *const mgp_credential,
) -> *const c_char {
    // SAFETY: by the header's chapter "Arguments".
    let credential = unsafe { In::new(credential) };
    guard(c"{}".as_ptr(), || credential.optional().map_or(c"{}".as_ptr(), mgp_credential::about))
}

/// Signs in now, unless there is a valid token already, and blocks until the sign-in has ended. Without this call, the
/// first request signs in. A program that signs a person in makes this call first, so that no request waits for the
/// person.
///
/// The call also waits while refresh_token_changed stores a new refresh token. If that takes longer than `timeout_ms`,
/// or mgp_credential_cancel is called meanwhile, the sign-in has still succeeded.
///
/// `timeout_ms`: the longest time to wait, in ms; 0: 180 seconds. Returns MGP_OK, MGP_E_NULL_ARGUMENT,
/// MGP_E_WOULD_DEADLOCK (inside a callback), MGP_E_TIMEOUT, MGP_E_CANCELLED (after mgp_credential_cancel),
/// MGP_E_OPTION, an MGP_E_... from 20 to 26 about the connection, or from 30 to 36 about the sign-in. May be called
/// from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_credential_sign_in(
    credential: *const mgp_credential,
    timeout_ms: u32,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (credential, error) = unsafe { (In::new(credential), Out::new(error)) };
    entry(error, || {
        // Held: the host may free it meanwhile, in a callback or on another thread.
        let credential = credential.required("credential")?.credential.clone();
        let timeout = match timeout_ms {
            0 => SIGN_IN_TIMEOUT,
            ms => Duration::from_millis(ms.into()),
        };
        credential.sign_in(timeout)
    })
}

/// Cancels the sign-in that a credential has under way, if there is one: every call that waits for it returns
/// MGP_E_CANCELLED. The next request signs in again. Never blocks; does nothing for NULL. May be called from any
/// thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_credential_cancel(credential: *const mgp_credential) {
    // SAFETY: by the header's chapter "Arguments".
    let credential = unsafe { In::new(credential) };
    guard((), || {
        if let Some(it) = credential.optional() {
            it.credential.cancel();
        }
    });
}

/// Provides the token, inside a token callback, or the assertion, inside an assertion callback.
///
/// `token`: without "Bearer". `expires_unix_s`: when the token expires, in seconds since 1970; 0: the time in the
/// token, or else five minutes from now. Returns MGP_OK, MGP_E_NULL_ARGUMENT or MGP_E_UTF8. If the call fails, waiting
/// requests fail for the same reason, unless the callback provides a token afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_token_sink_set(
    sink: *const mgp_token_sink,
    token: *const c_char,
    expires_unix_s: i64,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (sink, token) = unsafe { (In::new(sink), Text::new(token)) };
    put(
        sink,
        || token.required("token"),
        |token| {
            let seconds = u64::try_from(expires_unix_s).ok().filter(|seconds| *seconds != 0);
            let expires =
                seconds.and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds)));
            Ok(Provided::Token(AccessToken::new(token, expires)))
        },
    )
}

/// Provides a signature, inside a signing callback.
///
/// `signature`: the bytes of the signature, `size` of them; copied. Returns MGP_OK, MGP_E_NULL_ARGUMENT or
/// MGP_E_OPTION.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_token_sink_set_signature(
    sink: *const mgp_token_sink,
    signature: *const u8,
    size: u32,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (sink, signature) = unsafe { (In::new(sink), Bytes::new(signature, size)) };
    put(
        sink,
        || signature.required("signature"),
        |signature| Ok(Provided::Signature(signature.to_vec())),
    )
}

/// Reports a failure, inside a callback: there is no token or signature.
///
/// `message`: the reason. Waiting requests fail with MGP_E_TOKEN, and their message includes the reason.
/// Returns MGP_OK, MGP_E_NULL_ARGUMENT or MGP_E_UTF8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_token_sink_fail(
    sink: *const mgp_token_sink,
    message: *const c_char,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (sink, message) = unsafe { (In::new(sink), Text::new(message)) };
    put(sink, || message.required("message"), |message| Err(message.into()))
}

/// Frees a credential. Clients that use it can continue to do so.
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

/// Provides something to a sink. There is no error object, because the waiting request reports the failure.
fn put<T>(
    sink: In<'_, mgp_token_sink>,
    read: impl FnOnce() -> Result<T, ArgumentFailure>,
    make: impl FnOnce(T) -> Result<Provided, String>,
) -> mgp_status {
    guard(mgp_status::MGP_E_PANIC, || {
        let Some(sink) = sink.optional() else { return mgp_status::MGP_E_NULL_ARGUMENT };
        let (set, status) = match read() {
            Ok(given) => (make(given), mgp_status::MGP_OK),
            Err(failure) => {
                let status = failure.status().into();
                (Err(format!("the callback's {failure}")), status)
            }
        };
        *sink.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(set);
        status
    })
}
