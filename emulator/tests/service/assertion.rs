//! Client assertions for the tests: signed with the key of tests/data, which is good for nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair};
use serde_json::Value;

pub(crate) const CERTIFICATE: &str = include_str!("../data/client-certificate.pem");
pub(crate) const OTHER_CERTIFICATE: &str = include_str!("../data/other-certificate.pem");
pub(crate) const PUBLIC_KEY: &str = include_str!("../data/client-public-key.pem");
const KEY: &str = include_str!("../data/client-key.pem");

/// The bytes within a PEM file.
fn der(pem: &str) -> Vec<u8> {
    let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(text).expect("a PEM file of tests/data")
}

/// `x5t#S256` of a certificate.
pub(crate) fn thumbprint(pem: &str) -> String {
    URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, &der(pem)))
}

/// A JWT with this header and these claims; `alg` says how it is signed.
pub(crate) fn sign(header: &Value, claims: &Value) -> String {
    let key = RsaKeyPair::from_pkcs8(&der(KEY)).expect("a key of tests/data");
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encode(header), encode(claims));
    let mut signature = vec![0; key.public().modulus_len()];
    let random = SystemRandom::new();
    match header["alg"].as_str() {
        Some("PS256") => key.sign(&RSA_PSS_SHA256, &random, signed.as_bytes(), &mut signature),
        _ => key.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature),
    }
    .expect("the key is long enough");
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}
