//! Archives that mean harm, or that no two programs read alike: each is refused whole, by name, before anything in it is read.

use crate::exchange::read;
use waymark_assess::interchange::Format;

const QUIZ: &[u8] = b"<assessmentItem identifier='a' title='a'/>";

/// One entry as its two headers tell of it, which need not agree.
struct Entry {
    local: &'static [u8],
    central: &'static [u8],
    bytes: Vec<u8>,
    /// What is said of it: sizes, checksum.
    unpacked: u32,
    packed: u32,
    crc: u32,
    flags: u16,
    made_by: u8,
    mode: u32,
    extra: &'static [u8],
    /// Where the list says that it begins, if not where it does.
    at: Option<u32>,
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

fn entry(name: &'static [u8], bytes: &[u8]) -> Entry {
    let length = u32::try_from(bytes.len()).expect("small");
    Entry {
        local: name,
        central: name,
        bytes: bytes.to_vec(),
        unpacked: length,
        packed: length,
        crc: crc32(bytes),
        flags: 0,
        made_by: 3,
        mode: 0o100_644,
        extra: b"",
        at: None,
    }
}

fn field(out: &mut Vec<u8>, number: u32, length: usize) {
    out.extend(&number.to_le_bytes()[..length]);
}

fn len(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).expect("small")
}

/// Stored entries, their list, and the end of it with a comment.
fn pack(entries: &[Entry], comment: &[u8]) -> Vec<u8> {
    let (mut out, mut list) = (Vec::new(), Vec::new());
    for entry in entries {
        let at = entry.at.unwrap_or(len(&out));
        out.extend(b"PK\x03\x04");
        let common = |out: &mut Vec<u8>, name: &[u8]| {
            field(out, 20, 2);
            field(out, entry.flags.into(), 2);
            field(out, 0, 2);
            field(out, 0, 4);
            field(out, entry.crc, 4);
            field(out, entry.packed, 4);
            field(out, entry.unpacked, 4);
            field(out, len(name), 2);
        };
        common(&mut out, entry.local);
        field(&mut out, 0, 2);
        out.extend(entry.local);
        out.extend(&entry.bytes);
        list.extend(b"PK\x01\x02");
        field(&mut list, 20 | (u32::from(entry.made_by) << 8), 2);
        common(&mut list, entry.central);
        field(&mut list, len(entry.extra), 2);
        field(&mut list, 0, 2);
        field(&mut list, 0, 2);
        field(&mut list, 0, 2);
        field(&mut list, entry.mode << 16, 4);
        field(&mut list, at, 4);
        list.extend(entry.central);
        list.extend(entry.extra);
    }
    let (start, count) = (len(&out), u32::try_from(entries.len()).expect("few"));
    out.extend(&list);
    out.extend(b"PK\x05\x06");
    field(&mut out, 0, 4);
    field(&mut out, count, 2);
    field(&mut out, count, 2);
    field(&mut out, len(&list), 4);
    field(&mut out, start, 4);
    field(&mut out, len(comment), 2);
    out.extend(comment);
    out
}

/// Why the archive as a whole was refused.
fn refused(bytes: &[u8]) -> &'static str {
    let import = read(bytes, Format::Qti);
    assert!(import.accepted.is_empty() && import.report.items.is_empty(), "something was read: {:?}", import.report);
    let (_, mistake) = &import.report.broken[0];
    assert!(mistake.message_in("ja") != mistake.message_in("en"));
    mistake.code
}

#[test]
fn an_honest_archive_is_read() {
    let import = read(&pack(&[entry(b"a.xml", QUIZ), entry(b"dir/", b"")], b"a comment"), Format::Qti);
    assert_eq!(import.report.items.len(), 1);
    assert_eq!(import.report.broken[0].1.code, "no_manifest");
}

#[test]
fn names_that_lead_out_are_refused_on_every_system() {
    for name in [
        &b"../a.xml"[..],
        b"a/../../a.xml",
        b"..\\a.xml",
        b"a\\..\\..\\a.xml",
        b"/etc/a.xml",
        b"\\a.xml",
        b"\\\\host\\share\\a.xml",
        b"C:\\a.xml",
        b"c:a.xml",
        b"a/D:/a.xml",
        b"a/..",
        b"a\0.xml",
        b"a\n.xml",
        b"",
    ] {
        let found = refused(&pack(&[entry(b"x.xml", QUIZ), entry(name, QUIZ)], b""));
        assert_eq!(found, "path_leads_out", "{}", String::from_utf8_lossy(name));
    }
}

#[test]
fn names_that_some_disk_takes_for_one_are_refused() {
    let pairs: [(&'static [u8], &'static [u8]); 8] = [
        (b"a.xml", b"a.xml"),
        (b"a.xml", b"A.XML"),
        ("straße.xml".as_bytes(), "STRASSE.xml".as_bytes()),
        ("\u{e9}.xml".as_bytes(), "e\u{301}.xml".as_bytes()),
        (b"d/a.xml", b"d\\a.xml"),
        (b"a.xml", b"a.xml."),
        (b"a.xml", b"a.xml "),
        (b"d", b"d/"),
    ];
    for (one, other) in pairs {
        let found = refused(&pack(&[entry(one, QUIZ), entry(other, QUIZ)], b""));
        assert_eq!(found, "duplicate_file", "{}", String::from_utf8_lossy(other));
    }
}

#[test]
fn what_is_no_plain_file_is_refused() {
    for (mode, code) in [(0o120_777, "link_in_archive"), (0o020_644, "link_in_archive"), (0o010_644, "link_in_archive")]
    {
        let odd = Entry { mode, ..entry(b"b.xml", QUIZ) };
        assert_eq!(refused(&pack(&[entry(b"a.xml", QUIZ), odd], b"")), code, "{mode:o}");
    }
    let link_of_dos = Entry { mode: 0o120_777, made_by: 0, ..entry(b"b.xml", b"/etc/passwd") };
    assert_eq!(refused(&pack(&[link_of_dos], b"")), "link_in_archive");
    let locked = Entry { flags: 1, ..entry(b"b.xml", QUIZ) };
    assert_eq!(refused(&pack(&[locked], b"")), "encrypted_archive");
}

#[test]
fn archives_that_two_programs_read_differently_are_refused() {
    let other_name = Entry { local: b"b.xml", ..entry(b"a.xml", QUIZ) };
    assert_eq!(refused(&pack(&[other_name], b"")), "damaged_archive");
    let elsewhere = Entry { at: Some(7), ..entry(b"a.xml", QUIZ) };
    assert_eq!(refused(&pack(&[elsewhere], b"")), "damaged_archive");
    // A whole second archive in the comment of the first: which list is the one?
    let inner = pack(&[entry(b"b.xml", QUIZ)], b"");
    assert_eq!(refused(&pack(&[entry(b"a.xml", QUIZ)], &inner)), "damaged_archive");
    let mut trailing = pack(&[entry(b"a.xml", QUIZ)], b"");
    trailing.push(0);
    assert_eq!(refused(&trailing), "damaged_archive");
    let mut before = b"#!/bin/sh\n".to_vec();
    before.extend(pack(&[entry(b"a.xml", QUIZ)], b""));
    before.splice(0..0, *b"PK\x03\x04");
    assert_eq!(refused(&before), "damaged_archive");
    let whole = pack(&[entry(b"a.xml", QUIZ)], b"");
    for (place, with) in [(4, 1), (6, 1), (8, 2), (10, 2), (12, 1), (16, 1)] {
        let mut bytes = whole.clone();
        let at = bytes.len() - 22 + place;
        bytes[at] = bytes[at].wrapping_add(with);
        assert_eq!(refused(&bytes), "damaged_archive", "byte {place} of the end");
    }
}

#[test]
fn archives_that_unfold_without_end_are_refused() {
    let claims = Entry { unpacked: 0x7fff_ffff, ..entry(b"a.xml", QUIZ) };
    assert_eq!(refused(&pack(&[claims], b"")), "archive_bomb");
    // Two entries of the list that share the bytes of one.
    let twice = Entry { at: Some(0), ..entry(b"a.xml", QUIZ) };
    assert_eq!(refused(&pack(&[entry(b"a.xml", QUIZ), twice], b"")), "duplicate_file");
    let sharing = Entry { packed: 60, ..entry(b"a.xml", QUIZ) };
    assert_eq!(refused(&pack(&[sharing, entry(b"b.xml", QUIZ)], b"")), "archive_bomb");
    let beyond = Entry { packed: 5_000, ..entry(b"a.xml", QUIZ) };
    assert_eq!(refused(&pack(&[beyond], b"")), "archive_bomb");
}

#[test]
fn the_kind_for_large_files_is_refused_by_name() {
    const SIZES: &[u8] = b"\x01\0\x08\0\x0a\0\0\0\0\0\0\0";
    let large = Entry { unpacked: u32::MAX, extra: SIZES, ..entry(b"a.xml", QUIZ) };
    assert_eq!(refused(&pack(&[large], b"")), "zip64_archive");
    let far = Entry { at: Some(u32::MAX), extra: SIZES, ..entry(b"a.xml", QUIZ) };
    assert_eq!(refused(&pack(&[far], b"")), "zip64_archive");
    let mut ends = pack(&[entry(b"a.xml", QUIZ)], b"");
    let at = ends.len() - 22 + 16;
    ends[at..at + 4].fill(0xff);
    assert_eq!(refused(&ends), "zip64_archive");
    let mut located = pack(&[entry(b"a.xml", QUIZ)], b"");
    let end = located.len() - 22;
    located.splice(end..end, [&b"PK\x06\x07"[..], &[0; 16]].concat());
    assert_eq!(refused(&located), "zip64_archive");
}

#[test]
fn an_archive_within_an_archive_is_named_and_not_opened() {
    let inner = pack(&[entry(b"b.xml", QUIZ)], b"");
    let import = read(&pack(&[entry(b"inner.zip", &inner)], b""), Format::Qti);
    let codes: Vec<&str> = import.report.broken.iter().map(|(_, mistake)| mistake.code).collect();
    assert_eq!((import.report.items.len(), codes), (0, vec!["no_manifest", "nested_archive"]));
}

#[test]
fn sizes_and_checksums_that_lie_cost_their_entry_alone() {
    let good = entry(b"a.xml", QUIZ);
    for lie in [
        Entry { crc: 1, ..entry(b"b.xml", QUIZ) },
        Entry { unpacked: 3, ..entry(b"b.xml", QUIZ) },
        Entry { unpacked: 9_000, ..entry(b"b.xml", QUIZ) },
    ] {
        let import =
            read(&pack(&[Entry { bytes: good.bytes.clone(), ..entry(b"a.xml", QUIZ) }, lie], b""), Format::Qti);
        let codes: Vec<&str> = import.report.rejected().map(|(_, wrong)| wrong[0].code).collect();
        assert_eq!(codes.len(), 2, "{codes:?}");
        assert_eq!(codes[1], "damaged_file");
    }
}

#[test]
fn documents_that_reach_out_or_unfold_are_refused() {
    let laughs: String =
        (1..10).map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))).collect();
    for text in [
        "<!DOCTYPE a SYSTEM \"https://elsewhere.example/a.dtd\"><a/>".to_owned(),
        "<!DOCTYPE a PUBLIC \"-//X//Y\" \"a.dtd\"><a/>".to_owned(),
        "<?xml version=\"1.0\"?><!-- c --><!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>"
            .to_owned(),
        "<!DOCTYPE a [<!ENTITY % p SYSTEM \"https://elsewhere.example/p\"> %p;]><a/>".to_owned(),
        format!("<!DOCTYPE a [<!ENTITY l0 \"ha\">{laughs}]><a>&l9;</a>"),
    ] {
        for (bytes, format) in [(text.clone(), Format::Qti), (text.replace("<a", "<quiz"), Format::Moodle)] {
            assert_eq!(read(bytes.as_bytes(), format).report.broken[0].1.code, "document_type", "{bytes}");
        }
        let package = pack(&[entry(b"a.xml", text.as_bytes()), entry(b"b.xml", QUIZ)], b"");
        let import = read(&package, Format::Qti);
        let codes: Vec<&str> = import.report.rejected().map(|(_, wrong)| wrong[0].code).collect();
        assert_eq!(codes, ["document_type", "missing"], "the other file is still looked at");
    }
}
