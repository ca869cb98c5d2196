//! Test support: a clock that is set, seeded randomness, and real servers on loopback. Never a normal dependency.

pub mod delivery;
pub mod faults;
pub mod http;
pub mod instance;
pub mod nats;
pub mod party;
pub mod pdf;
pub mod postgres;
pub mod proxy;
pub mod push;
pub mod receiver;
pub mod servers;
pub mod smtp;
pub mod socket;
pub mod stage;

use kernel::{Clock, Entropy, Timestamp, millis, to_millis};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// A clock that stands where it was set.
#[derive(Debug)]
pub struct SetClock(AtomicI64);

impl SetClock {
    /// A clock at an RFC 3339 instant.
    pub fn at(text: &str) -> Self {
        let instant: Timestamp = text.parse().expect("an RFC 3339 instant");
        Self(AtomicI64::new(to_millis(instant)))
    }
    /// Moves it forward.
    pub fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        millis(self.0.load(Ordering::SeqCst))
    }
}

/// Repeatable randomness: the same seed gives the same bytes. Never for secrets.
#[derive(Debug)]
pub struct SeededEntropy(AtomicU64);

impl SeededEntropy {
    /// Begins at a seed.
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            // SplitMix64: good enough spread for ids in tests.
            let mut z =
                self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst).wrapping_add(0x9E37_79B9_7F4A_7C15);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}
