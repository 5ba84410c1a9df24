//! The built-in templates hold what their README promises.

use std::fs;

use waymark_rendering::{Fonts, SlotKind, Template};

const TEMPLATES: [&str; 3] = ["hexagon", "ribbon", "seal"];
const LONG: [[&str; 3]; 3] = [
    ["コミュニティ・コントリビューター認定 上級", "一般社団法人サンプル技術者協会", "2026年度上級"],
    ["Community Contributor Certification, Advanced", "Sample Engineers Association", "Class of 2026"],
    [
        "オープンソースコミュニティ運営責任者（マイスター）",
        "特定非営利活動法人 日本オープンコミュニティ推進機構",
        "第12期",
    ],
];

fn folder() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../badge_templates").into()
}

fn fonts() -> Fonts {
    let file = |weight: &str| fs::read(format!("{}/fonts/NotoSansJP-{weight}.ttf", folder())).expect("committed");
    Fonts::load([file("Regular"), file("Bold")]).expect("readable")
}

fn template(name: &str) -> Template {
    parsed(&format!("{}/{name}.svg", folder()))
}

fn parsed(path: &str) -> Template {
    let svg = fs::read_to_string(path).expect("committed");
    Template::parse(&svg).unwrap_or_else(|mistakes| panic!("{path}:\n{mistakes}"))
}

#[test]
fn all_have_the_same_slots() {
    for name in TEMPLATES {
        let template = template(name);
        let given: Vec<&str> = template
            .slots()
            .iter()
            .filter(|s| !matches!(s.kind, SlotKind::LegibleOn(_)))
            .map(|s| s.name.as_str())
            .collect();
        assert_eq!(given, ["title", "issuer", "level", "emblem", "primary", "accent"], "{name}");
    }
}

#[test]
fn long_names_fit_in_both_languages() {
    let fonts = fonts();
    for name in TEMPLATES {
        for [title, issuer, level] in LONG {
            let values = [("title", title), ("issuer", issuer), ("level", level)];
            let picture = template(name).fill(&values, &fonts).unwrap();
            assert!(picture.missing.is_empty(), "{name}: {:?}", picture.missing);
            assert!(picture.shortened.is_empty(), "{name}, {title}: {:?} cut", picture.shortened);
        }
    }
}

/// The title's ink must not leave the middle of the badge, whatever its length: rendered with and without, the pixels that
/// differ lie inside.
#[test]
fn the_title_changes_pixels_and_stays_inside() {
    let fonts = fonts();
    for name in TEMPLATES {
        let draw = |title: &str| {
            let bytes = template(name).fill(&[("title", title)], &fonts).unwrap().png(256).unwrap();
            let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            reader.next_frame(&mut pixels).unwrap();
            pixels
        };
        let (blank, long) = (draw(" "), draw(LONG[0][0]));
        let differ: Vec<usize> =
            (0..256 * 256).filter(|i| blank[i * 4..][..4] != long[i * 4..][..4]).map(|i| i % 256).collect();
        let (left, right) = (differ.iter().min().unwrap(), differ.iter().max().unwrap());
        assert!(*left >= 24 && *right <= 232, "{name}: ink from {left} to {right}");
        assert!(left.abs_diff(255 - right) <= 4, "{name}: centred, {left} to {right}");
    }
}

#[test]
fn the_demo_badges_take_what_a_track_offers() {
    let fonts = fonts();
    for (name, title) in
        [("foundations", "Lantern Keeper Foundations"), ("contributor", "続ける手"), ("steward", "あかり番 世話役認定")]
    {
        let template = parsed(&format!("{}/../demo/program/badges/{name}.svg", folder()));
        assert!(["title", "issuer", "level", "primary", "accent"].iter().all(|slot| template.takes(slot)), "{name}");
        let picture = template.fill(&[("title", title), ("issuer", "あかり番の会")], &fonts).unwrap();
        assert!(picture.missing.is_empty() && picture.shortened.is_empty(), "{name}");
        picture.png(48).unwrap();
    }
}

#[test]
fn every_emblem_is_drawn() {
    let fonts = fonts();
    for name in TEMPLATES {
        let template = template(name);
        let emblem = template.slots().iter().find(|s| s.name == "emblem").expect("declared");
        let SlotKind::Choice(words) = &emblem.kind else { panic!("{name}: emblem is a choice") };
        let mut seen: Vec<Vec<u8>> = Vec::new();
        for word in words {
            let picture = template.fill(&[("title", "t"), ("emblem", word)], &fonts).unwrap();
            let png = picture.png(48).unwrap();
            assert!(!seen.contains(&png), "{name}: {word} looks like another");
            seen.push(png);
            assert!(
                picture.svg.len() < 64 * 1024,
                "{name}: {} bytes are too many for a baked badge",
                picture.svg.len()
            );
        }
    }
}
