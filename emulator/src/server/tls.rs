//! https with a certificate authority that exists only while the emulator runs. Its certificate is written to a file for
//! clients to trust; its key is never written.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::ring::rand::{SecureRandom as _, SystemRandom};
use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{self, ServerConfig};

/// The TLS alert with which a server refuses a handshake: alert record, TLS 1.2, fatal handshake_failure.
const HANDSHAKE_FAILURE: [u8; 7] = [21, 3, 3, 0, 2, 2, 40];

/// The file with the authority's certificate, deleted on drop. A process that is killed leaves it behind.
#[derive(Debug)]
pub(crate) struct CaFile(PathBuf);

impl CaFile {
    fn write(pem: &str) -> io::Result<Self> {
        // A process that was killed leaves its file, and in a container the next one has the same id and port.
        let mut number = [0; 8];
        SystemRandom::new().fill(&mut number).expect("the system has random bytes");
        let number = u64::from_le_bytes(number);
        let path = std::env::temp_dir().join(format!("mgpresence-emulator-{number:016x}.pem"));
        // Do not follow a link that another user may have created.
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        file.and_then(|mut file| file.write_all(pem.as_bytes())).map_err(|error| {
            io::Error::new(error.kind(), format!("{} cannot be written: {error}", path.display()))
        })?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for CaFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Creates an authority and a certificate for the loopback names and `address`.
pub(crate) fn acceptor(address: IpAddr) -> io::Result<(TlsAcceptor, CaFile)> {
    let authority_key = KeyPair::generate().map_err(io::Error::other)?;
    let authority = authority().map_err(io::Error::other)?;
    let authority_pem = authority.self_signed(&authority_key).map_err(io::Error::other)?.pem();
    let issuer = Issuer::new(authority, authority_key);

    let key = KeyPair::generate().map_err(io::Error::other)?;
    let certificate = server(address)
        .and_then(|params| params.signed_by(&key, &issuer))
        .map_err(io::Error::other)?;
    let private = PrivateKeyDer::try_from(key.serialize_der()).map_err(io::Error::other)?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], private)
        })
        .map_err(|error: rustls::Error| io::Error::other(error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];

    let ca_file = CaFile::write(&authority_pem)?;
    Ok((Arc::new(config).into(), ca_file))
}

/// Reads the ClientHello and refuses the handshake.
pub(super) async fn refuse(mut stream: TcpStream) {
    let _ = stream.read(&mut [0; 4096]).await;
    let _ = stream.write_all(&HANDSHAKE_FAILURE).await;
    let _ = stream.shutdown().await;
}

fn authority() -> Result<CertificateParams, rcgen::Error> {
    let mut params = valid_for_a_year(CertificateParams::new(Vec::new())?);
    params.distinguished_name.push(DnType::CommonName, "mgpresence-emulator, for tests only");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn server(address: IpAddr) -> Result<CertificateParams, rcgen::Error> {
    let names =
        ["localhost", "127.0.0.1", "::1"].into_iter().map(Into::into).chain([address.to_string()]);
    let mut params = valid_for_a_year(CertificateParams::new(names.collect::<Vec<String>>())?);
    params.distinguished_name.push(DnType::CommonName, "localhost");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// The validity period. Some verifiers reject certificates that are valid for longer, and clocks can differ by hours.
fn valid_for_a_year(mut params: CertificateParams) -> CertificateParams {
    let day = |days: i64| {
        let date = (Timestamp::now() + SignedDuration::from_hours(24 * days))
            .strftime("%Y %m %d")
            .to_string();
        let mut numbers = date.split(' ').map(|number| number.parse::<u16>().expect("digits"));
        let mut next = || numbers.next().expect("three numbers");
        let (year, month, day) = (next(), next(), next());
        date_time_ymd(year.into(), month as u8, day as u8)
    };
    (params.not_before, params.not_after) = (day(-1), day(365));
    params
}

#[cfg(test)]
mod tests {
    use super::CaFile;

    /// As the file of a process that was killed does, whose id and port the next one has.
    #[test]
    fn a_file_that_was_left_behind_is_in_nobodys_way() {
        let left = CaFile::write("old").unwrap();
        let next = CaFile::write("new").unwrap();
        assert_eq!(std::fs::read_to_string(next.path()).unwrap(), "new");
        assert_eq!(std::fs::read_to_string(left.path()).unwrap(), "old");
    }
}
