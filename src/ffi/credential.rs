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
use crate::process::Maker;

/// A source of access tokens. Several clients can use one, on any thread, and it can be freed while they use it.
pub struct mgp_credential {
    pub(super) credential: Credential,
    /// What mgp_credential_about_json has returned, the last one at the end.
    about: Mutex<Vec<CText>>,
    maker: Maker,
}

impl mgp_credential {
    pub(super) fn new(credential: Credential) -> Self {
        Self { credential, about: Mutex::default(), maker: Maker::this() }
    }

    /// What is known now. A text that was returned before stays where it is.
    fn about(&self) -> *const c_char {
        let now = CText::new(&self.credential.about().to_string());
        let mut texts = self.about.lock().unwrap_or_else(PoisonError::into_inner);
        if texts.last().is_none_or(|last| *last != now) {
            texts.push(now);
        }
        texts.last().map_or(c"{}".as_ptr(), CText::as_ptr)
    }
}

/// Receives what a callback of a credential provides: a token, an assertion or a signature. Valid until the callback
/// returns.
pub struct mgp_token_sink(Mutex<Option<Result<Provided, String>>>);

/// What a callback has set.
pub(super) enum Provided {
    Token(AccessToken),
    Signature(Vec<u8>),
}

impl mgp_token_sink {
    /// Runs a callback of the host, and takes what it has set.
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

/// Fetches a token: called when a request needs one and there is none, when the last one has less than five minutes left
/// (half of its life, for a token of less than ten minutes), and when Graph rejects the last one. It calls
/// mgp_token_sink_set or mgp_token_sink_fail once and returns.
///
/// It runs on a thread of its own, one call at a time per credential. A request waits for it no longer than its own timeout,
/// and not at all while the last token is still valid: if a renewal fails, that token is used until it expires, and the next
/// renewal is tried after 30 seconds. A function that never returns holds up its credential for good: it is not called a second
/// time meanwhile, as it may rely on running alone, and each request that waits for it times out. So give it a time limit of its
/// own. A new credential starts afresh. SIGPIPE is blocked in the callback if it is blocked on the thread that creates the
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
            // SAFETY: the header says that the function takes this pointer, and the sink until it returns.
            mgp_token_sink::ask(mask, |sink| unsafe { fetch(lent.user(), sink) })?.token()
        });
        host.own();
        out.put(mgp_credential::new(credential));
        Ok(())
    })
}

/// What is known about a credential now, without fetching a token, as JSON: "kind" (such as "clientSecret"), "clientId",
/// "tenantId", "account" (the user principal name), "scopes" and "roles" (arrays), "expires" (seconds since 1970), and "chain":
/// how the links of a chain fared, null for other kinds. What is not known is null or []: before the first token, only what
/// the credential was created with. The values are read from the token and not verified. "{}" for NULL.
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

/// Signs in now, unless there is a valid token already, and blocks until that has ended. Without it, the first request
/// signs in. A program that signs a person in calls this first, so that no request waits for the person.
///
/// It also waits while refresh_token_changed keeps a new refresh token. If that is not done within `timeout_ms`, or after
/// mgp_credential_cancel, the sign-in has succeeded all the same.
///
/// `timeout_ms`: the longest time to wait, in ms; 0: 180 seconds. Returns MGP_OK, MGP_E_NULL_ARGUMENT, MGP_E_WOULD_DEADLOCK (inside a
/// callback), MGP_E_TIMEOUT, MGP_E_CANCELLED (after mgp_credential_cancel), MGP_E_OPTION, an MGP_E_... from 20 to 26 about the
/// connection, or from 30 to 36 about the sign-in. May be called from any thread.
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

/// Ends the sign-in of a credential that is under way, if there is one: every call that waits for it returns
/// MGP_E_CANCELLED. The next request signs in again. Never blocks; does nothing for NULL. May be called from any thread.
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
/// `signature`: the bytes of the signature, `size` of them; copied. Returns MGP_OK, MGP_E_NULL_ARGUMENT or MGP_E_OPTION.
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

/// Reports that there is no token and no signature, inside a callback.
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
    put(sink, || message.required("message"), |message| Err(message.into()))
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
