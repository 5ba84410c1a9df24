use proptest::prelude::*;

use super::*;

/// A picture of the given chunks, each with its right checksum.
fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut out = SIGNATURE.to_vec();
    for (kind, data) in chunks {
        write_chunk(&mut out, kind, data);
    }
    out
}

const HEADER: &[u8] = &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0];
/// zlib of one filter byte and one black pixel.
const PIXEL: &[u8] = &[0x78, 0x9c, 0x63, 0x60, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01];

fn plain() -> Vec<u8> {
    png(&[(b"IHDR", HEADER), (b"IDAT", PIXEL), (b"IEND", b"")])
}

fn itxt(text: &[u8]) -> Vec<u8> {
    [KEYWORD, b"\0\0\0\0\0", text].concat()
}

#[test]
fn what_is_baked_comes_out_and_the_picture_stays() {
    let baked = bake(&plain(), "{\"id\":\"é\"}").unwrap();
    assert_eq!(unbake(&baked).unwrap(), "{\"id\":\"é\"}");
    let kinds: Vec<_> = chunks(&baked).unwrap().iter().map(|c| c.kind.to_owned()).collect();
    assert_eq!(kinds, [*b"IHDR", *b"iTXt", *b"IDAT", *b"IEND"]);
    let decoded = ::png::Decoder::new(std::io::Cursor::new(&baked)).read_info().unwrap();
    let text = &decoded.info().utf8_text[0];
    assert_eq!((text.keyword.as_str(), text.compressed), ("openbadgecredential", false));
    assert_eq!(text.get_text().unwrap(), "{\"id\":\"é\"}");
}

#[test]
fn baking_again_replaces() {
    let twice = bake(&bake(&plain(), "one").unwrap(), "two").unwrap();
    assert_eq!(unbake(&twice).unwrap(), "two");
}

#[test]
fn a_second_credential_is_refused() {
    let two =
        png(&[(b"IHDR", HEADER), (b"iTXt", &itxt(b"a")), (b"IDAT", PIXEL), (b"iTXt", &itxt(b"b")), (b"IEND", b"")]);
    assert!(matches!(unbake(&two), Err(PngError::SecondCredential(_))));
    let other_kind = png(&[
        (b"IHDR", HEADER),
        (b"iTXt", &itxt(b"a")),
        (b"tEXt", b"openbadgecredential\0b"),
        (b"IDAT", PIXEL),
        (b"IEND", b""),
    ]);
    assert!(matches!(unbake(&other_kind), Err(PngError::SecondCredential(_))));
}

#[test]
fn nothing_may_follow_the_end() {
    let mut chunk = Vec::new();
    write_chunk(&mut chunk, b"iTXt", &itxt(b"b"));
    let after = [bake(&plain(), "a").unwrap(), chunk].concat();
    assert!(matches!(unbake(&after), Err(PngError::AfterEnd(_))));
    assert!(matches!(unbake(&[plain(), b"PK".to_vec()].concat()), Err(PngError::AfterEnd(_))));
}

#[test]
fn compressed_or_other_chunks_are_refused() {
    let data = [KEYWORD, b"\0\x01\0\0\0", b"x"].concat();
    let compressed = png(&[(b"IHDR", HEADER), (b"iTXt", &data), (b"IDAT", PIXEL), (b"IEND", b"")]);
    assert!(matches!(unbake(&compressed), Err(PngError::WrongChunk(_))));
    let data = b"openbadgecredential\0\0x";
    let ztxt = png(&[(b"IHDR", HEADER), (b"zTXt", data), (b"IDAT", PIXEL), (b"IEND", b"")]);
    assert!(matches!(unbake(&ztxt), Err(PngError::WrongChunk(_))));
}

#[test]
fn every_cut_and_every_flipped_byte_is_seen() {
    let baked = bake(&plain(), "abc").unwrap();
    for end in 0..baked.len() {
        assert!(unbake(&baked[..end]).is_err(), "cut at {end}");
    }
    for at in 0..baked.len() {
        let mut flipped = baked.clone();
        flipped[at] ^= 0x20;
        assert!(unbake(&flipped).is_err(), "flipped at {at}");
    }
}

#[test]
fn a_huge_picture_is_refused_from_its_header() {
    let header = [&20_000_u32.to_be_bytes()[..], &20_000_u32.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let flood = png(&[(b"IHDR", &header), (b"IDAT", PIXEL), (b"IEND", b"")]);
    assert_eq!(unbake(&flood), Err(PngError::TooManyPixels(20_000, 20_000)));
    assert_eq!(unbake(&[SIGNATURE.to_vec(), vec![0; MAX_BYTES]].concat()), Err(PngError::TooLarge));
}

#[test]
fn a_plain_picture_and_a_2_0_badge_say_what_they_are() {
    assert_eq!(unbake(&plain()), Err(PngError::NoCredential));
    let old = png(&[(b"IHDR", HEADER), (b"tEXt", b"openbadges\0https://x"), (b"IDAT", PIXEL), (b"IEND", b"")]);
    assert_eq!(unbake(&old), Err(PngError::OpenBadges2));
    assert_eq!(unbake_2_0(&old).unwrap(), "https://x");
    let itxt_2_0 = [KEYWORD_OF_2_0, b"\0\0\0\0\0{}"].concat();
    let newer = png(&[(b"IHDR", HEADER), (b"iTXt", &itxt_2_0), (b"IDAT", PIXEL), (b"IEND", b"")]);
    assert_eq!(unbake_2_0(&newer).unwrap(), "{}");
    let both =
        png(&[(b"IHDR", HEADER), (b"iTXt", &itxt_2_0), (b"tEXt", b"openbadges\0x"), (b"IDAT", PIXEL), (b"IEND", b"")]);
    assert!(matches!(unbake_2_0(&both), Err(PngError::SecondCredential(_))));
    let packed = png(&[(b"IHDR", HEADER), (b"zTXt", b"openbadges\0\0x"), (b"IDAT", PIXEL), (b"IEND", b"")]);
    assert!(matches!(unbake_2_0(&packed), Err(PngError::WrongChunk(_))));
    assert_eq!(unbake_2_0(&plain()), Err(PngError::NoCredential));
    assert_eq!(unbake(b"GIF89a"), Err(PngError::NotPng));
}

#[test]
fn the_shape_of_the_file_is_checked() {
    let no_data = png(&[(b"IHDR", HEADER), (b"iTXt", &itxt(b"a")), (b"IEND", b"")]);
    assert!(matches!(unbake(&no_data), Err(PngError::Malformed(_))));
    let header_late = png(&[(b"iTXt", &itxt(b"a")), (b"IHDR", HEADER), (b"IDAT", PIXEL), (b"IEND", b"")]);
    assert!(matches!(unbake(&header_late), Err(PngError::Malformed(_))));
    let not_text = png(&[(b"IHDR", HEADER), (b"iTXt", &itxt(b"\xff")), (b"IDAT", PIXEL), (b"IEND", b"")]);
    assert!(matches!(unbake(&not_text), Err(PngError::NotText(_))));
    let no_separator = png(&[(b"IHDR", HEADER), (b"iTXt", KEYWORD), (b"IDAT", PIXEL), (b"IEND", b"")]);
    assert!(matches!(unbake(&no_separator), Err(PngError::Malformed(_))));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn every_text_comes_out_byte_for_byte(text in any::<String>(), before in any::<String>()) {
        // A NUL ends fields of the chunk; the text is its last field, so even that survives.
        let baked = bake(&bake(&plain(), &before).unwrap(), &text).unwrap();
        prop_assert_eq!(unbake(&baked).unwrap(), text);
        prop_assert_eq!(bake(&baked, "").unwrap(), bake(&plain(), "").unwrap(), "the picture itself is untouched");
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), data in prop::collection::vec(any::<u8>(), 0..60)) {
        let _ = unbake(&bytes);
        let _ = unbake(&[&SIGNATURE[..], &bytes].concat());
        let text = [KEYWORD, &data].concat();
        let _ = unbake(&png(&[(b"IHDR", HEADER), (b"iTXt", &text), (b"IDAT", PIXEL), (b"IEND", b"")]));
        let _ = bake(&bytes, "x");
    }
}
