//! Opaque bearer tokens: 256 random bits, shown once, stored only as a hash (rule R17).

use crate::{Entropy, Secret};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// SHA-256 of a token: what is stored and looked up.
pub type TokenHash = [u8; 32];

/// A token in the clear together with its hash.
#[derive(Debug, Clone)]
pub struct OpaqueToken {
    text: Secret<String>,
    hash: TokenHash,
}

impl OpaqueToken {
    /// A new random token; `prefix` (for example `ust_`) tells people and scanners what it is.
    pub fn generate(entropy: &dyn Entropy, prefix: &str) -> Self {
        let mut bytes = [0_u8; 32];
        entropy.fill(&mut bytes);
        let text = format!("{prefix}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes));
        let hash = Self::hash_of(&text);
        Self { text: Secret::new(text), hash }
    }

    /// The hash under which a presented text would be stored.
    pub fn hash_of(text: &str) -> TokenHash {
        Sha256::digest(text.as_bytes()).into()
    }

    /// The token in the clear, to be shown once.
    pub fn expose(&self) -> &str {
        self.text.expose()
    }

    /// What is stored.
    pub const fn hash(&self) -> TokenHash {
        self.hash
    }
}
