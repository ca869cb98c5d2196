//! Reading a stored file on a thread of its own: batches of typed rows through a short queue, so that parsing and storing
//! go on at the same time and memory stays small however long the file is.

use super::rows::{Row, RowReader};
use connect::FileReader;
use csv::ByteRecord;
use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;
use store::Reject;
use tokio::io::AsyncReadExt;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, Receiver, Sender};

/// Rows stored in one transaction. Addresses fall anywhere into their index, so that a transaction writes many of its
/// pages however few rows it has: fewer, longer ones write less. Other writers wait for one of them at most, some
/// tenths of a second.
pub const BATCH_ROWS: u64 = 10_000;
/// A batch of long rows ends earlier.
const BATCH_BYTES: u64 = 4 * 1024 * 1024;
/// The longest row; longer means that a quote was left open.
const LONGEST_ROW: u64 = 8 * 1024 * 1024;
const BUFFER: usize = 256 * 1024;

/// Rows that belong into one transaction.
#[derive(Debug, Default)]
pub struct Batch {
    /// Rows to be stored.
    pub rows: Vec<Row>,
    /// Rows refused for what stands in them.
    pub rejects: Vec<Reject>,
    /// Rows read, good or not.
    pub read: u64,
    /// Byte at which the next row begins.
    pub end: u64,
    /// Line on which it begins.
    pub end_line: u64,
}

/// Where reading begins.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    /// Byte; 0 = the header comes first and is skipped.
    pub byte: u64,
    /// Line of that byte, 1 for the first.
    pub line: u64,
    /// Delimiter.
    pub delimiter: u8,
}

/// Begins to read; the queue ends with the file, or with the error that ended it.
pub fn read(file: FileReader, start: Start, rows: RowReader) -> Receiver<io::Result<Batch>> {
    let (sender, receiver) = mpsc::channel(1);
    let handle = Handle::current();
    tokio::task::spawn_blocking(move || {
        let row_begins = Rc::new(Cell::new(0));
        let bridge = Bridge { handle, file, given: 0, row_begins: Rc::clone(&row_begins) };
        if let Err(error) = pump(bridge, &row_begins, start, &rows, &sender) {
            // Nobody to tell: the importer is gone already.
            drop(sender.blocking_send(Err(error)));
        }
    });
    receiver
}

fn pump(
    bridge: Bridge,
    row_begins: &Cell<u64>,
    start: Start,
    rows: &RowReader,
    sender: &Sender<io::Result<Batch>>,
) -> io::Result<()> {
    let handle = bridge.handle.clone();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(start.delimiter)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(BUFFER)
        .from_reader(bridge);
    let mut record = ByteRecord::new();
    if start.byte == 0 {
        reader.read_byte_record(&mut record).map_err(io::Error::other)?;
    }
    let mut batch = Batch::default();
    let mut began = reader.position().byte();
    // A batch is begun when there is room for it, so that no more than one waits.
    let Ok(mut room) = handle.block_on(sender.reserve()) else { return Ok(()) };
    while reader.read_byte_record(&mut record).map_err(io::Error::other)? {
        let line = start.line + record.position().map_or(0, |p| p.line().saturating_sub(1));
        match rows.read(&record, line) {
            Ok(row) => batch.rows.push(row),
            Err(reject) => batch.rejects.push(reject),
        }
        batch.read += 1;
        let position = reader.position();
        row_begins.set(position.byte());
        batch.end = start.byte + position.byte();
        batch.end_line = start.line + position.line() - 1;
        if batch.read >= BATCH_ROWS || position.byte() - began >= BATCH_BYTES {
            began = position.byte();
            room.send(Ok(std::mem::take(&mut batch)));
            let Ok(next) = handle.block_on(sender.reserve()) else { return Ok(()) };
            room = next;
        }
    }
    if batch.read > 0 {
        room.send(Ok(batch));
    }
    Ok(())
}

/// A file of the port as the parser reads it. Lives on its own thread, where waiting harms nobody.
struct Bridge {
    handle: Handle,
    file: FileReader,
    given: u64,
    row_begins: Rc<Cell<u64>>,
}

impl Read for Bridge {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given.saturating_sub(self.row_begins.get()) > LONGEST_ROW {
            let text = "a row is longer than 8 MB; perhaps a quotation mark was left open";
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        let count = self.handle.block_on(self.file.read(buffer))?;
        self.given += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::mapping::Targets;
    use std::collections::HashMap;

    fn rows() -> RowReader {
        let targets = Targets::standard();
        RowReader {
            headers: vec!["email".to_owned(), "name".to_owned()],
            columns: vec![targets.find("email").cloned(), targets.find("first_name").cloned()],
            users: HashMap::new(),
            keep_cells: false,
        }
    }

    async fn all(text: &str, byte: u64, line: u64) -> Vec<(u64, String)> {
        let rest = text.as_bytes()[usize::try_from(byte).expect("small")..].to_vec();
        let start = Start { byte, line, delimiter: b',' };
        let mut queue = read(Box::new(io::Cursor::new(rest)), start, rows());
        let mut found = Vec::new();
        while let Some(batch) = queue.recv().await {
            found.extend(batch.expect("batch").rows.into_iter().map(|row| (row.line, row.email.to_string())));
        }
        found
    }

    fn text() -> String {
        let row = |i: usize| match i % 3 {
            0 => format!("p{i}@example.com,\"two\nlines\"\n"),
            1 => format!("p{i}@example.com,ü\r\n"),
            _ => format!("p{i}@example.com,plain\n"),
        };
        format!("email,name\n{}", (0..10_000).map(row).collect::<String>())
    }

    #[tokio::test]
    async fn reading_on_from_any_batch_gives_the_rest() {
        let text = text();
        let whole = all(&text, 0, 1).await;
        assert_eq!(whole.len(), 10_000);
        let start = Start { byte: 0, line: 1, delimiter: b',' };
        let mut queue = read(Box::new(io::Cursor::new(text.clone().into_bytes())), start, rows());
        let mut seen = 0;
        while let Some(batch) = queue.recv().await {
            let batch = batch.expect("batch");
            seen += batch.rows.len();
            assert_eq!(all(&text, batch.end, batch.end_line).await, whole[seen..], "from byte {}", batch.end);
        }
    }

    #[tokio::test]
    async fn a_quote_left_open_ends_with_words_and_little_memory() {
        let text = format!("email,name\na@b.co,\"{}", "x,y\n".repeat(5_000_000));
        let start = Start { byte: 0, line: 1, delimiter: b',' };
        let mut queue = read(Box::new(io::Cursor::new(text.into_bytes())), start, rows());
        let error = queue.recv().await.expect("an answer").expect_err("refused");
        assert!(error.to_string().contains("quotation mark"), "{error}");
    }
}
