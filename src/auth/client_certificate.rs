//! A client certificate: an application signs in as itself with an assertion that it signs with its private key.
//! <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use ring::digest;
use serde_json::{Value, json};

use super::attempt::Attempt;
use super::builder::{CredentialBuilder, Way};
use super::certificate::{Certificate, Signer};
use super::client_assertion::with_assertion;
use super::entra::Entra;
use super::form::Form;
use super::options::Options;
use super::sign_in::{Identity, SignIn};
use super::{AccessToken, Credential};
use crate::error::Error;
use crate::token::Secret;
use crate::transport::new_guid;

/// Signs in with a client certificate; see [`Credential::client_certificate`].
#[derive(Debug)]
pub struct ClientCertificate {
    certificate: Certificate,
    sends_chain: bool,
}

impl Credential {
    /// An application signs in as itself with a certificate. The certificate is registered with the application, and
    /// its private key never leaves this machine. Entra accepts RSA keys only.
    ///
    /// # Example
    /// ```
    /// use mgpresence::{Certificate, Client, Credential};
    ///
    /// let certificate = Certificate::from_file("/etc/presence/client.pem");
    /// let credential = Credential::client_certificate(
    ///     "contoso.onmicrosoft.com",
    ///     "22553876-f5ab-4529-bffb-cfe50aa89f87",
    ///     certificate,
    /// )
    /// .build()?; // reads nothing yet
    /// let client = Client::builder().credential(credential).build()?;
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    ///
    /// # Errors
    /// A request fails with [`Status::Certificate`](crate::Status::Certificate) if the certificate cannot be read or
    /// used, before anything is sent.
    pub fn client_certificate(
        tenant_id: &str,
        client_id: &str,
        certificate: Certificate,
    ) -> CredentialBuilder<ClientCertificate> {
        CredentialBuilder::of(ClientCertificate::of(certificate, false))
            .tenant_id(tenant_id)
            .client_id(client_id)
    }
}

impl CredentialBuilder<ClientCertificate> {
    /// Sends the certificates too (`x5c`), for an application that trusts a subject and an issuer rather than one
    /// certificate.
    #[must_use]
    pub fn send_certificate_chain(mut self) -> Self {
        self.kind.sends_chain = true;
        self
    }
}

impl ClientCertificate {
    pub(super) fn of(certificate: Certificate, sends_chain: bool) -> Self {
        Self { certificate, sends_chain }
    }
}

impl Way for ClientCertificate {
    fn sign_in(self, options: &Options) -> Result<Box<dyn SignIn>, Error> {
        let entra = Entra::new(options, options.tenant_id()?, options.client_id()?)?;
        Ok(Box::new(ByCertificate { entra, kind: self }))
    }
}

struct ByCertificate {
    entra: Entra,
    kind: ClientCertificate,
}

impl SignIn for ByCertificate {
    fn token(&self, attempt: &Attempt) -> Result<AccessToken, Error> {
        let signer = self.kind.certificate.load()?;
        let assertion = self.assertion(&signer, SystemTime::now())?;
        let form =
            Form::new("client_credentials").with("scope", &self.entra.options.application_scope());
        self.entra.token(attempt, with_assertion(form, &assertion))
    }

    fn identity(&self) -> Identity {
        self.entra.identity("clientCertificate")
    }
}

impl ByCertificate {
    /// A signed JWT that identifies the application, valid for ten minutes.
    fn assertion(&self, signer: &Signer<'_>, now: SystemTime) -> Result<Secret, Error> {
        const LIFE_SECONDS: u64 = 600;
        let certificate = signer.certificate();
        let thumbprint =
            BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, certificate));
        let mut header = json!({"alg": "PS256", "typ": "JWT", "x5t#S256": thumbprint});
        if self.kind.sends_chain {
            let chain = signer.chain.iter().map(|it| Value::from(BASE64_STANDARD.encode(it)));
            header["x5c"] = chain.collect();
        }
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let id = &self.entra.client_id;
        let claims = json!({
            "aud": self.entra.token_url()?.as_str(),
            "iss": id,
            "sub": id,
            "jti": new_guid(),
            "iat": now,
            "nbf": now,
            "exp": now + LIFE_SECONDS,
        });
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature = BASE64_URL_SAFE_NO_PAD.encode(signer.sign(signed.as_bytes())?);
        Ok(Secret::new(&format!("{signed}.{signature}")))
    }
}
