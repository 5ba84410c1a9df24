use super::*;
use crate::certificate::Fact;

fn fonts() -> Fonts {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../badge_templates/fonts/NotoSansJP-");
    Fonts::load(
        ["Regular", "Bold"].map(|w| std::fs::read(format!("{folder}{w}.ttf")).expect("the fonts are committed")),
    )
    .unwrap()
}

/// Everything as long as it gets.
fn worst(language: &str, filler: &str) -> Certificate {
    let long = |n: usize| filler.chars().cycle().take(n).collect::<String>();
    Certificate {
        language: language.into(),
        title: long(30),
        notice: long(200),
        lead: long(60),
        holder: long(60),
        honorific: "殿".into(),
        before: long(120),
        achievement: long(200),
        after: long(160),
        criteria: long(2000),
        date: long(40),
        issuer: long(200),
        facts: vec![Fact { label: long(30), value: long(80) }; 5],
        address: long(160),
        note: long(300),
        ..Certificate::default()
    }
}

fn check(certificate: &Certificate) -> LaidOut {
    let out = lay_out(certificate, &fonts());
    let boxes: Vec<(f32, f32, f32, f32, &str)> = out
        .lines
        .iter()
        .map(|l| (l.x, l.y - 0.88 * l.size, l.x + l.line.width * l.size, l.y + 0.12 * l.size, l.words.as_str()))
        .collect();
    for (n, (left, top, right, bottom, words)) in boxes.iter().enumerate() {
        assert!(*left >= MARGIN - 0.5 && *right <= PAGE.0 - MARGIN + 0.5, "{words} is {left}..{right}");
        assert!(*top >= 40.0 && *bottom <= PAGE.1 - 34.0, "{words} is {top}..{bottom}");
        for (l, t, r, b, other) in &boxes[n + 1..] {
            let apart = right <= l || r <= left || bottom <= &(t + 0.5) || b <= &(top + 0.5);
            assert!(apart, "{words} ({top}..{bottom}) and {other} ({t}..{b}) overlap");
        }
        let (qx, qy) = QR_AT;
        let quiet = 4.0 * QR_SIDE / 29.0;
        assert!(
            *left >= qx + QR_SIDE + quiet || *bottom <= qy - quiet || *top >= qy + QR_SIDE + 4.0,
            "{words} is in the quiet zone"
        );
    }
    out
}

#[test]
fn nothing_overflows_or_overlaps() {
    for (language, filler) in [
        ("ja", "認定資格コミュニティの貢献者として "),
        ("en", "Extraordinarily long names of things "),
        ("en", "W"),
        ("ja", "鬱"),
    ] {
        let out = check(&worst(language, filler));
        assert!(out.shortened.contains(&"criteria"), "two thousand characters are cut, and it is told");
    }
}

#[test]
fn a_long_latin_name_shrinks_and_wraps_but_stays_whole() {
    let fonts = fonts();
    let name = "Wolfeschlegelsteinhausenbergerdorff Maximilian-Alexander Wright";
    assert!(name.len() >= 60);
    let certificate = Certificate { holder: name.into(), achievement: "基礎".into(), ..Certificate::default() };
    let out = lay_out(&certificate, &fonts);
    assert!(out.shortened.is_empty());
    let lines: Vec<&str> = out.lines.iter().filter(|l| name.contains(&l.words)).map(|l| l.words.as_str()).collect();
    assert_eq!(lines.join(" "), name);
    assert!(out.lines[0].size < 30.0 && out.lines[0].size > 11.0);
    // One word without any place to break.
    let certificate = Certificate { holder: "W".repeat(60), ..Certificate::default() };
    let out = lay_out(&certificate, &fonts);
    let shown: String = out.lines.iter().map(|l| l.words.as_str()).collect();
    assert_eq!((shown, out.shortened), ("W".repeat(60), vec![]));
}

#[test]
fn a_short_name_stands_in_the_middle_with_what_follows_it() {
    let certificate = Certificate { holder: "髙﨑 邉".into(), honorific: "殿".into(), ..Certificate::default() };
    let out = check(&certificate);
    let (name, honorific) = (&out.lines[0], &out.lines[1]);
    assert_eq!((name.size, honorific.words.as_str()), (30.0, "殿"));
    let middle = (name.x + honorific.x + honorific.line.width * honorific.size) / 2.0;
    assert!((middle - PAGE.0 / 2.0).abs() < 1.0, "{middle}");
}
