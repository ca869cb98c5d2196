//! Encodings of CSV files. UTF-16 becomes UTF-8 while a file is stored, so that every stored file can be read from any byte
//! on; what is not UTF-8 in a stored file is read as Windows-1252, row by row.

use std::borrow::Cow;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, ReadBuf};

/// Characters of Windows-1252 from 0x80 to 0x9F; the others are those of Latin-1.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// A cell or header as text.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| windows(*byte)).collect()),
    }
}

fn windows(byte: u8) -> char {
    match byte {
        0x80..=0x9F => WINDOWS[usize::from(byte - 0x80)],
        other => char::from(other),
    }
}

/// The encoding of the beginning of a stored file, in the words of the API.
pub fn name_of(sample: &[u8]) -> &'static str {
    match std::str::from_utf8(sample) {
        Ok(_) => "utf-8",
        // The sample may end in the middle of a character.
        Err(error) if error.error_len().is_none() => "utf-8",
        Err(_) => "windows-1252",
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Unknown,
    AsIs,
    Utf16 { little: bool },
}

/// Reads a file as it is to be stored: without byte order mark, UTF-16 as UTF-8.
pub struct AsUtf8<R> {
    inner: R,
    form: Form,
    raw: Vec<u8>,
    out: Vec<u8>,
    given: usize,
    high: Option<u16>,
    ended: bool,
    utf16: bool,
}

impl<R> AsUtf8<R> {
    /// Around the file as it comes.
    pub fn new(inner: R) -> Self {
        Self {
            inner,
            form: Form::Unknown,
            raw: Vec::new(),
            out: Vec::new(),
            given: 0,
            high: None,
            ended: false,
            utf16: false,
        }
    }

    /// True when the file came as UTF-16.
    pub fn was_utf16(&self) -> bool {
        self.utf16
    }

    fn take_in(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        if self.form == Form::Unknown && (self.raw.len() >= 4 || self.ended) {
            let (form, mark) = recognise(&self.raw);
            self.form = form;
            self.utf16 = matches!(form, Form::Utf16 { .. });
            self.raw.drain(..mark);
        }
        match self.form {
            Form::Unknown => {}
            Form::AsIs => self.out.append(&mut self.raw),
            Form::Utf16 { little } => self.transcode(little),
        }
    }

    fn transcode(&mut self, little: bool) {
        let whole = self.raw.len() / 2 * 2;
        let mut units = Vec::with_capacity(whole / 2 + 1);
        units.extend(self.high.take());
        for pair in self.raw[..whole].chunks_exact(2) {
            let pair = [pair[0], pair[1]];
            units.push(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) });
        }
        // A surrogate pair may be cut between two reads.
        if !self.ended && units.last().is_some_and(|unit| (0xD800..0xDC00).contains(unit)) {
            self.high = units.pop();
        }
        self.raw.drain(..whole);
        let mut utf8 = [0_u8; 4];
        for unit in char::decode_utf16(units) {
            let character = unit.unwrap_or(char::REPLACEMENT_CHARACTER);
            self.out.extend_from_slice(character.encode_utf8(&mut utf8).as_bytes());
        }
    }
}

fn recognise(head: &[u8]) -> (Form, usize) {
    match head {
        [0xEF, 0xBB, 0xBF, ..] => (Form::AsIs, 3),
        [0xFF, 0xFE, ..] => (Form::Utf16 { little: true }, 2),
        [0xFE, 0xFF, ..] => (Form::Utf16 { little: false }, 2),
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => (Form::Utf16 { little: true }, 0),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => (Form::Utf16 { little: false }, 0),
        _ => (Form::AsIs, 0),
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for AsUtf8<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let this = &mut *self;
        loop {
            if this.given < this.out.len() {
                let count = buf.remaining().min(this.out.len() - this.given);
                buf.put_slice(&this.out[this.given..this.given + count]);
                this.given += count;
                return Poll::Ready(Ok(()));
            }
            this.out.clear();
            this.given = 0;
            if this.ended {
                return Poll::Ready(Ok(()));
            }
            let mut chunk = [0_u8; 16 * 1024];
            let mut read = ReadBuf::new(&mut chunk);
            std::task::ready!(Pin::new(&mut this.inner).poll_read(cx, &mut read))?;
            this.ended = read.filled().is_empty();
            let filled = read.filled().to_vec();
            this.take_in(&filled);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    async fn stored(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        AsUtf8::new(bytes).read_to_end(&mut out).await.expect("read");
        decode(&out).into_owned()
    }

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        let units = text.encode_utf16();
        units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    #[tokio::test]
    async fn every_encoding_is_read() {
        let text = "naïve;€;𝄞;日本";
        assert_eq!(stored(text.as_bytes()).await, text);
        assert_eq!(stored(&[b"\xEF\xBB\xBF", text.as_bytes()].concat()).await, text);
        assert_eq!(stored(&[b"\xFF\xFE".to_vec(), utf16(text, true)].concat()).await, text);
        assert_eq!(stored(&[b"\xFE\xFF".to_vec(), utf16(text, false)].concat()).await, text);
        assert_eq!(stored(&utf16("email,name", true)).await, "email,name");
        assert_eq!(stored(b"M\xFCller \x80 \x93x\x94").await, "Müller € “x”");
        assert_eq!(stored(b"").await, "");
    }

    #[tokio::test]
    async fn pairs_cut_between_reads_stay_whole() {
        let text = "𝄞".repeat(10_000);
        let bytes = [b"\xFF\xFE".to_vec(), utf16(&text, true)].concat();
        assert_eq!(stored(&bytes).await, text);
    }
}
