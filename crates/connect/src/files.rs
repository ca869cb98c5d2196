//! Keeping files: uploads under generated ids. No name that a client sent ever reaches the file system.

use async_trait::async_trait;
use kernel::FileId;
use tokio::io::AsyncRead;

/// The content of a file, from where it was opened.
pub type FileReader = Box<dyn AsyncRead + Send + Unpin>;

/// Keeps files.
#[async_trait]
pub trait FileStore: Send + Sync {
    /// Stores everything that `content` gives under `id` and returns its size in bytes. When this returns the file is
    /// flushed to disk; after an error nothing is there under `id`. `TooLarge` as soon as there are more than `limit` bytes,
    /// `Taken` when the id is in use.
    async fn put(
        &self,
        id: FileId,
        content: &mut (dyn AsyncRead + Send + Unpin),
        limit: u64,
    ) -> Result<u64, FileError>;
    /// Opens a file for reading from `offset` bytes on; an offset at or behind the end reads nothing.
    async fn open(&self, id: FileId, offset: u64) -> Result<FileReader, FileError>;
    /// Removes a file; nothing happens when it is not there.
    async fn delete(&self, id: FileId) -> Result<(), FileError>;
}

/// Why a file was not stored or opened.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is no such file.
    #[error("the file is not there")]
    Missing,
    /// The id is in use; ids are never reused.
    #[error("a file with this id is there already")]
    Taken,
    /// More bytes than allowed.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// How many are allowed.
        limit: u64,
    },
    /// The content broke off before its end (a client went away).
    #[error("the content broke off: {0}")]
    BrokenOff(#[source] std::io::Error),
    /// The disk is full, failing or not there.
    #[error("the files cannot be reached: {0}")]
    Unavailable(#[source] std::io::Error),
}
