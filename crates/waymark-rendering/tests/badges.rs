//! Templates are admitted strictly, filled safely, drawn the same each time.

use proptest::prelude::*;
use waymark_rendering::{FillError, Fonts, MistakeKind, Template};

fn fonts() -> Fonts {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../badge_templates/fonts/NotoSansJP-");
    Fonts::load(
        ["Regular", "Bold"].map(|w| std::fs::read(format!("{folder}{w}.ttf")).expect("the fonts are committed")),
    )
    .expect("the fonts are readable")
}

fn drawing(inside: &str) -> String {
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" xmlns:w="urn:waymark:badge" viewBox="0 0 512 512"><metadata>
<w:slot name="title" kind="text"/><w:slot name="level" kind="text" default=""/><w:slot name="primary" kind="colour" default="#165e83"/>
<w:slot name="on-primary" kind="legible-on" of="primary"/><w:slot name="emblem" kind="choice" of="star stones" default="star"/></metadata>{inside}</svg>"##
    )
}

fn mistakes(inside: &str) -> Vec<MistakeKind> {
    Template::parse(&drawing(inside)).expect_err(inside).0.into_iter().map(|m| m.kind).collect()
}

const TITLE: &str =
    r#"<text x="256" y="256" font-size="40" text-anchor="middle" w:width="400" w:lines="2">{{title}}</text>"#;

#[test]
fn values_are_escaped_and_text_becomes_outlines() {
    let template = Template::parse(&drawing(&format!("<title>{{{{title}}}}</title>{TITLE}"))).unwrap();
    let picture = template.fill(&[("title", "<script>\"A & B\"</script>")], &fonts()).unwrap();
    assert!(
        picture.svg.contains("<title>&lt;script&gt;&quot;A &amp; B&quot;&lt;/script&gt;</title>"),
        "{}",
        picture.svg
    );
    assert!(!picture.svg.contains("<text") && !picture.svg.contains("<script") && !picture.svg.contains("font"));
    assert!(picture.svg.contains("<path d=\"M"));
    assert!(!picture.svg.contains("urn:waymark"), "declarations stay in the template");
}

#[test]
fn what_runs_or_loads_is_refused() {
    for bad in [
        "<script>alert(1)</script>",
        "<foreignObject/>",
        "<image href='a.png'/>",
        "<style>*{fill:red}</style>",
        "<a href='#x'/>",
        "<animate attributeName='href'/>",
        "<filter id='f'/>",
        "<rect onload='x()'/>",
        "<rect OnClick='x()'/>",
        "<use href='https://example.com/a.svg#x'/>",
        "<use xmlns:xlink='http://www.w3.org/1999/xlink' xlink:href='data:image/svg+xml,x#y'/>",
        "<use href='javascript:alert(1)'/>",
        "<rect fill='url(https://example.com/x)'/>",
        "<rect fill='URL( //example.com )'/>",
        r"<rect fill='\75rl(https://example.com)'/>",
        "<rect fill='src(\"https://example.com\")'/>",
        "<rect fill='image-set(\"x\")'/>",
        "<rect style='fill:url(https://example.com/x)'/>",
        "<rect style='@import x'/>",
        "<svg viewBox='0 0 1 1'/>",
    ] {
        let found = mistakes(bad);
        assert!(matches!(found[..], [MistakeKind::Element(_) | MistakeKind::Attribute { .. }]), "{bad}: {found:?}");
    }
}

#[test]
fn foreign_notes_of_drawing_programs_are_left_out() {
    let inside = r#"<x:view xmlns:x="urn:other" x:zoom="2"><script xmlns="http://www.w3.org/1999/xhtml">x</script></x:view><g xmlns:x="urn:other" x:label="a"/>"#;
    let picture = Template::parse(&drawing(inside)).unwrap().fill(&[("title", "t")], &fonts()).unwrap();
    assert!(picture.svg.ends_with("<g/></svg>"), "{}", picture.svg);
}

#[test]
fn a_style_attribute_becomes_attributes() {
    let inside = r#"<rect fill="red" style="fill: {{primary}}; -inkscape-x: 1; opacity:.5"/>"#;
    let picture = Template::parse(&drawing(inside)).unwrap().fill(&[("title", "t")], &fonts()).unwrap();
    assert!(picture.svg.contains(r##"<rect fill="#165e83" opacity=".5"/>"##), "{}", picture.svg);
}

#[test]
fn work_is_bounded() {
    assert_eq!(mistakes(r##"<g id="a"><use href="#b"/></g>"##).len(), 1, "use inside what can be used");
    assert_eq!(mistakes(r##"<symbol><use href="#b"/></symbol>"##).len(), 1);
    assert_eq!(mistakes(r##"<mask id="m"><rect mask="url(#n)"/></mask>"##).len(), 1, "mask in a mask");
    assert_eq!(mistakes(&r##"<use href="#b"/>"##.repeat(65)).len(), 1);
    let deep = "<g>".repeat(30) + &"</g>".repeat(30);
    assert!(matches!(mistakes(&deep)[..], [MistakeKind::TooLarge { .. }]));
    assert!(matches!(mistakes(&"<g/>".repeat(9000))[..], [MistakeKind::TooLarge { .. }]));
    assert!(matches!(mistakes(&" ".repeat(300_000))[..], [MistakeKind::TooLarge { .. }]));
    let very_deep = "<g>".repeat(60_000);
    assert!(Template::parse(&very_deep).is_err());
}

#[test]
fn every_mistake_is_listed_with_its_place() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\">\n  <script/>\n  <text>{{titel}}</text>\n  <text>a<tspan>b</tspan></text></svg>";
    let found = Template::parse(svg).unwrap_err();
    let places: Vec<(u32, u32)> = found.0.iter().map(|m| (m.line, m.column)).collect();
    assert_eq!(places, [(2, 3), (3, 3), (4, 10)], "{found}");
    assert!(found.to_string().contains("3:3: {{titel}} is not a declared slot"), "{found}");
}

#[test]
fn not_a_drawing() {
    for bad in [
        "",
        "text",
        "<svg/>",
        "<html xmlns='http://www.w3.org/1999/xhtml'/>",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 0 5'/>",
        "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'>&a;</svg>",
    ] {
        assert_eq!(Template::parse(bad).expect_err(bad).0.len(), 1, "{bad}");
    }
}

#[test]
fn declarations_are_checked() {
    for bad in [
        r#"<w:slot name="Title" kind="text"/>"#,
        r#"<w:slot name="a" kind="number"/>"#,
        r#"<w:slot name="a"/>"#,
        r#"<w:slot name="a" kind="text"/><w:slot name="a" kind="text"/>"#,
        r#"<w:slot name="a" kind="colour" default="red"/>"#,
        r#"<w:slot name="a" kind="choice"/>"#,
        r#"<w:slot name="a" kind="choice" of="x y" default="z"/>"#,
        r#"<w:slot name="a" kind="legible-on" of="b"/>"#,
        r#"<w:slot name="a" kind="text" max="3"/>"#,
    ] {
        let svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:w="urn:waymark:badge" viewBox="0 0 9 9"><metadata>{bad}</metadata></svg>"#
        );
        let found = Template::parse(&svg).expect_err(bad).0;
        assert!(matches!(&found[..], [m] if matches!(m.kind, MistakeKind::Slot { .. })), "{bad}: {found:?}");
    }
}

#[test]
fn text_stands_in_text_only() {
    assert!(matches!(mistakes(r#"<rect fill="{{title}}"/>"#)[..], [MistakeKind::Slot { .. }]));
    assert!(matches!(mistakes(r#"<g w:when="emblem=moon"/>"#)[..], [MistakeKind::Attribute { .. }]));
    assert!(matches!(mistakes(r#"<g w:when="!emblem"/>"#)[..], [MistakeKind::Attribute { .. }]));
    assert!(matches!(mistakes(r#"<g w:when="nothing"/>"#)[..], [MistakeKind::Attribute { .. }]));
    assert!(matches!(mistakes(r#"<text w:lines="9">a</text>"#)[..], [MistakeKind::Attribute { .. }]));
    assert!(matches!(mistakes(r#"<text font-size="big">a</text>"#)[..], [MistakeKind::Attribute { .. }]));
}

#[test]
fn slots_are_limited_in_number() {
    let slots: String = (0..33).map(|i| format!(r#"<w:slot name="s{i}" kind="text"/>"#)).collect();
    let svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:w="urn:waymark:badge" viewBox="0 0 9 9"><metadata>{slots}</metadata></svg>"#
    );
    assert_eq!(Template::parse(&svg).unwrap_err().0.len(), 1);
}

#[test]
fn a_line_in_nested_tspans_is_one_line() {
    let fill =
        |inside: &str| Template::parse(&drawing(inside)).unwrap().fill(&[("title", "認定")], &fonts()).unwrap().svg;
    let plain = fill(r#"<text x="10" y="20" font-size="30" font-weight="bold">{{title}}</text>"#);
    let wrapped = fill(
        r#"<text x="1" y="2" font-size="9"><tspan x="10" y="20" style="font-weight:700;font-size:30px">{{title}}</tspan></text>"#,
    );
    assert_eq!(plain, wrapped);
}

#[test]
fn values_are_checked() {
    let template = Template::parse(&drawing(TITLE)).unwrap();
    let fill = |values: &[(&str, &str)]| template.fill(values, &fonts()).unwrap_err();
    assert_eq!(fill(&[]), FillError::Missing("title".into()));
    assert!(
        matches!(fill(&[("titel", "x")]), FillError::Unknown { known, .. } if known == "title, level, primary, emblem")
    );
    assert_eq!(fill(&[("title", "x"), ("title", "y")]), FillError::Twice("title".into()));
    for (name, value) in [
        ("title", "a\u{0}b"),
        ("level", "a\u{b}b"),
        ("title", &"x".repeat(201)),
        ("primary", "red"),
        ("primary", "#fff"),
        ("emblem", "moon"),
        ("on-primary", "#ffffff"),
    ] {
        assert!(
            matches!(fill(&[("title", "t"), (name, value)]), FillError::Twice(_) | FillError::Refused { .. }),
            "{name}={value}"
        );
    }
    assert!(template.takes("title") && !template.takes("on-primary") && !template.takes("issuer"));
}

#[test]
fn parts_appear_by_condition_and_legible_colours_are_computed() {
    let inside = r#"<g id="level" w:when="level"/><g id="bare" w:when="!level"/><g id="star" w:when="emblem=star"/><g id="stones" w:when="emblem=stones"/><g fill="{{on-primary}}"/>"#;
    let template = Template::parse(&drawing(inside)).unwrap();
    let svg = |values: &[(&str, &str)]| template.fill(values, &fonts()).unwrap().svg;
    let plain = svg(&[("title", "t"), ("level", " ")]);
    assert!(
        plain.contains("star")
            && !plain.contains("stones")
            && !plain.contains("level")
            && plain.contains("bare")
            && plain.contains("#ffffff")
    );
    let other = svg(&[("title", "t"), ("level", "上級"), ("emblem", "stones"), ("primary", "#f2c94c")]);
    assert!(
        !other.contains("star")
            && other.contains("stones")
            && other.contains("level")
            && !other.contains("bare")
            && other.contains("#14212b")
    );
}

#[test]
fn missing_glyphs_are_named_and_drawn_as_geta() {
    let fonts = fonts();
    assert_eq!(fonts.missing_glyphs("髙﨑 邉邊 𠮷 A é ✓ 〓　"), []);
    assert_eq!(fonts.missing_glyphs("한국 🎉🎉"), ['한', '국', '🎉']);
    let template = Template::parse(&drawing(TITLE)).unwrap();
    let party = template.fill(&[("title", "🎉")], &fonts).unwrap();
    assert_eq!(party.missing, ['🎉']);
    assert_eq!(party.svg, template.fill(&[("title", "〓")], &fonts).unwrap().svg);
    assert!(template.fill(&[("title", "基礎")], &fonts).unwrap().missing.is_empty());
}

#[test]
fn the_same_input_gives_the_same_bytes_without_metadata() {
    let template =
        Template::parse(&drawing(&format!("<circle r='256' cx='256' cy='256' fill='{{{{primary}}}}'/>{TITLE}")))
            .unwrap();
    let draw = || template.fill(&[("title", "認定")], &fonts()).unwrap().png(128).unwrap();
    let first = draw();
    assert_eq!(first, draw());
    let reader = png::Decoder::new(std::io::Cursor::new(&first)).read_info().unwrap();
    let info = reader.info();
    assert_eq!((info.width, info.height), (128, 128));
    assert!(info.uncompressed_latin1_text.is_empty() && info.utf8_text.is_empty() && info.exif_metadata.is_none());
}

#[test]
fn a_wide_drawing_stands_in_the_middle() {
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="20" height="10" fill="red"/></svg>"#;
    let bytes = Template::parse(svg).unwrap().fill(&[], &fonts()).unwrap().png(64).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let at = |x: usize, y: usize| &pixels[(y * 64 + x) * 4..][..4];
    assert_eq!(at(32, 32), [255, 0, 0, 255]);
    assert_eq!(at(2, 32), [255, 0, 0, 255]);
    assert_eq!(at(32, 8)[3], 0);
}

#[test]
fn sizes_are_bounded() {
    let picture = Template::parse(&drawing("")).unwrap().fill(&[("title", "t")], &fonts()).unwrap();
    assert!(picture.png(15).is_err() && picture.png(1025).is_err());
    assert!(picture.png(16).is_ok());
}

#[test]
fn unreadable_fonts_are_named() {
    assert!(Fonts::load([b"wOF2xxxx".to_vec()]).is_err());
    assert!(Fonts::load(Vec::<Vec<u8>>::new()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_fills_or_is_refused(title in "\\PC{0,60}", level in any::<String>()) {
        let template = Template::parse(&drawing(&format!("<title>{{{{level}}}}</title>{TITLE}"))).unwrap();
        if let Ok(picture) = template.fill(&[("title", &title), ("level", &level)], &fonts()) {
            roxmltree::Document::parse(&picture.svg).expect("what is written is well-formed");
            picture.png(32).expect("and can be drawn");
        }
    }
}

/// Each would keep the XML parser busy for minutes: that this test ends is what it shows.
#[test]
fn little_that_asks_for_much_is_refused_before_it_is_parsed() {
    let nested: String = (0..9_000).map(|n| format!("<svg xmlns:a{n}=\"u\">")).collect();
    let wide: String = (0..20_000).map(|n| format!(" a{n}=\"\"")).collect();
    for (inside, what) in [
        (nested, "namespace declarations"),
        ("<g>".repeat(9_000), "levels of elements"),
        (format!("<g{wide}/>"), "attributes of an element"),
    ] {
        let kinds = mistakes(&inside);
        assert!(matches!(kinds[..], [MistakeKind::TooLarge { what: found, .. }] if found == what), "{what}: {kinds:?}");
    }
}
