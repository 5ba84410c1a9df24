//! One item of each type, with ids and words that must never reach a candidate.

use std::collections::{BTreeMap, BTreeSet};
use waymark_assess::{
    ItemContent, ItemVersion,
    item::{
        AcceptedNumber, AcceptedText, AcceptedTexts, Area, Choice, Criterion, Essay, Figure, FileKind, Gap, GapKey,
        GapKind, Gaps, Hotspot, Ignored, Interaction, ItemKey, ItemOption, KeyKind, Matching, OptionId, Ordering,
        Rationale, Rubric, Scoring, Shape, Share, ShortText, Stimulus, Tolerance, Upload,
    },
    text::Text,
};

/// What every secret of the samples holds somewhere.
pub const CANARY: &str = "CANARY";

pub fn text(words: &str) -> Text {
    Text::plain(words).expect("not empty")
}

pub fn id(name: &str) -> OptionId {
    OptionId::new(&format!("{CANARY}-{name}")).expect("a good id")
}

pub fn options(names: &[&str]) -> Vec<ItemOption> {
    names.iter().map(|name| ItemOption { id: id(name), text: text(&format!("words {name}")), fixed: false }).collect()
}

pub fn content(slug: &str, interaction: Interaction) -> ItemContent {
    let figure = matches!(interaction, Interaction::Hotspot(_));
    ItemContent {
        slug: slug.to_owned(),
        stem: text("What is *asked*"),
        interaction,
        refs: vec![format!("{CANARY} reference")],
        domain: Some("d".into()),
        tags: [format!("{CANARY}-tag")].into(),
        figure: figure.then(|| Figure::from_bytes(&crate::bank::png(), None).expect("a picture")),
        enemies: [format!("{CANARY}-enemies-of-{slug}")].into(),
        stimulus: Some(Stimulus { id: format!("{CANARY}-case"), text: text("The case of *both*") }),
    }
}

pub fn accepted(texts: &[&str]) -> AcceptedTexts {
    let text = |text: &&str| AcceptedText { text: (*text).to_owned(), share: Share::WHOLE };
    AcceptedTexts { texts: texts.iter().map(text).collect(), ignore: Ignored::usual() }
}

pub fn number(value: &str, margin: &str) -> AcceptedNumber {
    let tolerance =
        Tolerance::Absolute { margin: margin.parse().expect("a number"), include_lower: true, include_upper: true };
    AcceptedNumber { value: value.parse().expect("a number"), tolerance, share: Share::WHOLE }
}

fn rubric() -> KeyKind {
    let criterion = |words: &str, points| Criterion { text: text(&format!("{CANARY} {words}")), points };
    KeyKind::Rubric(Rubric { criteria: vec![criterion("clear", 2), criterion("right", 3)] })
}

fn choice(multiple: bool, true_false: bool, names: &[&str]) -> Interaction {
    let mut options = options(names);
    options.iter_mut().for_each(|option| option.fixed = true_false);
    Interaction::Choice(Choice { multiple, true_false, options, choose: None })
}

/// Interaction and key of each type, in the order of `ItemType::ALL`.
pub fn parts() -> Vec<(Interaction, KeyKind)> {
    let set = |names: &[&str]| names.iter().map(|name| id(name)).collect::<BTreeSet<_>>();
    let pair = |source: &str, target: &str| (id(source), id(target));
    let inline = |name: &str, names: &[&str]| Gap { id: id(name), kind: GapKind::Choice { options: options(names) } };
    let one = |name: &str, key: GapKey| (id(name), key);
    let gap_text = text(&format!("Fill {{{{{CANARY}-g1}}}} and `{{{{{CANARY}-g2}}}}`."));
    let gaps = |gaps: Vec<Gap>, pool: Vec<ItemOption>| {
        Interaction::Gaps(Gaps { text: gap_text.clone(), gaps, pool, reuse: false })
    };
    let pooled = |name: &str| Gap { id: id(name), kind: GapKind::Pool };
    let area = |name: &str, shape| Area { id: id(name), label: text(&format!("area {name}")), shape };
    vec![
        (choice(false, false, &["a", "b", "c"]), KeyKind::Options(set(&["b"]))),
        (choice(true, false, &["a", "b", "c", "d"]), KeyKind::Options(set(&["a", "c"]))),
        (choice(false, true, &["yes", "no"]), KeyKind::Options(set(&["no"]))),
        (
            Interaction::Match(Matching {
                sources: options(&["s1", "s2", "s3"]),
                targets: options(&["t1", "t2", "t3", "t4"]),
                several: false,
            }),
            KeyKind::Pairs([pair("s1", "t3"), pair("s2", "t1"), pair("s3", "t1")].into()),
        ),
        (
            Interaction::Order(Ordering { options: options(&["p", "q", "r", "s"]) }),
            KeyKind::Sequence(["r", "p", "s", "q"].map(id).into()),
        ),
        (Interaction::Number, KeyKind::Numbers(vec![number("31337.5", "0.5")])),
        (
            Interaction::ShortText(ShortText { max_length: 40 }),
            KeyKind::Texts(accepted(&["CANARY Tokyo", "CANARY 東京"])),
        ),
        (
            gaps(vec![inline("g1", &["a", "b"]), inline("g2", &["c", "d", "e"])], vec![]),
            KeyKind::Gaps(BTreeMap::from([
                one("g1", GapKey::Options(set(&["b"]))),
                one("g2", GapKey::Options(set(&["c", "d"]))),
            ])),
        ),
        (
            gaps(
                vec![
                    Gap { id: id("g1"), kind: GapKind::Text { max_length: 20 } },
                    Gap { id: id("g2"), kind: GapKind::Number },
                ],
                vec![],
            ),
            KeyKind::Gaps(BTreeMap::from([
                one("g1", GapKey::Texts(accepted(&["CANARY word"]))),
                one("g2", GapKey::Numbers(vec![number("31337", "0")])),
            ])),
        ),
        (
            gaps(vec![pooled("g1"), pooled("g2")], options(&["u", "v", "w"])),
            KeyKind::Gaps(BTreeMap::from([
                one("g1", GapKey::Options(set(&["w"]))),
                one("g2", GapKey::Options(set(&["u"]))),
            ])),
        ),
        (
            Interaction::Hotspot(Hotspot {
                width: 64,
                height: 48,
                multiple: true,
                areas: vec![
                    area("ha", Shape::Rectangle { x: 0, y: 0, width: 10, height: 10 }),
                    area("hb", Shape::Circle { x: 30, y: 20, radius: 5 }),
                    area("hc", Shape::Polygon(vec![(40, 40), (60, 40), (50, 48)])),
                ],
                choose: None,
            }),
            KeyKind::Options(set(&["ha", "hc"])),
        ),
        (Interaction::Essay(Essay { max_length: 2_000 }), rubric()),
        (Interaction::Upload(Upload { kinds: [FileKind::Pdf, FileKind::Text].into(), max_bytes: 1_000_000 }), rubric()),
    ]
}

/// An item of each type, scored in this way where machines score it.
pub fn items(scoring: Scoring) -> Vec<ItemVersion> {
    let item = |(n, (interaction, key)): (usize, (Interaction, KeyKind))| {
        let scoring = if matches!(key, KeyKind::Rubric(_)) { Scoring::default() } else { scoring };
        let rationale = Rationale::new(text(&format!("{CANARY} rationale")));
        ItemVersion::new(
            content(&format!("item-{n:02}"), interaction),
            ItemKey::new(key).scored(scoring),
            Some(rationale),
        )
        .unwrap_or_else(|mistakes| panic!("{n}: {mistakes:?}"))
    };
    parts().into_iter().enumerate().map(item).collect()
}
