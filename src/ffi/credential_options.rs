//! `mgp_credential_options`: every way to sign in, by one constructor.

use std::ffi::{c_char, c_void};
use std::sync::Arc;
use std::time::Duration;

use super::args::{Bytes, InStruct, Out, Text, Versioned};
use super::argument::ArgumentFailure;
use super::credential::{mgp_credential, mgp_token_sink};
use super::entry::entry;
use super::error::mgp_error;
use super::host::{Host, mgp_drop_fn};
use super::signals::HostMask;
use super::status::mgp_status;
use crate::auth::{Certificate, Credential, CredentialBuilder, Way};
use crate::error::Error;
use crate::transport::Cloud;

/// mgp_credential_options.kind: an application signs in as itself with `client_secret`. Needs `tenant_id` and `client_id`.
pub const MGP_CREDENTIAL_CLIENT_SECRET: i32 = 1;
/// mgp_credential_options.kind: an application signs in as itself with a certificate: `certificate_file`, or `certificate`, or
/// `certificate` and `sign`. Needs `tenant_id` and `client_id`. Entra takes RSA keys only; another one returns
/// MGP_E_CERTIFICATE before anything is sent.
pub const MGP_CREDENTIAL_CLIENT_CERTIFICATE: i32 = 2;

/// mgp_credential_options.flags: `authority` may be plain http if its host is on loopback, for an emulator.
pub const MGP_CREDENTIAL_FLAG_ALLOW_LOOPBACK_HTTP: u32 = 1;
/// mgp_credential_options.flags: the certificates are sent too (x5c), for an application that trusts a subject and an issuer
/// rather than one certificate.
pub const MGP_CREDENTIAL_FLAG_SEND_CERTIFICATE_CHAIN: u32 = 2;

/// Signs `data`, `size` bytes, with the private key of the certificate: RSA-PSS with SHA-256 (PS256). It calls
/// mgp_token_sink_set_signature or mgp_token_sink_fail once and returns. `data` is valid until then.
///
/// It runs on a thread of its own, as mgp_token_fn does, so that it may ask for a PIN.
pub type mgp_sign_fn = Option<
    unsafe extern "C" fn(
        user: *mut c_void,
        data: *const u8,
        size: u32,
        sink: *const mgp_token_sink,
    ),
>;

/// How a credential signs in. Start with MGP_CREDENTIAL_OPTIONS_INIT and set `kind`; zero and NULL are the defaults. A field that
/// the kind does not use is ignored. Texts and bytes are copied; secrets are wiped from memory when they are no longer used,
/// and never shown.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct mgp_credential_options {
    /// sizeof(mgp_credential_options), set by MGP_CREDENTIAL_OPTIONS_INIT.
    pub struct_size: u32,
    /// MGP_CREDENTIAL_...: how to sign in.
    pub kind: i32,
    /// MGP_CREDENTIAL_FLAG_... or 0.
    pub flags: u32,
    /// How long a person has to sign in, in ms; 0: 120 seconds. It has no effect where nobody is asked.
    pub timeout_ms: u32,
    /// Global (the default), USGov, USGovDoD or BleuCloud: as for the client.
    pub cloud: *const c_char,
    /// Scheme, host and port to sign in at, in place of the cloud's login host. Secrets are sent nowhere else.
    pub authority: *const c_char,
    /// The tenant: its id or one of its domains.
    pub tenant_id: *const c_char,
    /// The client id of the application. It is also the default for a session's sessionId.
    pub client_id: *const c_char,
    /// What to ask for, separated by spaces; names without a resource are Graph's. NULL: all that the application was granted.
    pub scopes: *const c_char,
    /// The value of a client secret, not its id.
    pub client_secret: *const c_char,
    /// A file with a certificate and its private key: PEM or PFX (PKCS #12). It is read again at each sign-in, so that it can
    /// be replaced.
    pub certificate_file: *const c_char,
    /// The bytes of such a file, in place of `certificate_file`; with `sign`, the certificate alone, in PEM or DER.
    pub certificate: *const u8,
    /// The password of the file or of its private key; NULL: none.
    pub certificate_password: *const c_char,
    /// An HTTP proxy for https; "" and NULL: see mgp_client_options.
    pub proxy_url: *const c_char,
    /// A PEM file of certificates to trust in addition to the system's; see mgp_client_options.
    pub ca_file: *const c_char,
    /// Signs in place of a private key in the file, so that the key can stay in a store, a vault or a card; or NULL.
    pub sign: mgp_sign_fn,
    /// Passed to the callbacks of this struct. The library owns it if mgp_credential_new succeeds.
    pub user: *mut c_void,
    /// Called once with `user` after the last use; or NULL.
    pub drop: mgp_drop_fn,
    /// How many bytes `certificate` has.
    pub certificate_size: u32,
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
    proxy_url: Option<&'a str>,
    ca_file: Option<&'a str>,
    host: Arc<Host>,
}

/// The options as they come.
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
            proxy_url: text(raw.proxy_url, "proxy_url")?,
            ca_file: text(raw.ca_file, "ca_file")?,
            host,
        })
    }
}

const FLAGS: u32 =
    MGP_CREDENTIAL_FLAG_ALLOW_LOOPBACK_HTTP | MGP_CREDENTIAL_FLAG_SEND_CERTIFICATE_CHAIN;

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
            given => Err(ArgumentFailure::Number { what: "kind", given }.into()),
        }
    }

    fn has(&self, flag: u32) -> bool {
        self.raw.flags & flag != 0
    }

    /// What all kinds have in common.
    fn with<K: Way>(&self, mut builder: CredentialBuilder<K>) -> Result<Credential, Error> {
        builder = builder.cloud(self.cloud);
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
        if self.raw.timeout_ms != 0 {
            builder = builder.timeout(Duration::from_millis(self.raw.timeout_ms.into()));
        }
        builder.build()
    }

    fn certificate(&self) -> Result<Certificate, Error> {
        let certificate = match (self.raw.sign, self.certificate, self.certificate_file) {
            (Some(sign), Some(bytes), _) => {
                let (host, mask) = (Arc::clone(&self.host), HostMask::here());
                Certificate::from_signer(bytes, move |data| {
                    let size = u32::try_from(data.len()).map_err(|_| "too much to sign")?;
                    // SAFETY: the header says that the function takes these pointers, and the last two until it returns.
                    let ask = |sink| unsafe { sign(host.user(), data.as_ptr(), size, sink) };
                    mgp_token_sink::ask(mask, ask)?.signature()
                })
            }
            (Some(_), None, _) => return Err(ArgumentFailure::Null("certificate").into()),
            (None, Some(bytes), _) => Certificate::from_bytes(bytes),
            (None, None, Some(path)) => Certificate::from_file(path),
            (None, None, None) => return Err(ArgumentFailure::Null("certificate_file").into()),
        };
        Ok(match self.certificate_password {
            Some(password) => certificate.password(password),
            None => certificate,
        })
    }
}

/// Creates a credential that signs in. Nothing is read or sent before the first request that needs a token, or
/// mgp_credential_sign_in.
///
/// A token is kept in memory until it expires, and renewed before: by one request, however many threads ask. A sign-in runs
/// on a thread of its own. A request waits for it no longer than its own timeout. If a renewal fails, the last token is used
/// until it expires. Where Graph asks for more proof (a claims challenge), the credential signs in once more with it.
///
/// A request that fails because of the sign-in returns a status from 30 to 36. mgp_error_graph_code is then the code of
/// Microsoft Entra, such as "AADSTS7000215", and mgp_error_message says what to do.
///
/// `options`: see mgp_credential_options. `out`: receives the credential. Returns MGP_OK, MGP_E_NULL_ARGUMENT, MGP_E_UTF8,
/// MGP_E_STRUCT_SIZE, MGP_E_OPERATION (an unknown kind), MGP_E_OPTION (a field that is missing or cannot be used) or MGP_E_CLOUD.
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
