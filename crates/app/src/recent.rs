//! A bounded memory of recent things, light enough for every request: two generations in several shards. What is new goes to
//! the young generation; when that is full, the old one is forgotten and the young one takes its place; what is asked for
//! is carried over. So what is used stays, without a list of uses to be kept in order.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// As many as four bits tell apart.
const SHARDS: usize = 16;

/// What is remembered of `V` by `K`.
pub(crate) struct Recent<K, V> {
    shards: [Mutex<Shard<K, V>>; SHARDS],
    hasher: RandomState,
    life: Duration,
    /// What a generation of a shard may weigh.
    share: u64,
}

struct Shard<K, V> {
    young: HashMap<K, Entry<V>>,
    old: HashMap<K, Entry<V>>,
    weight: u64,
}

struct Entry<V> {
    value: V,
    since: Instant,
    weight: u64,
}

impl<K: Hash + Eq, V: Clone> Recent<K, V> {
    /// At most about `capacity` things, each for `life` at most.
    pub(crate) fn new(capacity: u64, life: Duration) -> Self {
        let empty = || Mutex::new(Shard { young: HashMap::new(), old: HashMap::new(), weight: 0 });
        Self {
            shards: std::array::from_fn(|_| empty()),
            hasher: RandomState::new(),
            life,
            share: (capacity / (2 * SHARDS as u64)).max(1),
        }
    }

    fn shard(&self, key: &K) -> MutexGuard<'_, Shard<K, V>> {
        // The lower bits choose the place within a shard.
        let number = (self.hasher.hash_one(key) >> 60) as usize;
        self.shards[number].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is remembered.
    pub(crate) fn get(&self, key: &K) -> Option<V>
    where
        K: Clone,
    {
        let now = Instant::now();
        let fresh = |entry: &&Entry<V>| now.duration_since(entry.since) < self.life;
        let mut shard = self.shard(key);
        if let Some(entry) = shard.young.get(key) {
            return Some(entry).filter(fresh).map(|entry| entry.value.clone());
        }
        let entry = shard.old.remove(key).filter(|entry| fresh(&entry))?;
        let value = entry.value.clone();
        let gone = shard.put(key.clone(), entry, self.share);
        drop(shard);
        drop(gone);
        Some(value)
    }

    /// Whether something is remembered.
    pub(crate) fn contains_key(&self, key: &K) -> bool
    where
        K: Clone,
    {
        self.get(key).is_some()
    }

    /// Remembers something.
    pub(crate) fn insert(&self, key: K, value: V) {
        self.insert_weighing(key, value, 1);
    }

    /// Remembers something that weighs more than others.
    pub(crate) fn insert_weighing(&self, key: K, value: V, weight: u64) {
        let entry = Entry { value, since: Instant::now(), weight };
        let mut shard = self.shard(&key);
        shard.old.remove(&key);
        let gone = shard.put(key, entry, self.share);
        drop(shard);
        // A whole generation may go here, and others need not wait for it.
        drop(gone);
    }

    /// Remembers something unless there is something already; true when there was nothing.
    pub(crate) fn insert_new(&self, key: K, value: V) -> bool
    where
        K: Clone,
    {
        let now = Instant::now();
        let mut shard = self.shard(&key);
        let fresh = |entry: &Entry<V>| now.duration_since(entry.since) < self.life;
        if shard.young.get(&key).is_some_and(fresh) {
            return false;
        }
        let kept = shard.old.remove(&key).filter(fresh);
        let is_new = kept.is_none();
        let entry = kept.unwrap_or(Entry { value, since: now, weight: 1 });
        let gone = shard.put(key, entry, self.share);
        drop(shard);
        drop(gone);
        is_new
    }

    /// Forgets something.
    pub(crate) fn invalidate(&self, key: &K) {
        let mut shard = self.shard(key);
        shard.old.remove(key);
        if let Some(entry) = shard.young.remove(key) {
            shard.weight = shard.weight.saturating_sub(entry.weight);
        }
    }

    /// Forgets everything.
    pub(crate) fn invalidate_all(&self) {
        for shard in &self.shards {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            let gone = (std::mem::take(&mut shard.young), std::mem::take(&mut shard.old));
            shard.weight = 0;
            drop(shard);
            drop(gone);
        }
    }
}

impl<K: Hash + Eq, V> Shard<K, V> {
    /// Puts an entry into the young generation; gives back what is forgotten for it.
    fn put(&mut self, key: K, entry: Entry<V>, share: u64) -> Option<HashMap<K, Entry<V>>> {
        self.weight += entry.weight;
        if let Some(before) = self.young.insert(key, entry) {
            self.weight = self.weight.saturating_sub(before.weight);
        }
        (self.weight > share).then(|| {
            self.weight = 0;
            std::mem::replace(&mut self.old, std::mem::take(&mut self.young))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_replaced_and_forgotten() {
        let recent = Recent::new(1_000, Duration::from_secs(60));
        recent.insert(1, "one");
        recent.insert(2, "two");
        assert_eq!((recent.get(&1), recent.get(&3)), (Some("one"), None));
        recent.insert(1, "uno");
        assert_eq!(recent.get(&1), Some("uno"));
        assert!(!recent.insert_new(2, "due") && recent.insert_new(3, "tre"));
        assert_eq!((recent.get(&2), recent.get(&3)), (Some("two"), Some("tre")));
        recent.invalidate(&2);
        assert!(!recent.contains_key(&2));
        recent.invalidate_all();
        assert_eq!(recent.get(&1), None);
    }

    #[test]
    fn of_many_who_come_at_once_one_is_the_first() {
        let recent = Recent::new(100_000, Duration::from_secs(60));
        let firsts: usize = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| (0..500).filter(|key| recent.insert_new(*key, ())).count()))
                .collect();
            tries.into_iter().map(|one| one.join().expect("a thread")).sum()
        });
        assert_eq!(firsts, 500);
    }

    #[test]
    fn what_has_had_its_time_is_new_again() {
        let recent = Recent::new(1_000, Duration::ZERO);
        assert!(recent.insert_new(1, "one") && recent.insert_new(1, "one"));
        assert_eq!(recent.get(&1), None);
    }

    #[test]
    fn what_is_used_stays_while_others_come_and_the_whole_is_bounded() {
        let recent = Recent::new(320, Duration::from_secs(600));
        recent.insert(0, 0);
        for number in 1..10_000 {
            recent.insert(number, number);
            assert_eq!(recent.get(&0), Some(0), "{number}");
        }
        let held: usize = (0..10_000).filter(|number| recent.contains_key(number)).count();
        assert!(held <= 320 + SHARDS * 2, "{held}");
        assert!(held >= 100, "{held}");
    }

    #[test]
    fn heavy_things_take_the_room_of_many() {
        let recent = Recent::new(3_200, Duration::from_secs(600));
        for number in 0..1_000 {
            recent.insert_weighing(number, number, 100);
        }
        let held = (0..1_000).filter(|number| recent.contains_key(number)).count();
        assert!(held <= 64, "{held}");
    }
}
