//! What a file is, by its content, and what it is called. What the client says of its kind counts for nothing.

use crate::{AppError, conversations::Attachment, sites::avatar::raster};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{FileId, text::one_line};
use sha2::{Digest, Sha256};

/// The longest name, in characters, without its ending.
const MAX_NAME: usize = 100;

/// What is taken: media type, its usual ending, and others.
static KINDS: [(&str, &str, &[&str]); 5] = [
    ("image/png", "png", &[]),
    ("image/jpeg", "jpg", &["jpeg", "jpe", "jfif"]),
    ("image/gif", "gif", &[]),
    ("image/webp", "webp", &[]),
    ("application/pdf", "pdf", &[]),
];

/// A file that may be sent.
#[derive(Debug)]
pub(super) struct Checked {
    name: String,
    media_type: &'static str,
    size: Option<(u32, u32)>,
    /// Tells the same content under the same name from another.
    pub digest: String,
    /// The content.
    pub bytes: Vec<u8>,
}

impl Checked {
    /// Looks at an upload.
    pub(super) async fn of(name: String, bytes: Vec<u8>, limit: u64) -> Result<Self, AppError> {
        if bytes.is_empty() {
            return Err(AppError::invalid("/file", "required", "must not be empty"));
        }
        if bytes.len() as u64 > limit {
            return Err(AppError::TooLarge { limit });
        }
        let (media_type, size) = kind(&bytes)?;
        // A digest over megabytes would hold up the other requests of this thread.
        let digested = tokio::task::spawn_blocking(move || (Sha256::digest(&bytes), bytes)).await;
        let (digest, bytes) = digested.map_err(|error| AppError::Internal(error.to_string()))?;
        let name = safe_name(&name, media_type);
        let digest = BASE64_URL_SAFE_NO_PAD.encode(digest);
        Ok(Self { name, media_type, size, digest, bytes })
    }

    pub(super) fn attachment(&self, id: FileId) -> Attachment {
        Attachment {
            id,
            name: self.name.clone(),
            media_type: self.media_type.to_owned(),
            size: self.bytes.len() as u64,
            width: self.size.map(|(width, _)| width),
            height: self.size.map(|(_, height)| height),
        }
    }
}

type Kind = (&'static str, Option<(u32, u32)>);

fn kind(bytes: &[u8]) -> Result<Kind, AppError> {
    if bytes.starts_with(b"%PDF-") {
        return Ok(("application/pdf", None));
    }
    match raster(bytes) {
        Some((media_type, Some(size))) => Ok((media_type, Some(size))),
        Some((_, None)) => Err(AppError::invalid("/file", "damaged", "is a damaged picture")),
        None => Err(AppError::Unsupported(
            "only pictures (PNG, JPEG, GIF, WebP) and PDF files can be sent".to_owned(),
        )),
    }
}

/// The last part of the name, on one line, without characters that turn the direction of writing, with an ending that fits
/// the content.
fn safe_name(name: &str, media_type: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let line: String = one_line(last).chars().filter(|c| !turns(*c)).collect();
    let (_, usual, others) = KINDS.iter().find(|(kind, ..)| *kind == media_type).unwrap_or(&KINDS[4]);
    let (stem, ending) = match line.rsplit_once('.') {
        Some((stem, ending)) if fits(ending, usual, others) => (stem, ending.to_ascii_lowercase()),
        _ => (line.as_str(), (*usual).to_owned()),
    };
    let stem: String = stem.trim_matches([' ', '.']).chars().take(MAX_NAME).collect();
    let stem = if stem.is_empty() { "file" } else { stem.trim_end() };
    format!("{stem}.{ending}")
}

fn fits(ending: &str, usual: &str, others: &[&str]) -> bool {
    ending.eq_ignore_ascii_case(usual) || others.iter().any(|other| ending.eq_ignore_ascii_case(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_neither_path_nor_power() {
        for (name, media_type, safe) in [
            ("Oven.JPG", "image/jpeg", "Oven.jpg"),
            ("photo.jpeg", "image/jpeg", "photo.jpeg"),
            ("../../etc/passwd", "image/png", "passwd.png"),
            ("C:\\files\\Offer.pdf", "application/pdf", "Offer.pdf"),
            ("page.html", "image/gif", "page.html.gif"),
            ("invoice.pdf.exe", "application/pdf", "invoice.pdf.exe.pdf"),
            ("a\r\nb\0.pdf", "application/pdf", "a  b.pdf"),
            ("\u{202e}fdp.exe", "application/pdf", "fdp.exe.pdf"),
            ("", "image/webp", "file.webp"),
            (".png", "image/png", "file.png"),
            ("été.pdf", "application/pdf", "été.pdf"),
        ] {
            assert_eq!(safe_name(name, media_type), safe, "{name:?}");
        }
        assert_eq!(safe_name(&"n".repeat(500), "image/png").len(), MAX_NAME + 4);
    }

    #[test]
    fn what_is_taken_is_told_by_the_content() {
        assert_eq!(kind(b"%PDF-1.7 ...").expect("a PDF").0, "application/pdf");
        assert!(matches!(kind(b"\x89PNG\r\n\x1a\nno header"), Err(AppError::Invalid(_))));
        for other in
            [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"<!doctype html>", b"PK\x03\x04", b"MZ"]
        {
            assert!(matches!(kind(other), Err(AppError::Unsupported(_))), "{other:?}");
        }
    }
}
