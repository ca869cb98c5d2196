//! Where the crate takes a short way for what comes by the million, it says the same as the long one.

use kernel::{Domain, Entropy, Timestamp, millis};
use std::sync::atomic::{AtomicU8, Ordering};

/// Counts up, so that what is random is known.
struct Counting(AtomicU8);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(167);
        }
    }
}

#[test]
fn domains_are_what_the_full_parser_makes_of_them() {
    let same = ["acme.com", "a-b.example", "3m.co.uk", "localhost"];
    for text in same {
        let host = url::Host::parse(text).expect("a host").to_string();
        assert_eq!(text.parse::<Domain>().expect("a domain").as_str(), host, "{text}");
    }
    for (text, domain) in
        [("ACME.com.", "acme.com"), ("münchen.de", "xn--mnchen-3ya.de"), ("1.2.3.4", "1.2.3.4")]
    {
        assert_eq!(text.parse::<Domain>().map(|d| d.to_string()).ok().as_deref(), Some(domain), "{text}");
    }
    for text in ["", "a..b", "-a.com", "a-.com", "a b.com", "xn--a.com", "999.1.2.3", "a.0x7fffffffff"] {
        assert!(text.parse::<Domain>().is_err(), "{text}");
    }
}

#[test]
fn many_ids_are_ascending_and_carry_their_time() {
    let dice = Counting(AtomicU8::new(1));
    let now: Timestamp = millis(1_772_442_000_000);
    let ids = dice.uuids(now, 20);
    assert_eq!(ids.len(), 20);
    assert!(ids.is_sorted_by(|one, next| one < next));
    let one = dice.uuid(now);
    assert!(ids.iter().all(|id| id.as_bytes()[..6] == one.as_bytes()[..6] && id.get_version_num() == 7));
}
