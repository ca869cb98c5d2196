//! A fresh database and the ways in which cases use it.

use async_trait::async_trait;
use kernel::{Entropy, Timestamp, ambient::new_id, millis};
use std::{
    any::Any,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use store::{Session, Store, Tx};

/// Looks into the tables behind the port's back.
#[async_trait]
pub trait Scan: Send + Sync {
    /// The `table.column`s that hold `text` in any letter case, over all columns of text or bytes of all tables.
    async fn places_of(&self, text: &str) -> Vec<String>;
}

/// A fresh database.
#[derive(Clone)]
pub struct World {
    /// Migrated and empty.
    pub store: Arc<dyn Store>,
    scan: Arc<dyn Scan>,
    dice: Arc<Counter>,
    // What must live as long as the database, such as its folder.
    _keep: Arc<dyn Any + Send + Sync>,
}

/// Ids in the order of their making.
#[derive(Default)]
struct Counter(AtomicU64);

impl Entropy for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        let number = self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        bytes.fill(0);
        let start = bytes.len() - number.len();
        bytes[start..].copy_from_slice(&number);
    }
}

/// `seconds` after nine o'clock on a Monday in March 2026.
pub(crate) fn at(seconds: i64) -> Timestamp {
    millis(1_772_442_000_000 + seconds * 1_000)
}

impl World {
    /// Over a store that was opened and not migrated yet.
    pub async fn new(
        store: impl Store + 'static,
        scan: impl Scan + 'static,
        keep: impl Any + Send + Sync,
    ) -> Self {
        store.migrate().await.unwrap();
        Self { store: Arc::new(store), scan: Arc::new(scan), dice: Arc::default(), _keep: Arc::new(keep) }
    }

    pub(crate) fn id<T: From<uuid::Uuid>>(&self) -> T {
        new_id(self.dice.as_ref(), at(0))
    }

    pub(crate) async fn read(&self) -> Box<dyn Session> {
        self.store.read().await.unwrap()
    }

    pub(crate) async fn begin(&self) -> Box<dyn Tx> {
        self.store.begin().await.unwrap()
    }

    pub(crate) async fn places_of(&self, text: &str) -> Vec<String> {
        self.scan.places_of(text).await
    }
}
