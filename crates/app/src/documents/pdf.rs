//! How many pages a PDF has, and whether it is one at all, out of its content (never out of its name or what a client says).
//!
//! The file is read as readers repair damaged ones: every object in the order of the file, a later one of the same number
//! in place of an earlier one, compressed objects included. From the catalog the way leads to the root of the page tree,
//! which states the count. Nothing is drawn, and no text is read.

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use std::collections::HashMap;

/// The most bytes that compressed objects may grow to in all.
const MAX_INFLATED: usize = 64 * 1024 * 1024;
/// The most bytes of one object without its stream.
const MAX_OBJECT: usize = 1024 * 1024;
/// Objects that make no sense, after which the file makes none.
const MAX_BROKEN: u32 = 200;
/// How deep arrays and dictionaries may stand in each other.
const MAX_DEPTH: u32 = 64;
/// More pages than anybody reads in a chat.
const MAX_PAGES: u32 = 10_000;

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotReadable {
    /// It does not begin like a PDF.
    #[error("it is not a PDF")]
    NotPdf,
    /// It is encrypted.
    #[error("it is protected; save it without a password and without restrictions")]
    Protected,
    /// The pages cannot be found.
    #[error("it is damaged: its pages cannot be found")]
    Damaged,
    /// Too many.
    #[error("it has more than 10,000 pages")]
    TooLong,
}

/// The number of pages of a PDF.
pub fn pages(bytes: &[u8]) -> Result<u32, NotReadable> {
    if !bytes.trim_ascii_start().starts_with(b"%PDF-") {
        return Err(NotReadable::NotPdf);
    }
    let mut file = File { bytes, ..File::default() };
    file.read().ok_or(NotReadable::Damaged)?;
    if file.encrypted {
        return Err(NotReadable::Protected);
    }
    match file.count() {
        Some(count) if count > i64::from(MAX_PAGES) => Err(NotReadable::TooLong),
        Some(count) => u32::try_from(count).ok().filter(|pages| *pages > 0).ok_or(NotReadable::Damaged),
        None => Err(NotReadable::Damaged),
    }
}

/// Where an object stands: in the file (0) or in which inflated text (1…), and where its value begins.
#[derive(Debug, Clone, Copy)]
struct Place {
    text: usize,
    at: usize,
}

#[derive(Debug, Default)]
struct File<'f> {
    bytes: &'f [u8],
    /// The texts of compressed objects.
    inflated: Vec<Vec<u8>>,
    objects: HashMap<u32, Place>,
    /// The number of the catalog.
    root: Option<u32>,
    encrypted: bool,
    inflated_bytes: usize,
    broken: u32,
}

impl<'f> File<'f> {
    /// Finds all objects. None when the file makes no sense.
    fn read(&mut self) -> Option<()> {
        let text = self.bytes;
        let mut at = 0;
        while let Some((found, keyword)) = next_keyword(text, at) {
            at = match keyword {
                Keyword::Object(number) => self.object(number, found)?,
                Keyword::Trailer => {
                    self.trailer(&Dictionary::at(text, skip_blank(text, found)));
                    found
                }
            };
        }
        Some(())
    }

    fn text(&self, index: usize) -> &[u8] {
        match index.checked_sub(1) {
            None => self.bytes,
            Some(inflated) => &self.inflated[inflated],
        }
    }

    /// Notes the object whose value begins behind `at`; returns where to go on.
    fn object(&mut self, number: u32, at: usize) -> Option<usize> {
        let text: &'f [u8] = self.bytes;
        let start = skip_blank(text, at);
        let Some(end) = skip_value(text, start, 0) else {
            self.broken += 1;
            return (self.broken < MAX_BROKEN).then_some(at);
        };
        self.objects.insert(number, Place { text: 0, at: start });
        let dictionary = Dictionary::at(text, start);
        let Some(content) = stream_start(text, end) else { return Some(end) };
        let length = dictionary.number("Length").and_then(|length| usize::try_from(length).ok());
        let content_end = stream_end(text, content, length)?;
        match dictionary.name("Type") {
            Some(b"XRef") => self.trailer(&dictionary),
            Some(b"ObjStm") => self.compressed(&dictionary, &text[content..content_end]),
            _ => {}
        }
        Some(content_end)
    }

    fn trailer(&mut self, dictionary: &Dictionary<'_>) {
        self.root = dictionary.reference("Root").or(self.root);
        self.encrypted |= dictionary.value("Encrypt").is_some();
    }

    /// Notes the objects inside a compressed one: pairs of number and place, then the values.
    fn compressed(&mut self, dictionary: &Dictionary<'_>, content: &[u8]) {
        let room = MAX_INFLATED - self.inflated_bytes;
        let text = match dictionary.value("Filter") {
            None => content.to_vec(),
            // What came before an error is used all the same.
            Some(_) => decompress_to_vec_zlib_with_limit(content, room).unwrap_or_else(|error| error.output),
        };
        self.inflated_bytes = (self.inflated_bytes + text.len()).min(MAX_INFLATED);
        let first = dictionary.number("First").and_then(|first| usize::try_from(first).ok());
        let (Some(first), Some(count)) = (first, dictionary.number("N")) else { return };
        let index = self.inflated.len() + 1;
        let mut at = 0;
        for _ in 0..count {
            let Some((number, behind)) = integer(&text, skip_blank(&text, at)) else { break };
            let Some((offset, behind)) = integer(&text, skip_blank(&text, behind)) else { break };
            let (Ok(number), Ok(offset)) = (u32::try_from(number), usize::try_from(offset)) else { break };
            let place = first.saturating_add(offset);
            if behind > first || place >= text.len() {
                break;
            }
            self.objects.insert(number, Place { text: index, at: skip_blank(&text, place) });
            at = behind;
        }
        self.inflated.push(text);
    }

    fn count(&self) -> Option<i64> {
        let catalog = self.dictionary(self.root?)?;
        let tree = self.dictionary(catalog.reference("Pages")?)?;
        match tree.reference("Count") {
            Some(elsewhere) => {
                let Place { text, at } = *self.objects.get(&elsewhere)?;
                integer(self.text(text), at).map(|(count, _)| count)
            }
            None => tree.number("Count"),
        }
    }

    fn dictionary(&self, number: u32) -> Option<Dictionary<'_>> {
        let Place { text, at } = *self.objects.get(&number)?;
        Some(Dictionary::at(self.text(text), at))
    }
}

enum Keyword {
    Object(u32),
    Trailer,
}

/// The next `N G obj` or `trailer` from `at` on, and the place behind it.
fn next_keyword(text: &[u8], mut at: usize) -> Option<(usize, Keyword)> {
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with(b"obj")
            && let Some(number) = object_number(&text[..at])
        {
            return Some((at + 3, Keyword::Object(number)));
        }
        if rest.starts_with(b"trailer") {
            return Some((at + 7, Keyword::Trailer));
        }
        at += 1;
    }
    None
}

/// The number in `… N G ` at the end of a text.
fn object_number(before: &[u8]) -> Option<u32> {
    let (_, before) = last_digits(before)?;
    let (number, _) = last_digits(before)?;
    std::str::from_utf8(number).ok()?.parse().ok()
}

/// The digits at the end of a text, but for blanks; at most ten.
fn last_digits(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = text.trim_ascii_end();
    let length = text.iter().rev().take(11).take_while(|byte| byte.is_ascii_digit()).count();
    (1..=10).contains(&length).then(|| (&text[text.len() - length..], &text[..text.len() - length]))
}

/// Where the content of a stream begins, when the value before it has one.
fn stream_start(text: &[u8], at: usize) -> Option<usize> {
    let at = skip_blank(text, at);
    let rest = text.get(at..)?.strip_prefix(b"stream")?;
    let line = if rest.starts_with(b"\r\n") { 2 } else { usize::from(rest.starts_with(b"\n")) };
    Some(at + 6 + line)
}

/// Where it ends: where its length says, if that is so, and else before the next `endstream`.
fn stream_end(text: &[u8], start: usize, length: Option<usize>) -> Option<usize> {
    let stated = length.and_then(|length| start.checked_add(length));
    let is_end = |at: &usize| text.get(skip_blank(text, *at)..).is_some_and(|t| t.starts_with(b"endstream"));
    if let Some(end) = stated.filter(is_end) {
        return Some(end);
    }
    text.get(start..)?.windows(9).position(|word| word == b"endstream").map(|length| start + length)
}

/// A dictionary in a text; without entries when there is none.
struct Dictionary<'t> {
    text: &'t [u8],
    /// Names with the places of their values.
    entries: Vec<(&'t [u8], usize)>,
}

impl<'t> Dictionary<'t> {
    fn at(text: &'t [u8], at: usize) -> Self {
        let mut dictionary = Self { text, entries: Vec::new() };
        if !text.get(at..).is_some_and(|rest| rest.starts_with(b"<<")) {
            return dictionary;
        }
        let mut at = skip_blank(text, at + 2);
        while text.get(at) == Some(&b'/') {
            let behind = skip_regular(text, at + 1);
            let value = skip_blank(text, behind);
            dictionary.entries.push((&text[at + 1..behind], value));
            let Some(end) = skip_value(text, value, 0) else { break };
            at = skip_blank(text, end);
        }
        dictionary
    }

    fn value(&self, name: &str) -> Option<usize> {
        self.entries.iter().find(|(key, _)| *key == name.as_bytes()).map(|(_, value)| *value)
    }

    fn number(&self, name: &str) -> Option<i64> {
        integer(self.text, self.value(name)?).map(|(number, _)| number)
    }

    fn name(&self, name: &str) -> Option<&'t [u8]> {
        let at = self.value(name)?;
        (self.text.get(at) == Some(&b'/')).then(|| &self.text[at + 1..skip_regular(self.text, at + 1)])
    }

    /// The object that `N G R` refers to.
    fn reference(&self, name: &str) -> Option<u32> {
        let (number, behind) = integer(self.text, self.value(name)?)?;
        let (_, behind) = integer(self.text, skip_blank(self.text, behind))?;
        let is_reference = self.text.get(skip_blank(self.text, behind)) == Some(&b'R');
        if is_reference { u32::try_from(number).ok() } else { None }
    }
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

const fn is_regular(byte: u8) -> bool {
    !is_blank(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// Behind blanks and comments.
fn skip_blank(text: &[u8], mut at: usize) -> usize {
    while let Some(byte) = text.get(at) {
        if *byte == b'%' {
            at += text[at..].iter().take_while(|byte| !matches!(byte, b'\r' | b'\n')).count();
        } else if is_blank(*byte) {
            at += 1;
        } else {
            break;
        }
    }
    at
}

fn skip_regular(text: &[u8], at: usize) -> usize {
    at + text.get(at..).unwrap_or_default().iter().take_while(|byte| is_regular(**byte)).count()
}

/// A whole number and the place behind it.
fn integer(text: &[u8], at: usize) -> Option<(i64, usize)> {
    let end = skip_regular(text, at);
    let number = std::str::from_utf8(text.get(at..end)?).ok()?.parse().ok()?;
    Some((number, end))
}

/// Behind the value at `at`; none when it has no end.
fn skip_value(text: &[u8], at: usize, depth: u32) -> Option<usize> {
    let rest = text.get(at..)?;
    let rest = &rest[..rest.len().min(MAX_OBJECT)];
    match rest {
        _ if depth > MAX_DEPTH => None,
        [b'<', b'<', ..] => skip_until(text, at + 2, b">>", depth),
        [b'[', ..] => skip_until(text, at + 1, b"]", depth),
        [b'<', ..] => rest.iter().position(|byte| *byte == b'>').map(|end| at + end + 1),
        [b'(', ..] => skip_string(rest).map(|end| at + end),
        [b'/', ..] => Some(skip_regular(text, at + 1)),
        _ => {
            let end = skip_regular(text, at);
            if end == at { None } else { Some(skip_reference(text, at).unwrap_or(end)) }
        }
    }
}

fn skip_until(text: &[u8], mut at: usize, end: &[u8], depth: u32) -> Option<usize> {
    let limit = at.saturating_add(MAX_OBJECT);
    loop {
        at = skip_blank(text, at);
        if text.get(at..)?.starts_with(end) {
            return Some(at + end.len());
        }
        at = skip_value(text, at, depth + 1)?;
        if at > limit {
            return None;
        }
    }
}

/// Behind `N G R`.
fn skip_reference(text: &[u8], at: usize) -> Option<usize> {
    let (_, behind) = integer(text, at)?;
    let (_, behind) = integer(text, skip_blank(text, behind))?;
    let letter = skip_blank(text, behind);
    (text.get(letter) == Some(&b'R')).then_some(letter + 1)
}

/// The length of a string in parentheses, which may stand in each other.
fn skip_string(text: &[u8]) -> Option<usize> {
    let (mut depth, mut at) = (0_u32, 0);
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' if depth == 1 => return Some(at + 1),
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
#[path = "pdf_tests.rs"]
mod tests;
