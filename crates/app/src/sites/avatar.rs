//! Pictures of bots: what they are is found in their content, never in what the client says.

use crate::{AppError, sites::svg};

/// The most bytes of a picture (spec 02).
pub const MAX_BYTES: usize = 256 * 1024;
/// The longest side in pixels (spec 02).
pub const MAX_SIDE: u32 = 200;

/// A picture that may be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Media type found in the content.
    pub media_type: &'static str,
    /// The content; an SVG is rewritten.
    pub bytes: Vec<u8>,
}

/// Checks a picture: kind, size, square.
pub fn check(bytes: &[u8]) -> Result<Picture, AppError> {
    if bytes.len() > MAX_BYTES {
        return Err(AppError::TooLarge { limit: MAX_BYTES as u64 });
    }
    if let Some((media_type, size)) = raster(bytes) {
        let (width, height) =
            size.ok_or_else(|| AppError::invalid("", "damaged", "the picture is damaged"))?;
        square(width, height)?;
        return Ok(Picture { media_type, bytes: bytes.to_vec() });
    }
    if svg::looks_like(bytes) {
        let clean = svg::sanitise(bytes).map_err(|reason| AppError::invalid("", "svg", reason))?;
        if let Some((width, height)) = clean.size {
            square(width, height)?;
        }
        return Ok(Picture { media_type: "image/svg+xml", bytes: clean.text.into_bytes() });
    }
    Err(AppError::Unsupported("the picture must be a PNG, JPEG, GIF, WebP or SVG file".to_owned()))
}

fn square(width: u32, height: u32) -> Result<(), AppError> {
    let refuse = |code, reason: String| Err(AppError::invalid("", code, reason));
    if width != height {
        return refuse("not_square", format!("the picture must be square, it has {width} × {height} pixels"));
    }
    if width == 0 || width > MAX_SIDE {
        return refuse("too_large", format!("the picture must have at most {MAX_SIDE} × {MAX_SIDE} pixels"));
    }
    Ok(())
}

type Size = Option<(u32, u32)>;

/// The kind by its first bytes, and the size by its header; a size of none means a damaged header.
pub(crate) fn raster(bytes: &[u8]) -> Option<(&'static str, Size)> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        let header = (bytes.get(12..16) == Some(b"IHDR")).then_some(());
        return Some(("image/png", header.and_then(|()| Some((be32(bytes, 16)?, be32(bytes, 20)?)))));
    }
    if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        return Some(("image/gif", le16(bytes, 6).zip(le16(bytes, 8))));
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Some(("image/jpeg", jpeg(bytes)));
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some(("image/webp", webp(bytes)));
    }
    None
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}
fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}
fn le24(bytes: &[u8], at: usize) -> Option<u32> {
    let b = bytes.get(at..at + 3)?;
    Some(u32::from(b[0]) | u32::from(b[1]) << 8 | u32::from(b[2]) << 16)
}

/// Walks the segments to the frame header, which holds the size.
fn jpeg(bytes: &[u8]) -> Size {
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        match *bytes.get(at + 1)? {
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return be16(bytes, at + 7).zip(be16(bytes, at + 5));
            }
            0xd9 | 0xda => return None,
            _ => at += 2 + be16(bytes, at + 2)? as usize,
        }
    }
}

fn webp(bytes: &[u8]) -> Size {
    match bytes.get(12..16)? {
        b"VP8X" => Some((le24(bytes, 24)? + 1, le24(bytes, 27)? + 1)),
        b"VP8L" => {
            let packed = u32::from_le_bytes(bytes.get(21..25)?.try_into().ok()?);
            Some(((packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1))
        }
        b"VP8 " => Some((le16(bytes, 26)? & 0x3fff, le16(bytes, 28)? & 0x3fff)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    #[test]
    fn size_and_kind_come_from_the_content() {
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\0\x64\0\x64\x03".to_vec();
        let gif = b"GIF89a\x64\0\x64\0".to_vec();
        let mut webp = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0".to_vec();
        webp.extend([99, 0, 0, 99, 0, 0]);
        for (bytes, media_type) in
            [(png(200, 200), "image/png"), (jpeg, "image/jpeg"), (gif, "image/gif"), (webp, "image/webp")]
        {
            assert_eq!(check(&bytes).expect(media_type).media_type, media_type);
        }
    }

    #[test]
    fn too_large_not_square_damaged_and_foreign_content_is_refused() {
        assert!(matches!(check(&png(201, 201)), Err(AppError::Invalid(_))));
        assert!(matches!(check(&png(100, 50)), Err(AppError::Invalid(_))));
        assert!(matches!(check(b"\x89PNG\r\n\x1a\nxx"), Err(AppError::Invalid(_))));
        assert!(matches!(check(b"MZ\x90\0"), Err(AppError::Unsupported(_))));
        assert!(matches!(check(&vec![0; MAX_BYTES + 1]), Err(AppError::TooLarge { .. })));
    }
}
