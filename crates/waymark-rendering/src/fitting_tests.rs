use super::*;

fn fonts() -> Fonts {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../badge_templates/fonts/NotoSansJP-");
    Fonts::load(
        ["Regular", "Bold"].map(|w| std::fs::read(format!("{folder}{w}.ttf")).expect("the fonts are committed")),
    )
    .unwrap()
}

fn place(width: f32, lines: usize) -> Lettering {
    Lettering {
        x: 0.0,
        y: 0.0,
        size: 40.0,
        weight: 700.0,
        anchor: 0.5,
        spacing: 0.0,
        width: Some(width),
        height: None,
        lines,
        min_size: 18.0,
        leading: 1.25,
        arc: None,
    }
}

/// The lines a text is set in, read back from the glyphs' bytes.
fn lines(text: &str, lettering: &Lettering, fonts: &Fonts) -> (Vec<String>, f32) {
    let whole = fonts.set(text, lettering.weight, lettering.spacing);
    let breaks = Breaks::of(text, &whole, lettering.spacing);
    let fitted = lettering.best(text, fonts);
    let counts: Vec<usize> = fitted.lines.iter().map(|l| l.glyphs.len()).collect();
    let mut found = Vec::new();
    breaks.each(counts.len(), &mut |ranges, _, _| {
        let same = ranges
            .iter()
            .zip(&counts)
            .all(|((a, b), n)| fonts.set(text[*a..*b].trim(), lettering.weight, lettering.spacing).glyphs.len() == *n);
        if same && found.is_empty() {
            found = ranges.iter().map(|(a, b)| text[*a..*b].trim().to_owned()).collect();
        }
    });
    (found, fitted.size)
}

#[test]
fn japanese_breaks_between_words() {
    let fonts = fonts();
    let (set, size) = lines("コミュニティ・コントリビューター認定 上級", &place(330.0, 3), &fonts);
    assert_eq!(set, ["コミュニティ・", "コントリビューター認定", "上級"]);
    assert!(size > 28.0, "{size}");
    let (set, _) = lines("コミュニティ・コントリビューター認定 上級", &place(330.0, 2), &fonts);
    assert_eq!(set, ["コミュニティ・", "コントリビューター認定 上級"]);
}

#[test]
fn english_breaks_at_spaces_only() {
    let fonts = fonts();
    let text = "Community Contributor Certification, Advanced";
    let (set, _) = lines(text, &place(330.0, 3), &fonts);
    assert_eq!(set.join(" "), text);
    assert!(set.len() > 1);
}

#[test]
fn lines_are_even() {
    let lettering = Lettering { size: 20.0, min_size: 12.0, height: Some(42.0), ..place(226.0, 2) };
    let (set, _) = lines("Sample Engineers Association", &lettering, &fonts());
    assert_eq!(set, ["Sample Engineers", "Association"]);
}

#[test]
fn a_short_title_stands_on_one_line_at_full_size() {
    assert_eq!(lines("基礎", &place(330.0, 3), &fonts()), (vec!["基礎".to_owned()], 40.0));
}

#[test]
fn every_line_fits_its_room() {
    let fonts = fonts();
    for text in
        ["認定", "コミュニティ・コントリビューター認定 上級", "Maximiliane-Alexandra von Hohenstein", "i", "ー「」、"]
    {
        let lettering = place(200.0, 3);
        let (fitted, shortened) = lettering.fit(text, &fonts);
        assert!(!shortened, "{text}");
        for line in &fitted.lines {
            assert!(line.width * fitted.size <= 200.5, "{text}: {} at {}", line.width, fitted.size);
        }
    }
}

#[test]
fn what_cannot_fit_is_cut_and_told() {
    let fonts = fonts();
    let lettering = place(120.0, 2);
    let (fitted, shortened) = lettering.fit(&"とても長い題名".repeat(20), &fonts);
    assert!(shortened);
    assert!((18.0..19.0).contains(&fitted.size), "{}", fitted.size);
    for line in &fitted.lines {
        assert!(line.width * fitted.size <= 120.5);
    }
    let glyphs: usize = fitted.lines.iter().map(|l| l.glyphs.len()).sum();
    assert!(glyphs > 8, "cut no more than needed: {glyphs}");
}

#[test]
fn height_bounds_the_block() {
    let fonts = fonts();
    let lettering = Lettering { height: Some(30.0), ..place(400.0, 3) };
    let (fitted, _) = lettering.fit("基礎", &fonts);
    assert!(fitted.size <= 30.0);
}

#[test]
fn forbidden_breaks_are_refused() {
    for (a, b) in [('定', '、'), ('（', '上'), ('ニ', 'ュ'), ('タ', 'ー'), ('1', '%'), ('a', 'b')] {
        assert_eq!(reads_when_broken(a, b), None, "{a}|{b}");
    }
    assert!(reads_when_broken('・', 'コ') > reads_when_broken('コ', 'ン'));
    assert!(reads_when_broken('ー', '認') > reads_when_broken('認', '定'));
}

#[test]
fn letters_on_an_arc_stand_on_its_circle() {
    let arc = Arc { cx: 100.0, cy: 100.0, radius: 50.0, bottom: false };
    let (x, y) = arc.place(0.0, 1.0, 10.0)(0.5, 0.0);
    assert!((x - 100.0).abs() < 1e-3 && (y - 50.0).abs() < 1e-3, "top: {x} {y}");
    let (x, y) = Arc { bottom: true, ..arc }.place(0.0, 1.0, 10.0)(0.5, 0.0);
    assert!((x - 100.0).abs() < 1e-3 && (y - 150.0).abs() < 1e-3, "bottom: {x} {y}");
    let quarter = std::f32::consts::FRAC_PI_2 * 50.0;
    let (x, y) = arc.place(quarter, 1.0, 10.0)(0.5, 0.0);
    assert!((x - 150.0).abs() < 1e-3 && (y - 100.0).abs() < 1e-3, "right: {x} {y}");
    let (x, _) = Arc { bottom: true, ..arc }.place(quarter, 1.0, 10.0)(0.5, 0.0);
    assert!((x - 150.0).abs() < 1e-3, "the bottom is read from left to right as well: {x}");
}
