//! A credential in a PNG: one uncompressed `iTXt` chunk with the keyword `openbadgecredential` (Open Badges 3.0 §5.3.1).

use flate2::Crc;

/// The most bytes a baked picture may have.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// The most pixels, read from the header before anything else.
pub const MAX_PIXELS: u64 = 4_000_000;

const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";
const KEYWORD: &[u8] = b"openbadgecredential";
const KEYWORD_OF_2_0: &[u8] = b"openbadges";

/// Why a PNG could not be baked or read. Offsets are bytes from the start of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PngError {
    #[error("this is not a PNG file")]
    NotPng,
    #[error("the picture is larger than {MAX_BYTES} bytes")]
    TooLarge,
    #[error("the picture has {0} × {1} pixels; at most {MAX_PIXELS} are read")]
    TooManyPixels(u32, u32),
    #[error("the file ends in the middle of a chunk at byte {0}")]
    Truncated(usize),
    #[error("the chunk at byte {0} is damaged: its checksum does not match")]
    Checksum(usize),
    #[error("the chunk at byte {0} does not belong there or has the wrong form")]
    Malformed(usize),
    #[error("bytes follow the end of the picture at byte {0}")]
    AfterEnd(usize),
    #[error("there is no credential in this picture")]
    NoCredential,
    #[error("this picture carries an Open Badges 2.0 assertion, not an Open Badges 3.0 credential")]
    OpenBadges2,
    #[error("there is more than one credential in this picture (the second at byte {0})")]
    SecondCredential(usize),
    #[error("the credential at byte {0} is compressed or not in an iTXt chunk, which Open Badges does not allow")]
    WrongChunk(usize),
    #[error("the credential at byte {0} is not UTF-8 text")]
    NotText(usize),
}

impl PngError {
    /// Stable name for reports and messages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotPng => "not_png",
            Self::TooLarge => "png_too_large",
            Self::TooManyPixels(..) => "png_too_many_pixels",
            Self::Truncated(_) => "png_truncated",
            Self::Checksum(_) => "png_checksum",
            Self::Malformed(_) => "png_malformed",
            Self::AfterEnd(_) => "png_after_end",
            Self::NoCredential => "png_no_credential",
            Self::OpenBadges2 => "open_badges_2",
            Self::SecondCredential(_) => "png_second_credential",
            Self::WrongChunk(_) => "png_wrong_chunk",
            Self::NotText(_) => "png_not_text",
        }
    }
}

/// Whether the bytes begin like a PNG file.
pub fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(SIGNATURE)
}

/// Writes `credential` (its JSON or its compact JWS) into the picture; a credential already there is replaced.
pub fn bake(png: &[u8], credential: &str) -> Result<Vec<u8>, PngError> {
    let chunks = chunks(png)?;
    let mut baked = Vec::with_capacity(png.len() + credential.len() + 64);
    baked.extend_from_slice(SIGNATURE);
    for chunk in &chunks {
        if text_keyword(chunk).is_some_and(|keyword| keyword == KEYWORD) {
            continue;
        }
        baked.extend_from_slice(&png[chunk.start..chunk.start + 12 + chunk.data.len()]);
        if chunk.kind == b"IHDR" {
            // keyword, NUL, not compressed, method 0, empty language tag and translated keyword with their NULs
            let data = [KEYWORD, b"\0\0\0\0\0", credential.as_bytes()].concat();
            write_chunk(&mut baked, b"iTXt", &data);
        }
    }
    if baked.len() > MAX_BYTES {
        return Err(PngError::TooLarge);
    }
    Ok(baked)
}

/// Takes the one credential out of a baked picture.
pub fn unbake(png: &[u8]) -> Result<String, PngError> {
    let mut found: Option<String> = None;
    let mut open_badges_2 = false;
    for chunk in chunks(png)? {
        let Some(keyword) = text_keyword(&chunk) else { continue };
        open_badges_2 |= keyword == KEYWORD_OF_2_0;
        if keyword != KEYWORD {
            continue;
        }
        if found.is_some() {
            return Err(PngError::SecondCredential(chunk.start));
        }
        if chunk.kind != b"iTXt" {
            return Err(PngError::WrongChunk(chunk.start));
        }
        found = Some(text_of(&chunk, KEYWORD)?);
    }
    match found {
        Some(credential) => Ok(credential),
        None if open_badges_2 => Err(PngError::OpenBadges2),
        None => Err(PngError::NoCredential),
    }
}

/// Takes the one Open Badges 2.0 assertion, or its address, out of a picture: an `iTXt` chunk, or `tEXt` as older software wrote it.
pub fn unbake_2_0(png: &[u8]) -> Result<String, PngError> {
    let chunks = chunks(png)?;
    let mut found = chunks.iter().filter(|chunk| text_keyword(chunk).is_some_and(|keyword| keyword == KEYWORD_OF_2_0));
    let chunk = found.next().ok_or(PngError::NoCredential)?;
    if let Some(second) = found.next() {
        return Err(PngError::SecondCredential(second.start));
    }
    match chunk.kind {
        b"iTXt" => text_of(chunk, KEYWORD_OF_2_0),
        b"tEXt" => {
            let text = chunk.data.get(KEYWORD_OF_2_0.len() + 1..).ok_or(PngError::Malformed(chunk.start))?;
            String::from_utf8(text.to_vec()).map_err(|_| PngError::NotText(chunk.start))
        }
        _ => Err(PngError::WrongChunk(chunk.start)),
    }
}

struct Chunk<'a> {
    start: usize,
    kind: &'a [u8; 4],
    data: &'a [u8],
}

/// All chunks, after the rules that hold for the whole file: header first, checksums, an end with nothing behind it.
fn chunks(png: &[u8]) -> Result<Vec<Chunk<'_>>, PngError> {
    if !is_png(png) {
        return Err(PngError::NotPng);
    }
    if png.len() > MAX_BYTES {
        return Err(PngError::TooLarge);
    }
    let mut chunks = Vec::new();
    let mut start = SIGNATURE.len();
    loop {
        let chunk = read_chunk(png, start)?;
        if chunks.is_empty() {
            check_header(&chunk)?;
        } else if chunk.kind == b"IHDR" {
            return Err(PngError::Malformed(start));
        }
        start += 12 + chunk.data.len();
        let last = chunk.kind == b"IEND";
        if last && (!chunk.data.is_empty() || !chunks.iter().any(|c: &Chunk<'_>| c.kind == b"IDAT")) {
            return Err(PngError::Malformed(chunk.start));
        }
        chunks.push(chunk);
        if last {
            break;
        }
    }
    if start != png.len() {
        return Err(PngError::AfterEnd(start));
    }
    Ok(chunks)
}

fn read_chunk(png: &[u8], start: usize) -> Result<Chunk<'_>, PngError> {
    let rest = png.get(start..).unwrap_or_default();
    let (length, rest) = rest.split_first_chunk::<4>().ok_or(PngError::Truncated(start))?;
    let length = u32::from_be_bytes(*length);
    let checked = rest;
    let (kind, rest) = rest.split_first_chunk::<4>().ok_or(PngError::Truncated(start))?;
    if length > i32::MAX as u32 || !kind.iter().all(u8::is_ascii_alphabetic) {
        return Err(PngError::Malformed(start));
    }
    let length = usize::try_from(length).map_err(|_| PngError::Truncated(start))?;
    let (data, rest) = rest.split_at_checked(length).ok_or(PngError::Truncated(start))?;
    let crc = rest.first_chunk::<4>().ok_or(PngError::Truncated(start))?;
    if checksum(&checked[..4 + length]) != u32::from_be_bytes(*crc) {
        return Err(PngError::Checksum(start));
    }
    Ok(Chunk { start, kind, data })
}

fn check_header(chunk: &Chunk<'_>) -> Result<(), PngError> {
    let malformed = PngError::Malformed(chunk.start);
    if chunk.kind != b"IHDR" || chunk.data.len() != 13 {
        return Err(malformed);
    }
    let (Some(width), Some(height)) = (chunk.data.first_chunk::<4>(), chunk.data[4..].first_chunk::<4>()) else {
        return Err(malformed);
    };
    let (width, height) = (u32::from_be_bytes(*width), u32::from_be_bytes(*height));
    if width == 0 || height == 0 {
        return Err(malformed);
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(PngError::TooManyPixels(width, height));
    }
    Ok(())
}

/// The keyword of a text chunk of any of the three kinds.
fn text_keyword<'a>(chunk: &Chunk<'a>) -> Option<&'a [u8]> {
    if !matches!(chunk.kind, b"iTXt" | b"tEXt" | b"zTXt") {
        return None;
    }
    chunk.data.split(|byte| *byte == 0).next()
}

fn text_of(chunk: &Chunk<'_>, keyword: &[u8]) -> Result<String, PngError> {
    let malformed = PngError::Malformed(chunk.start);
    let rest = chunk.data.get(keyword.len() + 1..).ok_or(malformed.clone())?;
    let ([compressed, method], rest) = rest.split_first_chunk::<2>().ok_or(malformed.clone())?;
    if (*compressed, *method) != (0, 0) {
        return Err(PngError::WrongChunk(chunk.start));
    }
    // language tag and translated keyword carry nothing for us
    let mut parts = rest.splitn(3, |byte| *byte == 0);
    let (Some(_), Some(_), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(malformed);
    };
    String::from_utf8(text.to_vec()).map_err(|_| PngError::NotText(chunk.start))
}

fn write_chunk(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).expect("the caps keep a chunk far below 4 GiB");
    out.extend_from_slice(&length.to_be_bytes());
    let checked = out.len();
    out.extend_from_slice(kind);
    out.extend_from_slice(data);
    let crc = checksum(&out[checked..]);
    out.extend_from_slice(&crc.to_be_bytes());
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

#[cfg(test)]
mod tests;
