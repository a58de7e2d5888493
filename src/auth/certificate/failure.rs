//! Why a certificate cannot be used. Nothing was sent in any of these cases.

use std::fmt;

use crate::error::Cause;
use crate::quoted::{Quoted, Truncated};
use crate::status::Status;

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum CertificateFailure {
    /// A file cannot be read.
    File {
        path: Box<str>,
        reason: String,
    },
    Unreadable,
    Password,
    NoPassword,
    OldPem,
    Algorithm {
        what: String,
    },
    NoCertificate,
    NoKey,
    Ec,
    NotRsa,
    OtherKey,
    KeyRefused,
    Signature,
}

impl Cause for CertificateFailure {
    fn status(&self) -> Status {
        Status::Certificate
    }
}

impl fmt::Display for CertificateFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::File { path, reason } => {
                return write!(
                    f,
                    "Certificate file \"{}\" cannot be read: {}.",
                    Quoted(path),
                    Truncated(reason)
                );
            }
            Self::Algorithm { what } => {
                return write!(
                    f,
                    "The certificate's key is encrypted in a way that is not supported ({}). Export it again \
                     with AES-256.",
                    Truncated(what)
                );
            }
            Self::Unreadable => {
                "The certificate is neither PEM nor PFX (PKCS #12). Export it again, with its private key."
            }
            Self::Password => {
                "The password does not open the certificate, or the file is damaged. Check `certificate_password`."
            }
            Self::NoPassword => {
                "The certificate's key is protected by a password. Give `certificate_password`."
            }
            Self::OldPem => {
                "The certificate's key is encrypted in the way before PKCS #8. Convert it with openssl pkcs8 -topk8."
            }
            Self::NoCertificate => "There is no certificate beside the key. Give both in one file.",
            Self::NoKey => {
                "There is no private key beside the certificate. Export the certificate with its private key."
            }
            Self::Ec => {
                "The certificate has a key for an elliptic curve, and Microsoft Entra takes RSA only. Use a \
                 certificate with an RSA key of 2048 bits or more."
            }
            Self::NotRsa => {
                "The certificate has no RSA key, and Microsoft Entra takes no other. Use a certificate with an RSA \
                 key of 2048 bits or more."
            }
            Self::OtherKey => {
                "The private key does not belong to any of the certificates in the file. Export both together."
            }
            Self::KeyRefused => {
                "The private key cannot be used: it is damaged, or not an RSA key of 2048 to 4096 bits."
            }
            Self::Signature => {
                "The certificate's signature does not have the length of its key. Sign with RSA-PSS and SHA-256."
            }
        };
        f.write_str(text)
    }
}
