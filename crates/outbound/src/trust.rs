//! Whom outgoing TLS trusts: the authorities of this machine, and the well-known ones where the machine has none.

use rustls::{ClientConfig, RootCertStore, crypto::ring};
use std::sync::{Arc, OnceLock};

/// What is used for every outgoing connection of HTTP. Read once, when first needed.
pub fn client_config() -> ClientConfig {
    static CONFIG: OnceLock<ClientConfig> = OnceLock::new();
    CONFIG.get_or_init(build).clone()
}

fn build() -> ClientConfig {
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider knows the versions that are the default")
        .with_root_certificates(roots())
        .with_no_client_auth()
}

fn roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let machine = rustls_native_certs::load_native_certs();
    for error in &machine.errors {
        tracing::debug!(%error, "a certificate authority of this machine cannot be read");
    }
    roots.add_parsable_certificates(machine.certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    roots
}
