//! `mgp_client`: new, close, free. Translates; what a client may do is decided in `crate::client`.

use std::ffi::{CString, c_char, c_void};
use std::sync::Arc;
use std::time::Duration;

use super::args::{In, InStruct, Out, Text, Versioned, take};
use super::credential::mgp_credential;
use super::entry::{entry, guard};
use super::error::mgp_error;
use super::host::{Host, mgp_drop_fn};
use super::signals::{self, HostMask};
use super::status::mgp_status;
use crate::client::Client;
use crate::error::{CallFailure, Error};
use crate::job::on_thread_start;
use crate::log::Level;
use crate::transport::Cloud;
use crate::transport::TransportFailure;

/// A connection to Microsoft Graph: made with mgp_client_new, freed with mgp_client_free. Calls take it const: it is
/// shared by threads as it is.
pub struct mgp_client(pub(super) Client);

/// Takes one line about the library's work. `level` is one of MGP_LOG_...; `subject` and `message` live until it
/// returns and never hold a token.
///
/// Runs on a thread that the client has for it, one line at a time, the lines of a call in their order. No request waits
/// for it: a line may come after the call that it is about has returned. A thousand lines wait for a slow function;
/// further ones are lost, and a line at MGP_LOG_ERROR says how many. mgp_client_close waits for the lines; after
/// mgp_client_free they still come, and then `log_drop`.
///
/// SIGPIPE is blocked in it if it is on the thread that makes the client. It must not unwind, and a blocking call of this
/// library inside it is refused with MGP_E_WOULD_DEADLOCK.
pub type mgp_log_fn = Option<
    unsafe extern "C" fn(
        user: *mut c_void,
        level: i32,
        subject: *const c_char,
        message: *const c_char,
    ),
>;

/// mgp_client_options.flags: the base URL may be plain http where its host is on loopback, for an emulator.
pub const MGP_CLIENT_ALLOW_LOOPBACK_HTTP: u32 = 1;

/// mgp_client_options.log_level: no lines.
pub const MGP_LOG_OFF: i32 = 0;
/// mgp_client_options.log_level: calls that failed.
pub const MGP_LOG_ERROR: i32 = 1;
/// mgp_client_options.log_level: also requests that are sent again.
pub const MGP_LOG_WARNING: i32 = 2;
/// mgp_client_options.log_level: also calls that ended well.
pub const MGP_LOG_INFO: i32 = 3;
/// mgp_client_options.log_level: also each attempt, with its status and time.
pub const MGP_LOG_DEBUG: i32 = 4;

/// How a client is set up. Start with MGP_CLIENT_OPTIONS_INIT; zero and NULL are defaults. All texts are copied.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct mgp_client_options {
    /// sizeof(mgp_client_options), set by MGP_CLIENT_OPTIONS_INIT.
    pub struct_size: u32,
    /// MGP_CLIENT_... or 0.
    pub flags: u32,
    /// Global (default), USGov, USGovDoD or BleuCloud; China and DelosCloud have no presence and are refused.
    pub cloud: *const c_char,
    /// Scheme, host and port instead of the cloud's. The token goes nowhere else.
    pub base_url: *const c_char,
    /// Where tokens come from; NULL: each request brings its access_token. The client keeps what it needs.
    pub credential: *const mgp_credential,
    /// The User-Agent header; by default mgpresence and its version.
    pub user_agent: *const c_char,
    /// An HTTP proxy for https, such as http://user:password@host:port; "" for none. By default the system's, none for
    /// loopback; where HTTPS_PROXY or ALL_PROXY holds no such URL, the first request ends with MGP_E_OPTION. Refused with
    /// plain http, whose token it would see.
    pub proxy_url: *const c_char,
    /// A PEM file of certificates that are trusted beside the system's: authorities, or the host's own. Read by the
    /// first request over TLS, which ends with MGP_E_OPTION where it cannot be.
    pub ca_file: *const c_char,
    /// Longest wait for one answer in ms, retries included; 0: 100 s. A blocking call's time begins with the call, that of
    /// a submitted request with its turn; see mgp_submit.
    pub timeout_ms: u32,
    /// Longest wait for a connection in ms; 0: 10 s.
    pub connect_timeout_ms: u32,
    /// All waits between the attempts of one call together, in ms; 0: 60 s.
    pub retry_budget_ms: u32,
    /// How many times a request is sent at most; 0: 6; 1: no retry.
    pub max_attempts: u32,
    /// Requests on the wire at a time; further ones wait, and are not sent if their time passes first; 0: 32.
    pub max_in_flight: u32,
    /// MGP_LOG_..., how much `log` is told.
    pub log_level: i32,
    /// Takes lines about the work, or NULL.
    pub log: mgp_log_fn,
    /// Handed to `log`; the library's when mgp_client_new succeeds.
    pub log_user: *mut c_void,
    /// Called once with `log_user` after the last line, at once where no lines are wanted; or NULL.
    pub log_drop: mgp_drop_fn,
}

// SAFETY: repr(C), struct_size first, integers and pointers only; the functions are nullable pointers.
unsafe impl Versioned for mgp_client_options {
    const NAME: &'static str = "mgp_client_options";
}

/// The options with their texts read.
#[derive(Default)]
struct Options<'a> {
    flags: u32,
    cloud: Option<&'a str>,
    base_url: Option<&'a str>,
    credential: Option<&'a mgp_credential>,
    user_agent: Option<&'a str>,
    proxy_url: Option<&'a str>,
    ca_file: Option<&'a str>,
    timeout_ms: u32,
    connect_timeout_ms: u32,
    retry_budget_ms: u32,
    max_attempts: u32,
    max_in_flight: u32,
    log_level: i32,
    log: mgp_log_fn,
    log_host: Option<Arc<Host>>,
}

/// The options as they come.
struct OptionsArg<'a>(InStruct<'a, mgp_client_options>);

impl<'a> OptionsArg<'a> {
    /// # Safety
    /// `options` is as the header's chapter "Arguments" says, and so is all that it points to, for `'a`.
    unsafe fn new(options: *const mgp_client_options) -> Self {
        // SAFETY: by the function's own condition.
        Self(unsafe { InStruct::new(options) })
    }

    fn read(&self) -> Result<Options<'a>, CallFailure> {
        let Some(raw) = self.0.read()? else { return Ok(Options::default()) };
        // SAFETY: by the condition of `new`.
        let text = |pointer, name| unsafe { Text::new(pointer) }.optional(name);
        Ok(Options {
            flags: raw.flags,
            cloud: text(raw.cloud, "cloud")?,
            base_url: text(raw.base_url, "base_url")?,
            // SAFETY: as above.
            credential: unsafe { In::new(raw.credential) }.optional(),
            user_agent: text(raw.user_agent, "user_agent")?,
            proxy_url: text(raw.proxy_url, "proxy_url")?,
            ca_file: text(raw.ca_file, "ca_file")?,
            timeout_ms: raw.timeout_ms,
            connect_timeout_ms: raw.connect_timeout_ms,
            retry_budget_ms: raw.retry_budget_ms,
            max_attempts: raw.max_attempts,
            max_in_flight: raw.max_in_flight,
            log_level: raw.log_level,
            log: raw.log,
            log_host: Some(Arc::new(Host::lent(raw.log_user, raw.log_drop))),
        })
    }
}

impl Options<'_> {
    fn build(self) -> Result<Client, Error> {
        if self.flags & !MGP_CLIENT_ALLOW_LOOPBACK_HTTP != 0 {
            let reason = format!("are {:#x}; use MGP_CLIENT_ALLOW_LOOPBACK_HTTP or 0", self.flags);
            return Err(CallFailure::Option { name: "flags", reason }.into());
        }
        let mut builder =
            Client::builder().cloud(self.cloud.map_or(Ok(Cloud::Global), Cloud::named)?);
        if self.flags & MGP_CLIENT_ALLOW_LOOPBACK_HTTP != 0 {
            builder = builder.allow_loopback_http();
        }
        if let Some(url) = self.base_url {
            builder = builder.base_url(url);
        }
        if let Some(mgp_credential { credential, .. }) = self.credential {
            builder = builder.credential(credential.clone());
        }
        if let Some(user_agent) = self.user_agent {
            builder = builder.user_agent(user_agent);
        }
        if let Some(url) = self.proxy_url {
            builder = builder.proxy_url(url);
        }
        if let Some(path) = self.ca_file {
            builder = builder.ca_file(path);
        }
        let given = |ms: u32| (ms != 0).then(|| Duration::from_millis(ms.into()));
        if let Some(timeout) = given(self.timeout_ms) {
            builder = builder.timeout(timeout);
        }
        if let Some(timeout) = given(self.connect_timeout_ms) {
            builder = builder.connect_timeout(timeout);
        }
        if let Some(budget) = given(self.retry_budget_ms) {
            builder = builder.retry_budget(budget);
        }
        if self.max_attempts != 0 {
            builder = builder.max_attempts(self.max_attempts);
        }
        if self.max_in_flight != 0 {
            builder = builder.max_in_flight(self.max_in_flight);
        }
        if let (Some(level), Some(log), Some(host)) =
            (level(self.log_level)?, self.log, self.log_host.clone())
        {
            let mask = HostMask::here();
            builder = builder.log(level, move |level, subject, line| {
                let (level, subject, line) = (level as i32, c_string(subject), c_string(line));
                // SAFETY: the header says that the function takes this pointer and these texts, on any thread.
                mask.run(|| unsafe { log(host.user(), level, subject.as_ptr(), line.as_ptr()) });
            });
        }
        let client = builder.build()?;
        self.log_host.iter().for_each(|host| host.own());
        Ok(client)
    }
}

fn level(number: i32) -> Result<Option<Level>, TransportFailure> {
    Ok(match number {
        MGP_LOG_OFF => None,
        MGP_LOG_ERROR => Some(Level::Error),
        MGP_LOG_WARNING => Some(Level::Warning),
        MGP_LOG_INFO => Some(Level::Info),
        MGP_LOG_DEBUG => Some(Level::Debug),
        _ => {
            let reason = format!("is {number}; use MGP_LOG_OFF to MGP_LOG_DEBUG");
            return Err(TransportFailure::Option { name: "log_level", reason });
        }
    })
}

/// A line for C; a NUL inside, which a hostile server may have sent, ends no line.
fn c_string(text: &str) -> CString {
    CString::new(text.replace('\0', "\\0")).unwrap_or_default()
}

/// Creates a client. Sends nothing and opens nothing: the first request does.
///
/// `options`: NULL for the defaults; copied. `out`: owns the client on success.
/// Returns MGP_OK, MGP_E_NULL_ARGUMENT, MGP_E_UTF8, MGP_E_STRUCT_SIZE, MGP_E_OPTION or MGP_E_CLOUD.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_client_new(
    options: *const mgp_client_options,
    out: *mut *mut mgp_client,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (options, out, error) =
        unsafe { (OptionsArg::new(options), Out::new(out), Out::new(error)) };
    entry(error, || {
        let out = out.required("out")?;
        on_thread_start(signals::block);
        out.put(mgp_client(options.read()?.build()?));
        Ok(())
    })
}

/// Takes no new requests, waits for those under way, and ends what is left with MGP_E_CLOSED.
///
/// `wait_ms`: how long to wait, 0 for not at all. Every submitted operation still completes in its queue. Within the same
/// time it also waits until the log function has taken every line.
/// Returns MGP_OK when nothing had to be ended, MGP_E_TIMEOUT when something had to; MGP_E_NULL_ARGUMENT,
/// MGP_E_WOULD_DEADLOCK inside a callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_client_close(
    client: *const mgp_client,
    wait_ms: u32,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (client, error) = unsafe { (In::new(client), Out::new(error)) };
    entry(error, || {
        let wait = Duration::from_millis(wait_ms.into());
        match client.required("client")?.0.close(wait)? {
            0 => Ok(()),
            count => Err(CallFailure::Ended { count, after: wait }.into()),
        }
    })
}

/// Frees a client; NULL is accepted. Never blocks, in any order with its queues and answers: what is under way goes on
/// and completes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_client_free(client: *mut mgp_client) {
    // SAFETY: by the header's chapter "Ownership" it comes from this library and is not used again.
    let client = unsafe { take(client) };
    guard((), || match client {
        // In a fork its locks may be held by threads that do not exist.
        Some(client) if !client.0.is_of_this_process() => std::mem::forget(client),
        client => drop(client),
    });
}
