//! Banks of other systems in and out: every item answered for, what came in goes out and comes home the same.

use crate::{bank::png, samples};
use proptest::prelude::*;
use serde_json::json;
use waymark_assess::{
    ItemVersion,
    interchange::{ExportFormat, Format, Import, ItemOutcome, export, import, item_from_value},
    item::{Scoring, VersionHash},
};

const MOODLE: &str = include_str!("files/moodle.xml");
const GIFT: &str = include_str!("files/bank.gift");

pub fn read(bytes: &[u8], format: Format) -> Import {
    import(bytes, format, &|_| None, &|_| None)
}

fn accepted(import: &Import) -> Vec<&str> {
    import.accepted.iter().map(|(_, version)| version.slug()).collect()
}

fn rejected(import: &Import) -> Vec<(&str, &str)> {
    import.report.rejected().map(|(item, wrong)| (item.item.as_str(), wrong[0].code)).collect()
}

fn lost(import: &Import, item: &str) -> Vec<&'static str> {
    import.report.losses.iter().filter(|loss| loss.item == item).map(|loss| loss.text.code).collect()
}

fn version<'i>(import: &'i Import, slug: &str) -> &'i ItemVersion {
    &import.accepted.iter().find(|(_, version)| version.slug() == slug).expect("accepted").1
}

#[test]
fn a_moodle_quiz_is_read_item_by_item() {
    let quiz = read(MOODLE.as_bytes(), Format::Moodle);
    assert_eq!(accepted(&quiz), ["Ports", "prime-1", "Sky"]);
    assert_eq!(rejected(&quiz), [("Sum", "unsupported_type"), ("No-key", "no_key"), ("Remote", "remote_reference")]);
    let ports = version(&quiz, "Ports");
    assert_eq!(ports.content().stem.pick("en").1, "Which port is for **HTTPS**?");
    assert_eq!(ports.content().domain.as_deref(), Some("Networks"));
    assert_eq!(ports.rationale().expect("kept").reveal().pick("en").1, "RFC 9110 says 443.");
    let figure = ports.content().figure.as_ref().expect("kept");
    assert_eq!(figure.alt.as_ref().expect("described").pick("en").1, "a plug");
    assert!(quiz.figures.contains_key(&figure.sha256()));
    let mut codes = lost(&quiz, "Ports");
    codes.sort_unstable();
    assert_eq!(codes, ["feedback", "penalty", "points"]);
    let stored = version(&quiz, "prime-1").content().to_stored();
    assert!(stored.contains("\"multiple\":true") && !stored.contains("\"fixed\":false"), "{stored}");
}

#[test]
fn a_gift_file_is_read_item_by_item() {
    let file = read(GIFT.as_bytes(), Format::Gift);
    let ids = accepted(&file);
    assert_eq!(ids[0], "gr-1");
    assert!(ids.contains(&"After"), "{ids:?}");
    assert_eq!(ids.len(), 7, "{ids:?} {:?}", rejected(&file));
    assert_eq!(version(&file, "gr-1").content().stem.pick("en").1, "Who is buried in Grant's tomb:");
    assert_eq!(lost(&file, "gr-1"), ["feedback", "partial_credit"]);
    let codes: Vec<&str> = rejected(&file).into_iter().map(|(_, code)| code).collect();
    assert_eq!(codes, ["unsupported_type", "syntax"]);
}

#[test]
fn one_broken_question_of_a_quiz_leaves_the_others() {
    let broken = MOODLE.replace("<name><text>Primes</text></name>", "<name><text>Primes</name>");
    let quiz = read(broken.as_bytes(), Format::Moodle);
    assert_eq!(accepted(&quiz), ["Ports", "Sky"]);
    assert!(rejected(&quiz).contains(&("#3", "xml_syntax")) || rejected(&quiz).iter().any(|r| r.1 == "xml_syntax"));
}

#[test]
fn the_format_is_told_by_name_and_bytes() {
    let told = |name: &str, bytes: &[u8]| Format::detect(name, bytes).ok();
    assert_eq!(told("a.xml", MOODLE.as_bytes()), Some(Format::Moodle));
    assert_eq!(told("a.xml", b"<?xml version='1.0'?><!-- <quiz> --><assessmentItem/>"), Some(Format::Qti));
    assert_eq!(told("a.gift", b"x"), Some(Format::Gift));
    assert_eq!(told("a", GIFT.as_bytes()), Some(Format::Gift));
    assert_eq!(told("a.txt", b"\xef\xbb\xbfQ?\nA. x\nB. y\nANSWER: A\n"), Some(Format::Aiken));
    assert_eq!(told("upload", b"PK\x03\x04rest"), Some(Format::Qti));
    assert_eq!(told("a.csv", b"id,question"), Some(Format::Csv));
    assert_eq!(told("a", b"hello"), None);
    let utf16 = read(b"\xff\xfe<\0q\0", Format::Moodle);
    assert_eq!(utf16.report.broken[0].1.code, "not_utf8");
}

fn exported(versions: &[&ItemVersion], format: ExportFormat) -> (Vec<u8>, usize) {
    let out = export(versions, format, "en", &|_| Some(png()));
    (out.bytes, out.left_out.len())
}

fn home(bytes: &[u8], format: ExportFormat, current: &dyn Fn(&str) -> Option<VersionHash>) -> Import {
    let format = match format {
        ExportFormat::Qti3 | ExportFormat::Qti21 => Format::Qti,
        other => Format::parse(other.as_str()).expect("both ways"),
    };
    import(bytes, format, &|_| Some(png()), current)
}

fn texts() -> impl Strategy<Value = String> {
    let words = [
        "What",
        "is",
        "5 < 6",
        "R&D",
        "\"quoted\"",
        "日本語",
        "a*b",
        "**bold**",
        "{x}",
        "a=b",
        "~c",
        "50%",
        "#1",
        "x -> y",
        "[p]",
        "\\",
        "::",
    ];
    proptest::collection::vec(proptest::sample::select(words.to_vec()), 1..6).prop_map(|words| words.join(" "))
}

fn item() -> impl Strategy<Value = ItemVersion> {
    (
        texts(),
        proptest::collection::btree_set(texts(), 2..6),
        any::<bool>(),
        any::<u8>(),
        any::<bool>(),
        proptest::option::of(texts()),
    )
        .prop_filter_map("an item that is allowed", |(stem, options, multiple, key, tagged, why)| {
            let count = options.len();
            let right: Vec<usize> = (0..count).filter(|n| key >> n & 1 == 1).collect();
            let correct = if multiple { json!(right) } else { json!(usize::from(key) % count) };
            let mut fields = json!({
                "id": "x-1", "type": if multiple { "multiple_choice" } else { "single_choice" }, "question": stem,
                "answers": options, "correct": correct, "fixed": [], "domain": "alpha",
            });
            if tagged {
                fields["tags"] = json!(["one", "two"]);
                fields["figure"] = json!("a.png");
                fields["figure_alt"] = json!("a picture");
            }
            if let Some(why) = why {
                fields["rationale"] = json!(why);
            }
            item_from_value(&fields, &|_| Some(png())).ok()
        })
}

/// What an item shows and what is right: Markdown may be written in several ways, and shows the same.
fn shown(version: &ItemVersion) -> String {
    let content = version.content();
    format!(
        "{} {} {:?} {:?}",
        content.to_stored(),
        version.key().to_stored(),
        version.rationale().map(waymark_assess::item::Rationale::to_stored),
        content.tags
    )
}

proptest! {
    #![proptest_config(crate::drawn::cases(256))]

    /// JSON, YAML and CSV give back the very same version.
    #[test]
    fn our_own_formats_round_trip(version in item()) {
        for format in [ExportFormat::Json, ExportFormat::Yaml, ExportFormat::Csv] {
            let (bytes, left_out) = exported(&[&version], format);
            prop_assert_eq!(left_out, 0);
            let back = home(&bytes, format, &|_| Some(version.hash()));
            prop_assert_eq!(back.report.unchanged(), 1, "{:?} {}", rejected(&back), String::from_utf8_lossy(&bytes));
        }
    }

    /// Moodle and GIFT carry Markdown as it is; what they cannot say is not drawn here.
    #[test]
    fn moodle_and_gift_round_trip(version in item()) {
        for format in [ExportFormat::Moodle, ExportFormat::Gift] {
            let (bytes, left_out) = exported(&[&version], format);
            if left_out > 0 {
                prop_assert!(format == ExportFormat::Gift && version.content().figure.is_some());
                continue;
            }
            let back = home(&bytes, format, &|_| None);
            prop_assert_eq!(back.accepted.len(), 1, "{:?} {}", rejected(&back), String::from_utf8_lossy(&bytes));
            let again = &back.accepted[0].1;
            // Both score a multiple choice by its parts: the right answers are the same.
            prop_assert!(again.key().kind() == version.key().kind());
            prop_assert_eq!(&again.content().stem, &version.content().stem);
            prop_assert_eq!(&again.content().tags, &version.content().tags);
            prop_assert_eq!(&again.content().figure, &version.content().figure);
        }
    }

    /// What QTI brought home goes out and comes home the same from then on, and shows the same from the first.
    #[test]
    fn qti_round_trips(version in item()) {
        for format in [ExportFormat::Qti3, ExportFormat::Qti21] {
            let (bytes, left_out) = exported(&[&version], format);
            prop_assert_eq!(left_out, 0);
            let first = home(&bytes, format, &|_| None);
            prop_assert_eq!(first.accepted.len(), 1, "{:?}", rejected(&first));
            let once = &first.accepted[0].1;
            prop_assert_eq!(once.key(), version.key());
            prop_assert_eq!(&once.content().figure, &version.content().figure);
            prop_assert_eq!(&once.content().domain, &version.content().domain);
            let (bytes, _) = exported(&[once], format);
            let second = home(&bytes, format, &|_| None);
            prop_assert_eq!(shown(&second.accepted[0].1), shown(once));
        }
    }

    /// Flipped, cut and doubled bytes: an answer every time, never a panic, and no item without its word.
    #[test]
    fn damage_is_answered_for(at in proptest::collection::vec((any::<u16>(), any::<u8>()), 1..6), cut in any::<u16>(), seed in 0_usize..4) {
        let version = item_from_value(&json!({"id": "x", "question": "Q?", "answers": ["a", "b"], "correct": 0}), &|_| None).expect("an item");
        let (bytes, format) = match seed {
            0 => (MOODLE.as_bytes().to_vec(), Format::Moodle),
            1 => (GIFT.as_bytes().to_vec(), Format::Gift),
            2 => (exported(&[&version], ExportFormat::Qti3).0, Format::Qti),
            _ => (exported(&[&version], ExportFormat::Aiken).0, Format::Aiken),
        };
        let mut bytes = bytes;
        for (place, byte) in at {
            let place = usize::from(place) % bytes.len();
            bytes[place] = byte;
        }
        bytes.truncate(bytes.len() - usize::from(cut) % (bytes.len() / 4));
        let found = read(&bytes, format);
        prop_assert!(!found.report.items.is_empty() || !found.report.broken.is_empty());
        prop_assert_eq!(found.report.items.len(), found.accepted.len() + found.report.rejected().count());
    }
}

#[test]
fn the_same_file_again_changes_nothing() {
    for (bytes, format) in [(MOODLE, Format::Moodle), (GIFT, Format::Gift)] {
        let first = read(bytes.as_bytes(), format);
        let held: std::collections::BTreeMap<_, _> =
            first.accepted.iter().map(|(_, v)| (v.slug().to_owned(), v.hash())).collect();
        let second = import(bytes.as_bytes(), format, &|_| None, &|slug| held.get(slug).copied());
        assert_eq!((second.report.unchanged(), second.report.imported()), (held.len(), 0));
        assert!(second.accepted.iter().all(|(outcome, _)| *outcome == ItemOutcome::Unchanged));
    }
}

#[test]
fn an_export_names_what_it_leaves_behind() {
    let fields = json!({
        "id": "x", "question": {"ja": "問?", "en": "Q?"}, "answers": [{"ja": "甲", "en": "a"}, {"ja": "乙", "en": "b"}], "correct": 0,
        "refs": ["RFC 1"], "figure": "a.png", "rationale": {"ja": "因", "en": "why"},
    });
    let version = item_from_value(&fields, &|_| Some(png())).expect("an item");
    let out = export(&[&version], ExportFormat::Aiken, "ja", &|_| Some(png()));
    assert_eq!((out.items, out.left_out.len()), (0, 1));
    let out = export(&[&version], ExportFormat::Qti21, "ja", &|_| Some(png()));
    let codes: Vec<_> = out.losses.iter().map(|loss| loss.text.code).collect();
    assert_eq!(codes, ["other_languages", "not_said"]);
    let back = read(&out.bytes, Format::Qti);
    assert_eq!(version_language(&back), ["ja"]);
}

fn version_language(import: &Import) -> Vec<String> {
    import.accepted[0].1.content().languages()
}

/// What each format cannot hold is left out by name; the rest comes home as it went out, and stays so.
#[test]
fn every_type_goes_out_and_comes_home() {
    let items = samples::items(Scoring::default());
    let all: Vec<&ItemVersion> = items.iter().collect();
    for (format, without) in [
        (ExportFormat::Qti3, vec!["item-07"]),
        (ExportFormat::Qti21, vec!["item-07"]),
        (ExportFormat::Moodle, vec!["item-07", "item-10"]),
        (ExportFormat::Gift, vec!["item-04", "item-07", "item-08", "item-09", "item-10", "item-12"]),
    ] {
        let out = export(&all, format, "en", &|_| Some(png()));
        let mut left_out: Vec<&str> = out.left_out.iter().map(|loss| loss.item.as_str()).collect();
        left_out.sort_unstable();
        assert_eq!(left_out, without, "{format:?}");
        let first = home(&out.bytes, format, &|_| None);
        assert_eq!(rejected(&first), [], "{format:?}");
        let qti = matches!(format, ExportFormat::Qti3 | ExportFormat::Qti21);
        let type_of = |version: &ItemVersion| match version.content().item_type().as_str() {
            "true_false" if qti => "single_choice",
            other => other,
        };
        let went: Vec<&str> = all.iter().filter(|v| !left_out.contains(&v.slug())).map(|v| type_of(v)).collect();
        let came: Vec<&str> = first.accepted.iter().map(|(_, v)| v.content().item_type().as_str()).collect();
        assert_eq!(came, went, "{format:?}");
        let again: Vec<&ItemVersion> = first.accepted.iter().map(|(_, version)| version).collect();
        let second = home(&exported(&again, format).0, format, &|_| None);
        for ((_, once), (_, twice)) in first.accepted.iter().zip(&second.accepted) {
            assert_eq!(shown(twice), shown(once), "{format:?}");
        }
        assert_eq!(second.accepted.len(), first.accepted.len());
    }
}
