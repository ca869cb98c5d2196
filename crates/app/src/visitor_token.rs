//! The visitor's token: 32 random bytes, the moment of issue, and a truncated HMAC over both and the site.
//!
//! The code lets a node recognise a token whose visitor is still waiting to be written, by itself or by another node, and
//! refuse everything else without reading. Ids of visitor and anonymous person follow from the token, so that two nodes
//! that meet it at once write the same rows.
//!
//! A token whose visitor was written is recognised by its hash alone; see [`FRESH_MS`].

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use kernel::token::TokenHash;
use kernel::{OpaqueToken, PersonId, Secret, SiteId, Timestamp, VisitorId, millis, to_millis};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// How long after its issue a token without a stored visitor is taken for one whose visitor is still to be written,
/// in milliseconds. Later such a token is foreign: its visitor was erased or never written.
pub const FRESH_MS: i64 = 120_000;

const RANDOM: usize = 32;
const MOMENT: usize = 6;
const CODE: usize = 10;
const LENGTH: usize = RANDOM + MOMENT + CODE;

/// A token that this instance issued for a site.
#[derive(Debug, Clone)]
pub struct VisitorToken {
    text: Secret<String>,
    /// What is stored and looked up.
    pub hash: TokenHash,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// The id of its visitor.
    pub visitor: VisitorId,
    /// The id of the anonymous person that its visitor began with.
    pub person: PersonId,
}

impl VisitorToken {
    /// A new token.
    pub fn issue(
        key: &Secret<[u8; 32]>,
        site: SiteId,
        entropy: &dyn kernel::Entropy,
        now: Timestamp,
    ) -> Self {
        let mut bytes = [0_u8; LENGTH];
        entropy.fill(&mut bytes[..RANDOM]);
        bytes[RANDOM..RANDOM + MOMENT].copy_from_slice(&to_millis(now).to_be_bytes()[2..]);
        let code = mac(key, b"visitor token", site, &bytes[..RANDOM + MOMENT]);
        bytes[RANDOM + MOMENT..].copy_from_slice(&code[..CODE]);
        Self::of(key, site, BASE64_URL_SAFE_NO_PAD.encode(bytes), &bytes)
    }

    /// The token that a browser presents; none when it is foreign, of another site or tampered with.
    pub fn recognise(key: &Secret<[u8; 32]>, site: SiteId, text: &str) -> Option<Self> {
        let mut bytes = [0_u8; LENGTH];
        let length = BASE64_URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        let code = mac(key, b"visitor token", site, &bytes[..RANDOM + MOMENT]);
        let genuine = length == LENGTH && bool::from(bytes[RANDOM + MOMENT..].ct_eq(&code[..CODE]));
        genuine.then(|| Self::of(key, site, text.to_owned(), &bytes))
    }

    fn of(key: &Secret<[u8; 32]>, site: SiteId, text: String, bytes: &[u8; LENGTH]) -> Self {
        let mut moment = [0_u8; 8];
        moment[2..].copy_from_slice(&bytes[RANDOM..RANDOM + MOMENT]);
        let ms = i64::from_be_bytes(moment);
        let derived = |purpose| {
            let code = mac(key, purpose, site, &bytes[..RANDOM + MOMENT]);
            let mut random = [0_u8; 10];
            random.copy_from_slice(&code[..10]);
            uuid::Builder::from_unix_timestamp_millis(u64::try_from(ms).unwrap_or(0), &random).into_uuid()
        };
        Self {
            hash: OpaqueToken::hash_of(&text),
            text: Secret::new(text),
            issued_at: millis(ms),
            visitor: VisitorId::from(derived(b"visitor id")),
            person: PersonId::from(derived(b"person id")),
        }
    }

    /// The text for the browser.
    pub fn expose(&self) -> &str {
        self.text.expose()
    }

    /// True while its visitor may still be waiting to be written.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        to_millis(now).saturating_sub(to_millis(self.issued_at)) <= FRESH_MS
    }
}

fn mac(key: &Secret<[u8; 32]>, purpose: &[u8], site: SiteId, bytes: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).expect("any length of key is taken");
    mac.update(purpose);
    mac.update(site.uuid().as_bytes());
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    struct Counting;
    impl kernel::Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.iter_mut().zip(1..).for_each(|(byte, n)| *byte = n);
        }
    }

    #[test]
    fn only_a_token_of_this_instance_and_site_is_recognised() {
        let key = Secret::new([7; 32]);
        let [here, there] = [1, 2].map(|n| SiteId::from(Uuid::from_u128(n)));
        let now: Timestamp = "2026-11-20T10:00:00Z".parse().expect("instant");
        let token = VisitorToken::issue(&key, here, &Counting, now);
        assert_eq!(token.expose().len(), 64);
        let again = VisitorToken::recognise(&key, here, token.expose()).expect("genuine");
        assert_eq!(
            (again.visitor, again.person, again.hash, again.issued_at),
            (token.visitor, token.person, token.hash, now)
        );
        assert!(again.is_fresh(now) && !again.is_fresh(millis(to_millis(now) + FRESH_MS + 1)));
        assert!(VisitorToken::recognise(&key, there, token.expose()).is_none());
        assert!(VisitorToken::recognise(&Secret::new([8; 32]), here, token.expose()).is_none());
        let tampered = format!("Z{}", &token.expose()[1..]);
        for text in [tampered.as_str(), "", "x", &"A".repeat(64), &"A".repeat(65)] {
            assert!(VisitorToken::recognise(&key, here, text).is_none(), "{text}");
        }
    }
}
