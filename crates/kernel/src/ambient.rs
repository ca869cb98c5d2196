//! Time and randomness as arguments: the traits that stand for the world's clock and dice.

use uuid::Uuid;

/// An instant in UTC. Everything stored has millisecond precision: SQLite and Postgres then hold the same value.
pub type Timestamp = jiff::Timestamp;

/// The current time. Implemented by the binary (system clock) and by the test kit (a clock that is set).
pub trait Clock: Send + Sync {
    /// The current instant, cut to whole milliseconds.
    fn now(&self) -> Timestamp;
}

/// Randomness fit for secrets. Implemented by the binary (operating system) and by the test kit (seeded).
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with random bytes.
    fn fill(&self, bytes: &mut [u8]);

    /// A time-ordered unique number (UUID version 7) for `now`.
    fn uuid(&self, now: Timestamp) -> Uuid {
        let mut random = [0_u8; 10];
        self.fill(&mut random);
        version7(now, &random)
    }

    /// Many numbers for `now`, in ascending order: they are cheaper to make and to store than one by one.
    fn uuids(&self, now: Timestamp, count: usize) -> Vec<Uuid> {
        let mut random = vec![[0_u8; 10]; count];
        self.fill(random.as_flattened_mut());
        let mut uuids: Vec<_> = random.iter().map(|random| version7(now, random)).collect();
        uuids.sort_unstable();
        uuids
    }

    /// A new typed id for `now`.
    fn id<T: From<Uuid>>(&self, now: Timestamp) -> T
    where
        Self: Sized,
    {
        T::from(self.uuid(now))
    }
}

fn version7(now: Timestamp, random: &[u8; 10]) -> Uuid {
    let ms = u64::try_from(now.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(ms, random).into_uuid()
}

/// A new typed id out of any source of randomness, also behind `dyn`.
pub fn new_id<T: From<Uuid>>(entropy: &dyn Entropy, now: Timestamp) -> T {
    T::from(entropy.uuid(now))
}

/// The instant `ms` milliseconds after 1970 (clamped to what a [`Timestamp`] can hold).
pub fn millis(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(if ms < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// Milliseconds since 1970.
pub fn to_millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}
