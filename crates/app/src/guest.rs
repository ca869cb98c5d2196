//! Somebody about whom nothing may be stored in the browser: a keyed hash of site, address and browser that changes every
//! day (spec 02, consent mode *interaction*). Good enough to count a trigger once and to keep caps, useless to identify
//! anybody: the key of a day is derived and never stored, and nothing else is stored with the hash.

use hmac::{Hmac, KeyInit, Mac};
use kernel::{Secret, SiteId, Timestamp};
use sha2::Sha256;

/// What a browser shows of itself with every request.
#[derive(Debug, Clone, Copy)]
pub struct Fingerprint<'a> {
    /// Address of the client.
    pub address: &'a str,
    /// The `User-Agent` header.
    pub user_agent: &'a str,
    /// The `Accept-Language` header.
    pub accept_language: &'a str,
}

/// The hash under which a guest is remembered today.
pub fn hash(key: &Secret<[u8; 32]>, site: SiteId, guest: Fingerprint<'_>, now: Timestamp) -> [u8; 32] {
    let day = now.strftime("%Y-%m-%d").to_string();
    let today = code(key.expose(), &[b"guest of the day", day.as_bytes()]);
    let parts = [guest.address, guest.user_agent, guest.accept_language];
    let [address, agent, language] = parts.map(str::as_bytes);
    code(&today, &[site.uuid().as_bytes(), address, agent, language])
}

fn code(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length of key is taken");
    for part in parts {
        // The length keeps neighbouring parts apart.
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_same_all_day_and_another_tomorrow_or_elsewhere() {
        let key = Secret::new([7; 32]);
        let site = |n| SiteId::from(Uuid::from_u128(n));
        let at = |text: &str| text.parse::<Timestamp>().expect("instant");
        let guest = Fingerprint { address: "192.0.2.1", user_agent: "Firefox", accept_language: "de" };
        let morning = hash(&key, site(1), guest, at("2026-11-20T00:00:00Z"));
        assert_eq!(morning, hash(&key, site(1), guest, at("2026-11-20T23:59:59Z")));
        assert_ne!(morning, hash(&key, site(1), guest, at("2026-11-21T00:00:00Z")));
        assert_ne!(morning, hash(&key, site(2), guest, at("2026-11-20T00:00:00Z")));
        let shifted = Fingerprint { address: "192.0.2.1F", user_agent: "irefox", accept_language: "de" };
        assert_ne!(morning, hash(&key, site(1), shifted, at("2026-11-20T00:00:00Z")));
    }
}
