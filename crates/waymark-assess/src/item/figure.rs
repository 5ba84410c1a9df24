//! A picture that belongs to an item, named by the hash of its bytes: a file name could give the answer away.

use crate::{
    canonical::{hex, unhex},
    text::Text,
};
use sha2::{Digest, Sha256};

/// Larger pictures are refused.
pub const MAX_FIGURE_BYTES: usize = 5 * 1024 * 1024;
/// Wider or higher pictures are refused: a small file can unfold to gigabytes in a browser.
const MAX_SIDE: u32 = 10_000;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

/// A reference to a picture: what it hashes to, what it is, what it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    sha256: [u8; 32],
    media_type: &'static str,
    /// What the picture shows, for those who cannot see it.
    pub alt: Option<Text>,
}

/// Why a picture was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FigureError {
    #[error("is larger than 5 MiB: make it smaller")]
    TooLarge,
    #[error("is neither PNG nor JPEG: convert it")]
    NotAPicture,
    #[error("is wider or higher than 10,000 pixels, or has no size: scale it")]
    Size,
}

impl FigureError {
    pub fn in_japanese(self) -> &'static str {
        match self {
            Self::TooLarge => "は5 MiBを超えています。小さくしてください",
            Self::NotAPicture => "はPNGでもJPEGでもありません。変換してください",
            Self::Size => "は縦か横が1万ピクセルを超えるか、大きさがありません。縮小してください",
        }
    }
}

impl Figure {
    /// Reads what a picture is from its first bytes, never from its name.
    pub fn from_bytes(bytes: &[u8], alt: Option<Text>) -> Result<Self, FigureError> {
        if bytes.len() > MAX_FIGURE_BYTES {
            return Err(FigureError::TooLarge);
        }
        let media_type = if let Some(header) = bytes.strip_prefix(PNG) {
            let side = |at: usize| header.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
            let fits = |side: Option<u32>| side.is_some_and(|n| (1..=MAX_SIDE).contains(&n));
            if !fits(side(0)) || !fits(side(4)) {
                return Err(FigureError::Size);
            }
            "image/png"
        } else if bytes.starts_with(b"\xff\xd8\xff") {
            "image/jpeg"
        } else {
            return Err(FigureError::NotAPicture);
        };
        Ok(Self { sha256: Sha256::digest(bytes).into(), media_type, alt })
    }

    pub(super) fn from_parts(sha256: &str, media_type: &str, alt: Option<Text>) -> Option<Self> {
        let media_type = ["image/png", "image/jpeg"].into_iter().find(|known| *known == media_type)?;
        Some(Self { sha256: unhex(sha256)?, media_type, alt })
    }

    /// The same picture with these words for those who cannot see it.
    pub fn described(self, alt: Option<Text>) -> Self {
        Self { alt, ..self }
    }

    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    pub fn sha256(&self) -> String {
        hex(&self.sha256)
    }

    /// `image/png` or `image/jpeg`.
    pub fn media_type(&self) -> &'static str {
        self.media_type
    }
}

/// Width and height of a PNG or JPEG in pixels, as its header says.
pub(crate) fn pixels(bytes: &[u8]) -> Option<(u32, u32)> {
    if let Some(header) = bytes.strip_prefix(PNG) {
        let side = |at: usize| Some(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?));
        return side(0).zip(side(4));
    }
    let number = |at: usize| Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let mut at = bytes.starts_with(b"\xff\xd8").then_some(2)?;
    // Segments of a JPEG, up to the frame header (ITU-T T.81 B.2.2), which says height, then width.
    loop {
        let marker = number(at)?;
        match marker {
            0xffff => at += 1,
            0xffc0..=0xffcf if ![0xffc4, 0xffc8, 0xffcc].contains(&marker) => {
                return Some((u32::from(number(at + 7)?), u32::from(number(at + 5)?)));
            }
            0xff01 | 0xffd0..=0xffd7 => at += 2,
            0xff02..=0xfffe if marker != 0xffd9 && marker != 0xffda => at += 2 + usize::from(number(at + 2)?.max(2)),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_say_how_large_a_picture_is() {
        assert_eq!(pixels(&png(18, 12)), Some((18, 12)));
        let jpeg = [&b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc4\0\x02\xff\xc2\0\x11\x08\0\x0c\0\x12"[..], b"rest"].concat();
        assert_eq!(pixels(&jpeg), Some((18, 12)));
        for cut in 0..jpeg.len() - 4 {
            assert_eq!(pixels(&jpeg[..cut]), None, "{cut}");
        }
        assert_eq!(pixels(b"\xff\xd8\xff\xda\0\x02\xff\xc0"), None);
        assert_eq!(pixels(b"GIF89a"), None);
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        [PNG, &width.to_be_bytes(), &height.to_be_bytes(), b"rest"].concat()
    }

    #[test]
    fn believes_bytes_only() {
        let read = |bytes: &[u8]| Figure::from_bytes(bytes, None).map(|f| f.media_type());
        assert_eq!(read(&png(1800, 1200)), Ok("image/png"));
        assert_eq!(read(b"\xff\xd8\xff\xe0rest"), Ok("image/jpeg"));
        assert_eq!(read(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), Err(FigureError::NotAPicture));
        assert_eq!(read(b"GIF89a"), Err(FigureError::NotAPicture));
        assert_eq!(read(b""), Err(FigureError::NotAPicture));
        assert_eq!(read(&png(0, 10)), Err(FigureError::Size));
        assert_eq!(read(&png(10, 10_001)), Err(FigureError::Size));
        assert_eq!(read(PNG), Err(FigureError::Size));
        let mut large = png(10, 10);
        large.resize(MAX_FIGURE_BYTES + 1, 0);
        assert_eq!(read(&large), Err(FigureError::TooLarge));
    }
}
