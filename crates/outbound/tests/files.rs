//! Uploads in a directory.

use connect::{FileError, FileStore};
use kernel::{Clock, Entropy, FileId};
use outbound::LocalFiles;
use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};
use tempfile::TempDir;
use testkit::{SeededEntropy, SetClock};
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};

struct Bench {
    files: LocalFiles,
    folder: TempDir,
    clock: SetClock,
    entropy: SeededEntropy,
}

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a directory");
        let clock = SetClock::at("2026-11-20T09:30:00Z");
        let files = LocalFiles::open(folder.path().join("uploads"), clock.now()).await.expect("opens");
        Self { files, folder, clock, entropy: SeededEntropy::new(1) }
    }
    fn id(&self) -> FileId {
        self.entropy.id(self.clock.now())
    }
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path().join("uploads")).expect("the directory");
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name")).collect()
    }
    async fn read(&self, id: FileId, offset: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut reader = self.files.open(id, offset).await.expect("it is there");
        reader.read_to_end(&mut bytes).await.expect("it can be read");
        bytes
    }
}

/// Gives some bytes, then breaks off or never goes on.
struct Broken {
    given: bool,
    hangs: bool,
}

impl AsyncRead for Broken {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.given {
            self.given = true;
            buf.put_slice(b"half of ");
            return Poll::Ready(Ok(()));
        }
        if self.hangs { Poll::Pending } else { Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())) }
    }
}

#[tokio::test]
async fn what_was_put_is_read_from_anywhere() {
    let bench = Bench::new().await;
    let content: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
    let id = bench.id();
    let size = bench.files.put(id, &mut content.as_slice(), 1_200_000).await.expect("it fits");
    assert_eq!(size, 1_200_000);
    assert_eq!(bench.read(id, 0).await, content);
    assert_eq!(bench.read(id, 1_199_997).await, content[1_199_997..]);
    assert_eq!(bench.read(id, 2_000_000).await, b"");
    assert_eq!(bench.names(), [id.to_string()]);
}

#[tokio::test]
async fn a_deleted_file_is_missing_and_deleting_twice_is_fine() {
    let bench = Bench::new().await;
    let id = bench.id();
    bench.files.put(id, &mut b"x".as_slice(), 10).await.expect("stored");
    bench.files.delete(id).await.expect("deleted");
    bench.files.delete(id).await.expect("nothing to do");
    assert!(matches!(bench.files.open(id, 0).await, Err(FileError::Missing)));
}

#[tokio::test]
async fn too_much_leaves_nothing() {
    let bench = Bench::new().await;
    let result = bench.files.put(bench.id(), &mut vec![0; 100_001].as_slice(), 100_000).await;
    assert!(matches!(result, Err(FileError::TooLarge { limit: 100_000 })), "{result:?}");
    assert_eq!(bench.names(), [""; 0]);
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let bench = Bench::new().await;
    let result = bench.files.put(bench.id(), &mut Broken { given: false, hangs: false }, 100).await;
    assert!(matches!(result, Err(FileError::BrokenOff(_))), "{result:?}");
    assert_eq!(bench.names(), [""; 0]);
}

#[tokio::test]
async fn an_upload_that_is_given_up_leaves_nothing() {
    let bench = Bench::new().await;
    let mut content = Broken { given: false, hangs: true };
    let put = bench.files.put(bench.id(), &mut content, 100);
    let limit = std::time::Duration::from_millis(50);
    tokio::time::timeout(limit, put).await.expect_err("the content hangs");
    assert_eq!(bench.names(), [""; 0]);
}

#[tokio::test]
async fn an_id_is_used_once() {
    let bench = Bench::new().await;
    let id = bench.id();
    bench.files.put(id, &mut b"first".as_slice(), 10).await.expect("stored");
    let again = bench.files.put(id, &mut b"second".as_slice(), 10).await;
    assert!(matches!(again, Err(FileError::Taken)), "{again:?}");
    assert_eq!(bench.read(id, 0).await, b"first");
}

#[tokio::test]
async fn leftovers_of_a_killed_process_go_after_a_day() {
    let bench = Bench::new().await;
    let leftover = bench.folder.path().join("uploads").join(format!("{}.part", bench.id()));
    std::fs::write(&leftover, b"half of").expect("written");
    let id = bench.id();
    bench.files.put(id, &mut b"whole".as_slice(), 10).await.expect("stored");
    let written = std::fs::metadata(&leftover).and_then(|m| m.modified()).expect("a time");
    let written = kernel::Timestamp::try_from(written).expect("a time of our days");

    let folder = bench.folder.path().join("uploads");
    LocalFiles::open(&folder, written).await.expect("opens");
    assert_eq!(bench.names().len(), 2, "another node may be at it");
    let next_day = kernel::millis(kernel::to_millis(written) + 25 * 3_600_000);
    LocalFiles::open(&folder, next_day).await.expect("opens");
    assert_eq!(bench.names(), [id.to_string()]);
}
