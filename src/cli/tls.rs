//! TLS with a certificate made at start, for this machine alone: conformance suites ask for https. It proves nothing to anybody.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::{Exit, Failure};

/// An acceptor with a fresh certificate for `localhost` and the address listened on.
///
/// # Errors
/// The address is not this machine's own, or the certificate cannot be made.
pub(super) fn self_signed(address: SocketAddr) -> Result<TlsAcceptor, Failure> {
    if !address.ip().is_loopback() {
        return Err(Failure::new(
            Exit::Invalid,
            "--tls-self-signed is for this machine only: listen on 127.0.0.1, or put a proxy with a real certificate in front",
        ));
    }
    let failed =
        |why: &dyn std::fmt::Display| Failure::new(Exit::Failure, format!("no certificate could be made: {why}"));
    let names = vec!["localhost".to_owned(), address.ip().to_string()];
    let made = rcgen::generate_simple_self_signed(names).map_err(|e| failed(&e))?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| failed(&e))?
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .map_err(|e| failed(&e))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
