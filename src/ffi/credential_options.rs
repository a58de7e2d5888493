//! `mgp_credential_options`: one constructor for every way to sign in.

use std::ffi::{c_char, c_void};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::args::{Bytes, In, InStruct, Out, Text, Versioned, array, environment};
use super::argument::ArgumentFailure;
use super::credential::{mgp_credential, mgp_token_fn, mgp_token_sink};
use super::entry::entry;
use super::error::mgp_error;
use super::host::{Host, mgp_drop_fn};
use super::signals::HostMask;
use super::status::mgp_status;
use super::text::CText;
use crate::auth::{
    AnyWay, AsksPerson, AuthFailure, Certificate, ClientAssertion, Credential, CredentialBuilder,
    Prompt, Way,
};
use crate::error::Error;
use crate::transport::Cloud;

/// mgp_credential_options.kind: an application signs in as itself with `client_secret`. Needs `tenant_id` and
/// `client_id`.
pub const MGP_CREDENTIAL_CLIENT_SECRET: i32 = 1;
/// mgp_credential_options.kind: an application signs in as itself with a certificate: `certificate_file`, or
/// `certificate`, or `certificate` and `sign`. Needs `tenant_id` and `client_id`. Entra accepts RSA keys only; any
/// other key returns MGP_E_CERTIFICATE before anything is sent.
pub const MGP_CREDENTIAL_CLIENT_CERTIFICATE: i32 = 2;

/// mgp_credential_options.kind: an application signs in as itself with an assertion of another identity provider, which
/// a federated credential of the application trusts: `assertion`, `assertion_file` or `client_assertion`. Needs
/// `tenant_id` and `client_id`.
pub const MGP_CREDENTIAL_CLIENT_ASSERTION: i32 = 3;
/// mgp_credential_options.kind: a Kubernetes pod signs in with the token that the cluster writes to a file.
/// `assertion_file`, `tenant_id`, `client_id` and `authority` default to AZURE_FEDERATED_TOKEN_FILE, AZURE_TENANT_ID,
/// AZURE_CLIENT_ID and AZURE_AUTHORITY_HOST.
pub const MGP_CREDENTIAL_WORKLOAD_IDENTITY: i32 = 4;
/// mgp_credential_options.kind: a job of GitHub Actions signs in. The job needs the permission id-token: write.
/// `tenant_id` and `client_id` default to AZURE_TENANT_ID and AZURE_CLIENT_ID.
pub const MGP_CREDENTIAL_GITHUB_ACTIONS: i32 = 5;
/// mgp_credential_options.kind: a virtual machine, App Service, Function, Container App or machine of Azure Arc signs
/// in with its managed identity; `client_id` selects one, if there are several. Never uses a proxy.
pub const MGP_CREDENTIAL_MANAGED_IDENTITY: i32 = 6;
/// mgp_credential_options.kind: a person signs in with a browser on any device, with a code that `prompt` shows.
/// `tenant_id` and `client_id` default to "organizations" and to Microsoft Graph Command Line Tools.
pub const MGP_CREDENTIAL_DEVICE_CODE: i32 = 7;
/// mgp_credential_options.kind: a person signs in with the browser of this machine, which is redirected to a port on
/// loopback. The library opens the page (MGP_CREDENTIAL_FLAG_OPEN_BROWSER), or `prompt` does. The application needs
/// http://localhost as a redirect URI of "Mobile and desktop applications". The defaults are those of
/// MGP_CREDENTIAL_DEVICE_CODE.
pub const MGP_CREDENTIAL_INTERACTIVE_BROWSER: i32 = 8;
/// mgp_credential_options.kind: an application signs in with the environment variables that Azure's other tools read:
/// AZURE_TENANT_ID and AZURE_CLIENT_ID, with AZURE_CLIENT_SECRET, or AZURE_CLIENT_CERTIFICATE_PATH (and
/// AZURE_CLIENT_CERTIFICATE_PASSWORD, AZURE_CLIENT_SEND_CERTIFICATE_CHAIN), or AZURE_FEDERATED_TOKEN_FILE; and
/// AZURE_AUTHORITY_HOST. AZURE_USERNAME and AZURE_PASSWORD are refused.
pub const MGP_CREDENTIAL_ENVIRONMENT: i32 = 9;
/// mgp_credential_options.kind: the first credential in `chain` that is set up on this machine; without a chain, the
/// first of environment, workload identity and managed identity. If Entra refuses one that is set up, the sign-in
/// fails. Once a credential has signed in, it is always used. mgp_credential_about_json says which one, and why the
/// others were not used.
pub const MGP_CREDENTIAL_CHAIN: i32 = 10;

/// mgp_credential_options.flags: `authority` may be plain http if its host is on loopback, for an emulator.
pub const MGP_CREDENTIAL_FLAG_ALLOW_LOOPBACK_HTTP: u32 = 1;
/// mgp_credential_options.flags: the certificates are sent too (x5c), for an application that trusts a subject and an
/// issuer rather than one certificate.
pub const MGP_CREDENTIAL_FLAG_SEND_CERTIFICATE_CHAIN: u32 = 2;

/// mgp_credential_options.flags: the library opens the page of MGP_CREDENTIAL_INTERACTIVE_BROWSER with the system's
/// browser.
pub const MGP_CREDENTIAL_FLAG_OPEN_BROWSER: u32 = 4;

/// Signs `data`, `size` bytes, with the private key of the certificate: RSA-PSS with SHA-256 (PS256). It calls
/// mgp_token_sink_set_signature or mgp_token_sink_fail once and returns. `data` is valid until then.
///
/// It runs on a thread of its own, as mgp_token_fn does, so it may ask for a PIN.
pub type mgp_sign_fn = Option<
    unsafe extern "C" fn(
        user: *mut c_void,
        data: *const u8,
        size: u32,
        sink: *const mgp_token_sink,
    ),
>;

/// What a person must see in order to sign in. Valid until the prompt callback returns.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct mgp_prompt {
    /// sizeof(mgp_prompt) of the library, which may be larger than the caller's.
    pub struct_size: u32,
    /// The way to sign in: MGP_CREDENTIAL_DEVICE_CODE or MGP_CREDENTIAL_INTERACTIVE_BROWSER.
    pub kind: i32,
    /// The complete text to show.
    pub message: *const c_char,
    /// The page to open.
    pub url: *const c_char,
    /// The code to enter on the page; NULL with MGP_CREDENTIAL_INTERACTIVE_BROWSER.
    pub user_code: *const c_char,
    /// When the sign-in times out, in seconds since 1970.
    pub expires_unix_s: i64,
}

/// Shows a person how to sign in, and returns at once: 0, or any other number to end the sign-in with MGP_E_TOKEN. It
/// runs on a thread of its own.
pub type mgp_prompt_fn =
    Option<unsafe extern "C" fn(user: *mut c_void, prompt: *const mgp_prompt) -> i32>;

/// Receives each new refresh token of a person, to store it for later processes. It is as valuable as a password, so
/// store it where the system stores secrets. NULL: Entra no longer accepts the last token, so delete it.
/// `refresh_token` is valid until the function returns.
///
/// It runs on a thread of its own, one call at a time per credential. mgp_credential_sign_in waits for it within its
/// `timeout_ms`; a request does not wait. A short-lived program that stores the token therefore calls
/// mgp_credential_sign_in first.
pub type mgp_refresh_token_fn =
    Option<unsafe extern "C" fn(user: *mut c_void, refresh_token: *const c_char)>;

/// How a credential signs in. Start with MGP_CREDENTIAL_OPTIONS_INIT and set `kind`; zero and NULL are the defaults. A
/// field that the kind does not use is ignored. Texts and bytes are copied; secrets are wiped from memory when they are
/// no longer used, and never shown.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct mgp_credential_options {
    /// sizeof(mgp_credential_options), set by MGP_CREDENTIAL_OPTIONS_INIT.
    pub struct_size: u32,
    /// MGP_CREDENTIAL_...: how to sign in.
    pub kind: i32,
    /// MGP_CREDENTIAL_FLAG_... or 0.
    pub flags: u32,
    /// How long a person has to sign in, in ms; 0: 120 seconds. Kinds that do not ask a person ignore it.
    pub timeout_ms: u32,
    /// Global (the default), USGov, USGovDoD or BleuCloud: as for the client.
    pub cloud: *const c_char,
    /// The scheme, host and port to sign in at, in place of the cloud's login host. Secrets are not sent anywhere else.
    pub authority: *const c_char,
    /// The tenant: its id or one of its domains.
    pub tenant_id: *const c_char,
    /// The client id of the application. It is also the default for a session's sessionId.
    pub client_id: *const c_char,
    /// The permissions to ask for, separated by spaces; names without a resource (and so without a slash) are Graph's.
    /// NULL: everything that the application was granted, or Presence.ReadWrite if a person signs in.
    pub scopes: *const c_char,
    /// The value of a client secret, not its id.
    pub client_secret: *const c_char,
    /// A file with a certificate and its private key: PEM or PFX (PKCS #12). It is read again at each sign-in, so that
    /// it can be replaced.
    pub certificate_file: *const c_char,
    /// The bytes of such a file, in place of `certificate_file`; with `sign`, the certificate alone, in PEM or DER.
    pub certificate: *const u8,
    /// The password of the file or of its private key; NULL: none.
    pub certificate_password: *const c_char,
    /// Signs with the private key, so that the key can stay in a certificate store, a vault or a smart card; or NULL.
    pub sign: mgp_sign_fn,
    /// Fetches an assertion for each sign-in; or NULL. It is called like a token callback, but the expiry that it sets
    /// is ignored.
    pub assertion: mgp_token_fn,
    /// A file with the assertion, which another program keeps up to date. It is read again at each sign-in.
    pub assertion_file: *const c_char,
    /// The assertion itself, a JWT. The credential can sign in until it expires.
    pub client_assertion: *const c_char,
    /// Shows a person how to sign in. Required for MGP_CREDENTIAL_DEVICE_CODE.
    pub prompt: mgp_prompt_fn,
    /// The account that a person is to sign in with, so that they need not choose one; or NULL.
    pub login_hint: *const c_char,
    /// A refresh token of an earlier sign-in, which is tried before a person is asked; or NULL.
    pub refresh_token: *const c_char,
    /// Receives each new refresh token; or NULL.
    pub refresh_token_changed: mgp_refresh_token_fn,
    /// An HTTP proxy for https; "" and NULL: see mgp_client_options.
    pub proxy_url: *const c_char,
    /// A PEM file of certificates to trust in addition to the system's; see mgp_client_options.
    pub ca_file: *const c_char,
    /// Environment variables to read in place of the process environment, each "NAME=value", for a host with its own,
    /// such as .NET; NULL: those of the process. They may also name a proxy; see mgp_client_options.
    pub environment: *const *const c_char,
    /// The credentials of a chain, in the order in which they are tried. They may be freed before the chain. Chains can be
    /// nested 16 deep.
    pub chain: *const *const mgp_credential,
    /// Passed to the callbacks of this struct. The library owns it if mgp_credential_new succeeds.
    pub user: *mut c_void,
    /// Called once with `user` after the last use; or NULL.
    pub drop: mgp_drop_fn,
    /// The length of `certificate`, in bytes.
    pub certificate_size: u32,
    /// The number of variables in `environment`.
    pub environment_count: u32,
    /// The number of credentials in `chain`.
    pub chain_count: u32,
    /// The port on loopback that a browser is redirected to; 0: any free port.
    pub redirect_port: u32,
}

// SAFETY: repr(C), struct_size first, integers and pointers only; the functions are nullable pointers.
unsafe impl Versioned for mgp_credential_options {
    const NAME: &'static str = "mgp_credential_options";
}

/// The options with their texts read.
struct Options<'a> {
    raw: mgp_credential_options,
    cloud: Cloud,
    authority: Option<&'a str>,
    tenant_id: Option<&'a str>,
    client_id: Option<&'a str>,
    scopes: Option<&'a str>,
    client_secret: Option<&'a str>,
    certificate_file: Option<&'a str>,
    certificate: Option<&'a [u8]>,
    certificate_password: Option<&'a str>,
    assertion_file: Option<&'a str>,
    client_assertion: Option<&'a str>,
    login_hint: Option<&'a str>,
    refresh_token: Option<&'a str>,
    environment: Option<Vec<(&'a str, &'a str)>>,
    chain: Vec<&'a mgp_credential>,
    proxy_url: Option<&'a str>,
    ca_file: Option<&'a str>,
    host: Arc<Host>,
}

/// The options as the caller passed them.
struct OptionsArg<'a>(InStruct<'a, mgp_credential_options>);

impl<'a> OptionsArg<'a> {
    /// # Safety
    /// `options` is as the header's chapter "Arguments" says, and so is all that it points to, for `'a`.
    unsafe fn new(options: *const mgp_credential_options) -> Self {
        // SAFETY: by the function's own condition.
        Self(unsafe { InStruct::new(options) })
    }

    fn read(&self) -> Result<Options<'a>, Error> {
        let raw = self.0.read()?.ok_or(ArgumentFailure::Null("options"))?;
        // SAFETY: by the condition of `new`.
        let text = |pointer, name| unsafe { Text::new(pointer) }.optional(name);
        let host = Arc::new(Host::lent(raw.user, raw.drop));
        Ok(Options {
            raw,
            cloud: text(raw.cloud, "cloud")?.map_or(Ok(Cloud::Global), Cloud::named)?,
            authority: text(raw.authority, "authority")?,
            tenant_id: text(raw.tenant_id, "tenant_id")?,
            client_id: text(raw.client_id, "client_id")?,
            scopes: text(raw.scopes, "scopes")?,
            client_secret: text(raw.client_secret, "client_secret")?,
            certificate_file: text(raw.certificate_file, "certificate_file")?,
            // SAFETY: as above.
            certificate: unsafe { Bytes::new(raw.certificate, raw.certificate_size) }
                .optional("certificate")?,
            certificate_password: text(raw.certificate_password, "certificate_password")?,
            assertion_file: text(raw.assertion_file, "assertion_file")?,
            client_assertion: text(raw.client_assertion, "client_assertion")?,
            login_hint: text(raw.login_hint, "login_hint")?,
            refresh_token: text(raw.refresh_token, "refresh_token")?,
            // SAFETY: as above.
            environment: unsafe { environment(raw.environment, raw.environment_count) }?,
            // SAFETY: as above.
            chain: unsafe { chain(raw.chain, raw.chain_count) }?,
            proxy_url: text(raw.proxy_url, "proxy_url")?,
            ca_file: text(raw.ca_file, "ca_file")?,
            host,
        })
    }
}

/// # Safety
/// `pointer` is as the header's chapter "Arguments" says, for `'a`.
unsafe fn chain<'a>(
    pointer: *const *const mgp_credential,
    count: u32,
) -> Result<Vec<&'a mgp_credential>, ArgumentFailure> {
    // SAFETY: by the function's own condition.
    let links = unsafe { array(pointer, count, "chain") }?.iter();
    // SAFETY: as above.
    links.map(|link| unsafe { In::new(*link) }.required("chain")).collect()
}

const FLAGS: u32 = MGP_CREDENTIAL_FLAG_ALLOW_LOOPBACK_HTTP
    | MGP_CREDENTIAL_FLAG_SEND_CERTIFICATE_CHAIN
    | MGP_CREDENTIAL_FLAG_OPEN_BROWSER;

impl Options<'_> {
    fn build(&self) -> Result<Credential, Error> {
        if self.raw.flags & !FLAGS != 0 {
            let reason = format!("is {:#x}. Use MGP_CREDENTIAL_FLAG_... or 0", self.raw.flags);
            return Err(ArgumentFailure::Option { name: "flags", reason }.into());
        }
        let (tenant_id, client_id) =
            (self.tenant_id.unwrap_or_default(), self.client_id.unwrap_or_default());
        match self.raw.kind {
            MGP_CREDENTIAL_CLIENT_SECRET => {
                let secret = self.client_secret.unwrap_or_default();
                self.with(Credential::client_secret(tenant_id, client_id, secret))
            }
            MGP_CREDENTIAL_CLIENT_CERTIFICATE => {
                let certificate = self.certificate()?;
                let builder = Credential::client_certificate(tenant_id, client_id, certificate);
                self.with(match self.has(MGP_CREDENTIAL_FLAG_SEND_CERTIFICATE_CHAIN) {
                    true => builder.send_certificate_chain(),
                    false => builder,
                })
            }
            MGP_CREDENTIAL_CLIENT_ASSERTION => self.with_assertion(tenant_id, client_id),
            MGP_CREDENTIAL_WORKLOAD_IDENTITY => {
                let builder = Credential::workload_identity();
                self.with(match self.assertion_file {
                    Some(path) => builder.token_file(path),
                    None => builder,
                })
            }
            MGP_CREDENTIAL_GITHUB_ACTIONS => {
                self.with(Credential::github_actions(tenant_id, client_id))
            }
            MGP_CREDENTIAL_MANAGED_IDENTITY => self.with(Credential::managed_identity()),
            MGP_CREDENTIAL_DEVICE_CODE => {
                let show = self.prompt().ok_or(AuthFailure::Missing { name: "prompt" })?;
                self.with(self.with_refresh_token(Credential::device_code(show)))
            }
            MGP_CREDENTIAL_INTERACTIVE_BROWSER => self.with_browser(),
            MGP_CREDENTIAL_ENVIRONMENT => self.with(Credential::environment()),
            MGP_CREDENTIAL_CHAIN => {
                let links = self.chain.iter().map(|link| link.credential.clone());
                self.with(Credential::chain(links))
            }
            given => Err(ArgumentFailure::Number { what: "kind", given }.into()),
        }
    }

    fn has(&self, flag: u32) -> bool {
        self.raw.flags & flag != 0
    }

    fn with<K: Way + 'static>(&self, builder: CredentialBuilder<K>) -> Result<Credential, Error> {
        self.finish(builder.into_way())
    }

    /// Sets the common options. It is not generic, so that it is compiled once and not for each kind.
    fn finish(&self, way: Box<dyn AnyWay>) -> Result<Credential, Error> {
        let mut builder = CredentialBuilder::any(way).cloud(self.cloud);
        if self.has(MGP_CREDENTIAL_FLAG_ALLOW_LOOPBACK_HTTP) {
            builder = builder.allow_loopback_http();
        }
        if let Some(url) = self.authority {
            builder = builder.authority(url);
        }
        if let Some(id) = self.tenant_id {
            builder = builder.tenant_id(id);
        }
        if let Some(id) = self.client_id {
            builder = builder.client_id(id);
        }
        if let Some(scopes) = self.scopes {
            builder = builder.scopes(scopes.split_whitespace());
        }
        if let Some(url) = self.proxy_url {
            builder = builder.proxy_url(url);
        }
        if let Some(path) = self.ca_file {
            builder = builder.ca_file(path);
        }
        if let Some(variables) = &self.environment {
            builder = builder.environment(variables.iter().copied());
        }
        if self.raw.timeout_ms != 0 {
            builder = builder.timeout(Duration::from_millis(self.raw.timeout_ms.into()));
        }
        builder.build()
    }

    fn with_assertion(&self, tenant_id: &str, client_id: &str) -> Result<Credential, Error> {
        let file = self.assertion_file;
        if let Some(fetch) = self.raw.assertion {
            let (host, mask) = (Arc::clone(&self.host), HostMask::here());
            let assertion = move || {
                // SAFETY: the header says that the function takes this pointer, and the sink until it returns.
                let ask = |sink| unsafe { fetch(host.user(), sink) };
                Ok(mgp_token_sink::ask(mask, ask)?.token()?.text().to_string())
            };
            self.with(Credential::client_assertion(tenant_id, client_id, assertion))
        } else if let Some(path) = file {
            self.with(Credential::client_assertion_file(tenant_id, client_id, path))
        } else {
            let text = self.client_assertion.ok_or(AuthFailure::Missing { name: "assertion" })?;
            self.with(ClientAssertion::of_text(text))
        }
    }

    fn with_browser(&self) -> Result<Credential, Error> {
        let port = u16::try_from(self.raw.redirect_port).map_err(|_| {
            let reason = format!("is {}. Give a port up to 65535", self.raw.redirect_port);
            ArgumentFailure::Option { name: "redirect_port", reason }
        })?;
        let mut builder = Credential::interactive_browser().redirect_port(port);
        if let Some(show) = self.prompt() {
            builder = builder.prompt(show);
        }
        if self.has(MGP_CREDENTIAL_FLAG_OPEN_BROWSER) {
            builder = builder.open_browser();
        }
        if let Some(account) = self.login_hint {
            builder = builder.login_hint(account);
        }
        self.with(self.with_refresh_token(builder))
    }

    fn prompt(&self) -> Option<impl Fn(&Prompt) -> Result<(), String> + Send + Sync + 'static> {
        let show = self.raw.prompt?;
        let (host, mask) = (Arc::clone(&self.host), HostMask::here());
        Some(move |prompt: &Prompt| {
            let text = CText::new;
            let (message, url) = (text(&prompt.message), text(&prompt.url));
            let user_code = prompt.user_code.as_deref().map(text);
            let shown = mgp_prompt {
                struct_size: size_of::<mgp_prompt>() as u32,
                kind: match user_code {
                    Some(_) => MGP_CREDENTIAL_DEVICE_CODE,
                    None => MGP_CREDENTIAL_INTERACTIVE_BROWSER,
                },
                message: message.as_ptr(),
                url: url.as_ptr(),
                user_code: user_code.as_ref().map_or(std::ptr::null(), CText::as_ptr),
                expires_unix_s: unix_seconds(prompt.expires),
            };
            // SAFETY: the header says that the function takes these pointers, and the prompt until it returns.
            match mask.run(|| unsafe { show(host.user(), &raw const shown) }) {
                0 => Ok(()),
                number => Err(format!("the prompt callback returned {number}")),
            }
        })
    }

    fn with_refresh_token<K: AsksPerson>(
        &self,
        mut builder: CredentialBuilder<K>,
    ) -> CredentialBuilder<K> {
        if let Some(token) = self.refresh_token {
            builder = builder.refresh_token(token);
        }
        if let Some(changed) = self.raw.refresh_token_changed {
            let (host, mask) = (Arc::clone(&self.host), HostMask::here());
            builder = builder.on_refresh_token(move |token| {
                let text = token.map(|token| zeroize::Zeroizing::new(format!("{token}\0")));
                let pointer = text.as_ref().map_or(std::ptr::null(), |text| text.as_ptr());
                // SAFETY: the header says that the function takes these pointers, and the token until it returns.
                mask.run(|| unsafe { changed(host.user(), pointer.cast()) });
            });
        }
        builder
    }

    fn certificate(&self) -> Result<Certificate, Error> {
        let certificate = match (self.raw.sign, self.certificate, self.certificate_file) {
            (Some(sign), Some(bytes), _) => {
                let (host, mask) = (Arc::clone(&self.host), HostMask::here());
                Certificate::from_signer(bytes, move |data| {
                    let size = u32::try_from(data.len()).map_err(|_| "too much to sign")?;
                    // SAFETY: the header says that the function takes these pointers, and the last two until it
                    // returns.
                    let ask = |sink| unsafe { sign(host.user(), data.as_ptr(), size, sink) };
                    mgp_token_sink::ask(mask, ask)?.signature()
                })
            }
            (Some(_), None, _) => return Err(AuthFailure::Missing { name: "certificate" }.into()),
            (None, Some(bytes), _) => Certificate::from_bytes(bytes),
            (None, None, Some(path)) => Certificate::from_file(path),
            (None, None, None) => {
                return Err(AuthFailure::Missing { name: "certificate_file" }.into());
            }
        };
        Ok(match self.certificate_password {
            Some(password) => certificate.password(password),
            None => certificate,
        })
    }
}

fn unix_seconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Creates a credential that signs in. Nothing is read or sent before the first request that needs a token, or
/// mgp_credential_sign_in.
///
/// A token is kept in memory until it expires, and renewed before that, by one sign-in however many threads need it. A
/// sign-in runs on a thread of its own. A request waits for it no longer than its own timeout. If a renewal fails, the
/// last token is used until it expires. If Graph demands further claims (a claims challenge), the credential signs in
/// once more with them.
///
/// A request that fails because of the sign-in returns a status from 30 to 36. mgp_error_graph_code is then the code of
/// Microsoft Entra, such as "AADSTS7000215", and mgp_error_message says what to do. If the login host cannot be reached,
/// it returns a status from 20 to 26, and if a variable of the environment cannot be used, MGP_E_OPTION.
///
/// `options`: see mgp_credential_options. `out`: receives the credential. Returns MGP_OK, MGP_E_NULL_ARGUMENT,
/// MGP_E_UTF8, MGP_E_STRUCT_SIZE, MGP_E_OPERATION (an unknown kind), MGP_E_OPTION (a field that is missing or cannot be
/// used) or MGP_E_CLOUD.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgp_credential_new(
    options: *const mgp_credential_options,
    out: *mut *mut mgp_credential,
    error: *mut *mut mgp_error,
) -> mgp_status {
    // SAFETY: by the header's chapter "Arguments".
    let (options, out, error) =
        unsafe { (OptionsArg::new(options), Out::new(out), Out::new(error)) };
    entry(error, || {
        let out = out.required("out")?;
        let options = options.read()?;
        let credential = options.build()?;
        options.host.own();
        out.put(mgp_credential::new(credential));
        Ok(())
    })
}
