//! Files in a directory. A file is written beside its place, flushed, and only then put there: what can be opened is whole.

use async_trait::async_trait;
use connect::{FileError, FileReader, FileStore};
use kernel::{FileId, Timestamp, to_millis};
use std::{
    io::{self, ErrorKind, SeekFrom},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};
use tokio::{
    fs::{self, File, OpenOptions},
    io::{AsyncRead, AsyncReadExt, AsyncSeekExt, AsyncWriteExt},
};

const UNFINISHED: &str = "part";
/// An upload does not last that long: what is older was abandoned by a process that was killed.
const ABANDONED: Duration = Duration::from_hours(24);
const BUFFER: usize = 64 * 1024;

/// Files in one directory of this machine (or one that all nodes mount).
#[derive(Debug, Clone)]
pub struct LocalFiles {
    directory: PathBuf,
}

impl LocalFiles {
    /// Uses `directory`, which is made if it is not there, readable for this user only. Removes unfinished files that are
    /// older than a day at `now`.
    pub async fn open(directory: impl Into<PathBuf>, now: Timestamp) -> Result<Self, FileError> {
        let this = Self { directory: directory.into() };
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        builder.mode(0o700);
        builder.create(&this.directory).await.map_err(FileError::Unavailable)?;
        this.remove_abandoned(now).await.map_err(FileError::Unavailable)?;
        Ok(this)
    }

    async fn remove_abandoned(&self, now: Timestamp) -> io::Result<()> {
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(to_millis(now)).unwrap_or(0));
        let mut entries = fs::read_dir(&self.directory).await?;
        while let Some(entry) = entries.next_entry().await? {
            let path = entry.path();
            let age = now.duration_since(entry.metadata().await?.modified()?).unwrap_or_default();
            if path.extension().is_some_and(|extension| extension == UNFINISHED) && age > ABANDONED {
                remove(&path).await?;
            }
        }
        Ok(())
    }

    fn place(&self, id: FileId) -> PathBuf {
        self.directory.join(id.to_string())
    }

    /// The names in a directory are on disk only after the directory was flushed.
    async fn flush_directory(&self) -> io::Result<()> {
        File::open(&self.directory).await?.sync_all().await
    }
}

#[async_trait]
impl FileStore for LocalFiles {
    async fn put(
        &self,
        id: FileId,
        content: &mut (dyn AsyncRead + Send + Unpin),
        limit: u64,
    ) -> Result<u64, FileError> {
        let place = self.place(id);
        if fs::try_exists(&place).await.map_err(FileError::Unavailable)? {
            return Err(FileError::Taken);
        }
        let (unfinished, mut file) = Unfinished::create(place.with_extension(UNFINISHED)).await?;
        let size = copy(content, &mut file, limit).await?;
        file.sync_all().await.map_err(FileError::Unavailable)?;
        unfinished.finish(&place).await.map_err(FileError::Unavailable)?;
        self.flush_directory().await.map_err(FileError::Unavailable)?;
        Ok(size)
    }

    async fn open(&self, id: FileId, offset: u64) -> Result<FileReader, FileError> {
        let mut file = File::open(self.place(id)).await.map_err(|error| match error.kind() {
            ErrorKind::NotFound => FileError::Missing,
            _ => FileError::Unavailable(error),
        })?;
        file.seek(SeekFrom::Start(offset)).await.map_err(FileError::Unavailable)?;
        Ok(Box::new(file))
    }

    async fn delete(&self, id: FileId) -> Result<(), FileError> {
        remove(&self.place(id)).await.map_err(FileError::Unavailable)?;
        self.flush_directory().await.map_err(FileError::Unavailable)
    }
}

/// Removes its file unless it was finished: also when the upload's future is dropped half-way.
struct Unfinished {
    path: Option<PathBuf>,
}

impl Unfinished {
    async fn create(path: PathBuf) -> Result<(Self, File), FileError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(&path).await.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => FileError::Taken,
            _ => FileError::Unavailable(error),
        })?;
        Ok((Self { path: Some(path) }, file))
    }

    async fn finish(mut self, place: &Path) -> io::Result<()> {
        if let Some(path) = &self.path {
            fs::rename(path, place).await?;
        }
        self.path = None;
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            // Nobody can be told here; what stays is removed when the directory is next opened.
            drop(std::fs::remove_file(path));
        }
    }
}

async fn copy(
    content: &mut (dyn AsyncRead + Send + Unpin),
    file: &mut File,
    limit: u64,
) -> Result<u64, FileError> {
    let mut buffer = vec![0; BUFFER];
    let mut size = 0_u64;
    loop {
        let read = content.read(&mut buffer).await.map_err(FileError::BrokenOff)?;
        if read == 0 {
            file.flush().await.map_err(FileError::Unavailable)?;
            return Ok(size);
        }
        size += read as u64;
        if size > limit {
            return Err(FileError::TooLarge { limit });
        }
        file.write_all(&buffer[..read]).await.map_err(FileError::Unavailable)?;
    }
}

async fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path).await {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
