//! How wide and high a picture is, from its own bytes: what areas over it are measured in.

/// Width and height of a PNG (PNG §11.2.2, `IHDR`) or a JPEG (ITU-T T.81 §B.2.2, the first start of a frame).
pub fn size_of(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        let side = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        return Some((side(16)?, side(20)?));
    }
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    loop {
        let [0xff, marker, after @ ..] = rest else { return None };
        match marker {
            // Filling between segments.
            0xff => rest = rest.get(1..)?,
            // Differential and plain frames; C4, C8 and CC are tables and extensions.
            0xc0..=0xcf if ![0xc4, 0xc8, 0xcc].contains(marker) => {
                let side = |at: usize| Some(u32::from(u16::from_be_bytes(after.get(at..at + 2)?.try_into().ok()?)));
                return Some((side(5)?, side(3)?));
            }
            _ => {
                let length = usize::from(u16::from_be_bytes(after.get(..2)?.try_into().ok()?));
                rest = after.get(length..)?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_from_the_bytes() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x40\0\0\0\xf0\x08\x02\0\0\0";
        assert_eq!(size_of(png), Some((320, 240)));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc4\0\x02\xff\xc2\0\x11\x08\0\xf0\x01\x40\x03";
        assert_eq!(size_of(jpeg), Some((320, 240)));
        for cut in
            [&png[..20], &jpeg[..jpeg.len() - 4], b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\0\0\xff\xe0\0\0", b"GIF", b""]
        {
            assert_eq!(size_of(cut), None, "{cut:?}");
        }
    }
}
