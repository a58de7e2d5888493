//! `mgp_client`: new, close, free. `crate::client` implements it.

use std::ffi::{c_char, c_void};
use std::sync::Arc;
use std::time::Duration;

use super::args::{In, InStruct, Out, Text, Versioned, environment, take};
use super::argument::ArgumentFailure;
use super::credential::mgp_credential;
use super::entry::entry;
use super::error::mgp_error;
use super::guard::guard;
use super::host::{Host, mgp_drop_fn};
use super::signals::HostMask;
use super::status::mgp_status;
use super::text::CText;
use crate::client::Client;
use crate::error::Error;
use crate::log::Level;
use crate::transport::Cloud;

/// A client of Microsoft Graph. Threads can share it.
pub struct mgp_client(pub(super) Client);

impl mgp_client {
    /// The client, for a call that blocks: the host may free its own hold meanwhile, in a callback or on another
    /// thread.
    pub(super) fn held(&self) -> Client {
        self.0.clone()
    }
}

/// Receives one line about the library's work. `level` is one of MGP_LOG_...; `subject` and `message` are valid until
/// the function returns and never contain a token.
///
/// The client calls it on a thread of its own, with one line at a time, and the lines of a call in order. No request
/// waits for it, so a line may arrive after its call has returned. If the function is slow, up to 1,000 lines are kept;
/// further lines are dropped, and a line at MGP_LOG_ERROR says how many. mgp_client_close waits until every line has
/// arrived. After mgp_client_free, the remaining lines still arrive, and then `log_drop` is called. SIGPIPE is blocked
/// in the function if it is blocked on the thread that creates the client.
pub type mgp_log_fn = Option<
    unsafe extern "C" fn(
        user: *mut c_void,
        level: i32,
        subject: *const c_char,
        message: *const c_char,
    ),
>;

/// mgp_client_options.flags: the base URL may be plain http if its host is on loopback, for an emulator. Without TLS, a
/// server that keeps sending interim responses (1xx) can delay the timeout of a call by a quarter of a second, or by
/// more on a machine under load.
pub const MGP_CLIENT_ALLOW_LOOPBACK_HTTP: u32 = 1;

/// mgp_client_options.throttle_ceiling: no limit.
pub const MGP_THROTTLE_NONE: u32 = 0xFFFF_FFFF;

/// mgp_client_options.log_level: no lines.
pub const MGP_LOG_OFF: i32 = 0;
/// mgp_client_options.log_level: calls that failed.
pub const MGP_LOG_ERROR: i32 = 1;
/// mgp_client_options.log_level: also requests that are sent again, and tokens that could not be renewed.
pub const MGP_LOG_WARNING: i32 = 2;
/// mgp_client_options.log_level: also calls that succeeded, and sign-ins.
pub const MGP_LOG_INFO: i32 = 3;
/// mgp_client_options.log_level: also each attempt, with its status and duration.
pub const MGP_LOG_DEBUG: i32 = 4;

/// The options of a client. Start with MGP_CLIENT_OPTIONS_INIT; zero and NULL are the defaults.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct mgp_client_options {
    /// sizeof(mgp_client_options), set by MGP_CLIENT_OPTIONS_INIT.
    pub struct_size: u32,
    /// MGP_CLIENT_... or 0.
    pub flags: u32,
    /// Global (the default), USGov, USGovDoD or BleuCloud. China and DelosCloud are refused: they have no presence API.
    pub cloud: *const c_char,
    /// The scheme, host and port to use. They override those of the cloud. Write a host with letters beyond ASCII in
    /// its xn-- form. The token is not sent anywhere else.
    pub base_url: *const c_char,
    /// The source of access tokens; NULL: each request has its own access_token. The credential may be freed before the
    /// client.
    pub credential: *const mgp_credential,
    /// The User-Agent header; NULL: "mgpresence" and the version.
    pub user_agent: *const c_char,
    /// The URL of an HTTP proxy for https, such as http://user:password@host:port; "": no proxy; NULL: the system's
    /// proxy, and no proxy for loopback. HTTPS_PROXY, ALL_PROXY and NO_PROXY are read when the client or the credential is
    /// created, and not again. If one is not a valid URL, mgp_client_new returns MGP_E_OPTION, or the first sign-in does.
    /// With REQUEST_METHOD in the environment (CGI), these variables have no effect: name the proxy here. A proxy is
    /// refused with plain http, because it would see the token.
    pub proxy_url: *const c_char,
    /// A PEM file of certificates to trust in addition to the system's: authorities, or the host's own. The first
    /// request over TLS reads it, and returns MGP_E_OPTION if that fails.
    pub ca_file: *const c_char,
    /// The longest time to wait for a response, retries included, in ms; 0: 100 seconds. For a blocking call it starts
    /// with the call; for a submitted request see mgp_submit.
    pub timeout_ms: u32,
    /// The longest time to wait for a connection, in ms; 0: 10 seconds.
    pub connect_timeout_ms: u32,
    /// The longest total time to wait between the attempts of one call, in ms; 0: 60 seconds.
    pub retry_budget_ms: u32,
    /// The most times that a request is sent; 0: 6; 1: no retry. If Graph rejects a token of a callback, the request is
    /// sent once more with a new one, even beyond this limit. So is one whose batch was refused as a whole: it is sent
    /// alone.
    pub max_attempts: u32,
    /// The most requests in flight at a time; 0: 32. Further requests wait, and are not sent if they time out first.
    pub max_in_flight: u32,
    /// MGP_LOG_...: which lines `log` receives.
    pub log_level: i32,
    /// Receives lines about the library's work; or NULL.
    pub log: mgp_log_fn,
    /// Passed to `log`. The library owns it if mgp_client_new succeeds.
    pub log_user: *mut c_void,
    /// Called once with `log_user` after the last line, or immediately if no lines are wanted; or NULL.
    pub log_drop: mgp_drop_fn,
    /// The first limit of requests within 30 s, for batched requests; 0: 1500, or throttle_ceiling if that is set,
    /// because a program that sets a ceiling knows the limit.
    pub throttle_start: u32,
    /// The highest limit of requests within 30 s, for batched requests; 0: 10000; MGP_THROTTLE_NONE: no limit. All
    /// clients of a process share one limit for each application and tenant, with the values of the client that joined
    /// last and gave any.
    pub throttle_ceiling: u32,
    /// The longest wait before the second attempt of a call, in ms, if Graph does not ask for a longer one; 0: 500. The
    /// wait doubles with each further attempt, up to 32 times the first one, and a random part of up to half is
    /// subtracted.
    pub retry_delay_ms: u32,
    /// The number of variables in `environment`.
    pub environment_count: u32,
    /// Environment variables to read in place of the process environment, each "NAME=value", for a host with its own,
    /// such as .NET; NULL: those of the process. They may name a proxy, as HTTPS_PROXY, ALL_PROXY and NO_PROXY do.
    pub environment: *const *const c_char,
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
    throttle_start: u32,
    throttle_ceiling: u32,
    retry_delay_ms: u32,
    environment: Option<Vec<(&'a str, &'a str)>>,
    log_level: i32,
    log: mgp_log_fn,
    log_host: Option<Arc<Host>>,
}

/// The options as the caller passed them.
struct OptionsArg<'a>(InStruct<'a, mgp_client_options>);

impl<'a> OptionsArg<'a> {
    /// # Safety
    /// `options` is as the header's chapter "Arguments" says, and so is all that it points to, for `'a`.
    unsafe fn new(options: *const mgp_client_options) -> Self {
        // SAFETY: by the function's own condition.
        Self(unsafe { InStruct::new(options) })
    }

    fn read(&self) -> Result<Options<'a>, ArgumentFailure> {
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
            throttle_start: raw.throttle_start,
            throttle_ceiling: raw.throttle_ceiling,
            retry_delay_ms: raw.retry_delay_ms,
            // SAFETY: as above.
            environment: unsafe { environment(raw.environment, raw.environment_count) }?,
            log_level: raw.log_level,
            log: raw.log,
            log_host: Some(Arc::new(Host::lent(raw.log_user, raw.log_drop))),
        })
    }
}

impl Options<'_> {
    fn build(self) -> Result<Client, Error> {
        if self.flags & !MGP_CLIENT_ALLOW_LOOPBACK_HTTP != 0 {
            let reason = format!("is {:#x}. Use MGP_CLIENT_ALLOW_LOOPBACK_HTTP or 0", self.flags);
            return Err(ArgumentFailure::Option { name: "flags", reason }.into());
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
        if let Some(variables) = self.environment {
            builder = builder.environment(variables);
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
        if let Some(delay) = given(self.retry_delay_ms) {
            builder = builder.retry_delay(delay);
        }
        if self.max_attempts != 0 {
            builder = builder.max_attempts(self.max_attempts);
        }
        if self.max_in_flight != 0 {
            builder = builder.max_in_flight(self.max_in_flight);
        }
        if self.throttle_start != 0 {
            builder = builder.throttle_start(self.throttle_start);
        }
        if self.throttle_ceiling != 0 {
            builder = builder.throttle_ceiling(self.throttle_ceiling);
        }
        if let (Some(level), Some(log), Some(host)) =
            (level(self.log_level)?, self.log, self.log_host.clone())
        {
            let mask = HostMask::here();
            builder = builder.log(level, move |level, subject, line| {
                let (level, subject, line) = (level as i32, CText::new(subject), CText::new(line));
                // SAFETY: the header says that the function takes this pointer and these texts, on any thread.
                mask.run(|| unsafe { log(host.user(), level, subject.as_ptr(), line.as_ptr()) });
            });
        }
        let client = builder.build()?;
        self.log_host.iter().for_each(|host| host.own());
        Ok(client)
    }
}

fn level(number: i32) -> Result<Option<Level>, ArgumentFailure> {
    Ok(match number {
        MGP_LOG_OFF => None,
        MGP_LOG_ERROR => Some(Level::Error),
        MGP_LOG_WARNING => Some(Level::Warning),
        MGP_LOG_INFO => Some(Level::Info),
        MGP_LOG_DEBUG => Some(Level::Debug),
        _ => {
            let reason = format!("is {number}. Use MGP_LOG_OFF to MGP_LOG_DEBUG");
            return Err(ArgumentFailure::Option { name: "log_level", reason });
        }
    })
}

/// Creates a client. Nothing is sent or opened before the first request.
///
/// `options`: NULL for the defaults. `out`: receives the client.
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
        out.put(mgp_client(options.read()?.build()?));
        Ok(())
    })
}

/// Closes a client: refuses new requests, waits for those under way, and ends the remaining ones with MGP_E_CLOSED.
///
/// `wait_ms`: the longest time to wait; 0: end them at once. Ending them may take up to a second more if a callback
/// holds them up. Every submitted operation still completes in its queue. Within the same time, the call also waits
/// until the log function has received every line. Returns MGP_OK if every request completed, MGP_E_TIMEOUT if some had
/// to be ended; MGP_E_NULL_ARGUMENT; MGP_E_WOULD_DEADLOCK inside a callback.
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
        match client.required("client")?.held().close(wait)? {
            0 => Ok(()),
            count => Err(ArgumentFailure::Ended { count, after: wait }.into()),
        }
    })
}

/// Frees a client. Requests in flight continue and complete, and so do calls that block on other threads.
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
