//! The connections for reading. They never hold a transaction, so giving one back costs nothing.

use crate::{closed, error::Result};
use sqlx::{Connection, SqliteConnection};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub(crate) struct Readers {
    idle: Mutex<Vec<SqliteConnection>>,
    free: Arc<Semaphore>,
    count: u32,
}

/// A borrowed connection.
pub(crate) struct Reader {
    connection: Option<SqliteConnection>,
    home: Arc<Readers>,
    // Declared last: the connection is back before the permit is.
    _permit: OwnedSemaphorePermit,
}

impl Readers {
    pub(crate) fn new(connections: Vec<SqliteConnection>) -> Arc<Self> {
        let count = u32::try_from(connections.len()).unwrap_or(u32::MAX);
        let free = Arc::new(Semaphore::new(connections.len()));
        Arc::new(Self { idle: Mutex::new(connections), free, count })
    }

    pub(crate) async fn take(self: &Arc<Self>) -> Result<Reader> {
        let permit = Arc::clone(&self.free).acquire_owned().await.map_err(|_| closed())?;
        let connection = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Ok(Reader { connection, home: Arc::clone(self), _permit: permit })
    }

    pub(crate) async fn close(&self) {
        let all = self.free.acquire_many(self.count).await;
        self.free.close();
        drop(all);
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for connection in idle {
            connection.close().await.ok();
        }
    }
}

impl Reader {
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection> {
        self.connection.as_mut().ok_or_else(closed)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.home.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}
