//! Every type of item: stored and read back, arranged, shown, answered, scored.

mod bounds;
mod refused;

use crate::samples::{CANARY, id, items};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use waymark_assess::{
    Blueprint, Form, ItemContent, ItemVersion, Rational, Seed,
    candidate::view,
    form::{PlacedOption, Position, Presented, PresentedGap},
    item::{GapKey, Interaction, ItemKey, ItemType, KeyKind, OptionId, Rule, Scoring},
    response::Response,
    score::{Cut, KeySet, NotScorable, Outcome, Score, score, score_marked},
};

fn per_part(points: u32, penalty: &str) -> Scoring {
    Scoring { rule: Rule::PerPart, points, penalty: penalty.parse().expect("a fraction") }
}

fn form(versions: &[ItemVersion], seed: u8) -> Form {
    let blueprint = Blueprint::from_value(&json!({"domains": {"d": versions.len()}})).expect("a good blueprint");
    blueprint.plan(versions.iter().map(Into::into)).expect("all are drawn").draw(Seed([seed; 32]))
}

fn version_at<'v>(versions: &'v [ItemVersion], position: &Position) -> &'v ItemVersion {
    versions.iter().find(|version| version.hash() == position.item).expect("of these versions")
}

fn handle(options: &[PlacedOption], id: &OptionId) -> String {
    options.iter().find(|placed| placed.option == *id).expect("placed").handle.to_string()
}

/// The right response at a position, worked out from the key. Essays and uploads get some answer.
fn right(position: &Position, key: &ItemKey) -> Value {
    match (&position.presented, key.kind()) {
        (_, KeyKind::Options(ids)) => ids.iter().map(|id| handle(position.options(), id)).collect(),
        (Presented::Match { sources, targets, .. }, KeyKind::Pairs(pairs)) => {
            pairs.iter().map(|(source, target)| json!([handle(sources, source), handle(targets, target)])).collect()
        }
        (Presented::Order { options }, KeyKind::Sequence(ids)) => ids.iter().map(|id| handle(options, id)).collect(),
        (_, KeyKind::Numbers(numbers)) => json!(numbers[0].value.to_string()),
        (_, KeyKind::Texts(texts)) => json!(texts.texts[0].text),
        (Presented::Gaps { gaps, pool, .. }, KeyKind::Gaps(keys)) => {
            let filled = gaps.iter().map(|gap| {
                let word = match (&keys[&gap.gap], &gap.kind) {
                    (GapKey::Options(ids), PresentedGap::Choice(options)) => {
                        handle(options, ids.first().expect("a key"))
                    }
                    (GapKey::Options(ids), _) => handle(pool, ids.first().expect("a key")),
                    (GapKey::Texts(texts), _) => texts.texts[0].text.clone(),
                    (GapKey::Numbers(numbers), _) => numbers[0].value.to_string(),
                };
                (gap.handle.to_string(), json!(word))
            });
            filled.collect()
        }
        (Presented::Upload { .. }, _) => json!({"file": "fil_0a1b2c"}),
        _ => json!("An essay.\nIn two lines."),
    }
}

fn scored(form: &Form, versions: &[ItemVersion], responses: &BTreeMap<u32, Response>) -> Score {
    let keys: KeySet = versions.iter().collect();
    score(form, &keys, responses, Cut::Points(1)).expect("they belong together")
}

/// Points at each position, by type.
fn points(form: &Form, score: &Score) -> BTreeMap<&'static str, (Outcome, String)> {
    let outcomes = score.positions().iter().zip(score.points());
    let by_type = outcomes.map(|((number, outcome), (points, _))| {
        (form.position(*number).expect("of the form").item_type().as_str(), (*outcome, points.to_string()))
    });
    by_type.collect()
}

#[test]
fn each_type_is_stored_and_read_back() {
    let versions = items(Scoring::default());
    let types: Vec<ItemType> = versions.iter().map(|version| version.content().item_type()).collect();
    assert_eq!(types, ItemType::ALL);
    for version in &versions {
        let (content, key) = (version.content().to_stored(), version.key().to_stored());
        let back = ItemVersion::from_stored(
            &content,
            &key,
            version.rationale().map(waymark_assess::item::Rationale::to_stored).as_deref(),
        );
        assert_eq!(back.as_ref(), Ok(version), "{content}");
        let damaged = content.replacen("\"stem\"", "\"more\":1,\"stem\"", 1);
        assert!(ItemContent::from_stored(&damaged).is_err(), "a member that nobody knows");
        assert!(ItemKey::from_stored(&key.replacen('{', "{\"more\":1,", 1)).is_err());
    }
    for per_part in items(per_part(4, "1/3")).iter().zip(&versions).take(11) {
        assert_ne!(per_part.0.hash(), per_part.1.hash(), "how an item is scored is part of its version");
        let key = per_part.0.key().to_stored();
        assert!(ItemKey::from_stored(&key).as_ref() == Ok(per_part.0.key()), "{key}");
    }
    assert!(ItemType::ALL.iter().all(|t| ItemType::parse(t.as_str()) == Some(*t)));
}

#[test]
fn a_form_keeps_how_each_type_was_presented() {
    let versions = items(Scoring::default());
    let (one, other) = (form(&versions, 1), form(&versions, 2));
    assert_eq!(Form::from_stored(&one.to_stored()).expect("just stored"), one);
    assert_eq!(form(&versions, 1), one);
    let shown = |form: &Form| {
        let position = form.positions().iter().find(|p| p.item_type() == ItemType::Ordering).expect("drawn");
        position.options().iter().map(|placed| placed.option.clone()).collect::<Vec<_>>()
    };
    let orders: BTreeSet<_> = (0..20).map(|seed| shown(&form(&versions, seed))).collect();
    assert!(orders.len() > 8, "four options in twenty forms: {orders:?}");
    let handles = |form: &Form| form.to_stored().matches(char::is_numeric).count();
    assert!(handles(&one) > 0 && one != other);
    let stored = one.to_stored();
    let twice = |form: &mut Value| {
        let position = form["positions"].as_array_mut().expect("a list").iter_mut().find(|p| !p["matching"].is_null());
        let position = position.expect("a matching");
        position["matching"]["targets"][0][0] = position["matching"]["sources"][0][0].clone();
    };
    let mut damaged: Value = serde_json::from_str(&stored).expect("canonical JSON");
    twice(&mut damaged);
    assert!(Form::from_stored(&damaged.to_string()).is_err(), "a handle of a source and of a target");
}

/// A form of today is drawn like today, whatever newer items stand in the bank beside it.
#[test]
fn newer_types_move_no_option_of_a_choice() {
    let all = items(Scoring::default());
    let versions = |bank: &[ItemVersion]| {
        let of = |version: &ItemVersion| matches!(version.content().interaction, Interaction::Choice(_));
        form(bank, 5)
            .positions()
            .iter()
            .filter(|p| of(version_at(bank, p)))
            .map(|p| p.options().iter().map(|o| (o.handle.to_string(), o.option.to_string())).collect::<Vec<_>>())
            .collect::<BTreeSet<_>>()
    };
    // The one choice item that both banks have; where it stands among the others does not matter.
    let choice: Vec<ItemVersion> = all[..1].to_vec();
    let mut mixed = choice.clone();
    mixed.extend(all[3..].iter().cloned());
    assert_eq!(versions(&choice), versions(&mixed));
}

#[test]
fn the_right_answer_earns_everything_and_people_mark_the_rest() {
    for scoring in [Scoring::default(), per_part(3, "1/2")] {
        let versions = items(scoring);
        let form = form(&versions, 3);
        let mut responses = BTreeMap::new();
        for position in form.positions() {
            let response = Response::check(&right(position, version_at(&versions, position).key()), position);
            let response = response.unwrap_or_else(|m| panic!("{:?}: {m:?}", position.item_type()));
            assert!(response.is_complete(position) && !response.is_cleared(), "{:?}", position.item_type());
            let back: Response = serde_json::from_str(&response.to_value().to_string()).expect("reads back");
            assert_eq!(back, response, "as the API writes it, so it is stored");
            responses.insert(position.number, response);
        }
        let result = scored(&form, &versions, &responses);
        let waiting: Vec<ItemType> =
            result.waiting().map(|n| form.position(n).expect("of the form").item_type()).collect();
        assert_eq!(waiting.iter().collect::<BTreeSet<_>>(), BTreeSet::from([&ItemType::Essay, &ItemType::FileUpload]));
        assert_eq!(result.summary().points, Rational::from(11 * scoring.points));
        assert_eq!(result.summary().max, Rational::from(11 * scoring.points + 10));
        let marks: BTreeMap<u32, Rational> =
            result.waiting().map(|n| (n, Rational::new(7, 2).expect("small"))).collect();
        let keys: KeySet = versions.iter().collect();
        let marked = score_marked(&form, &keys, &responses, &marks, Cut::Points(1)).expect("marked");
        assert_eq!(marked.waiting().count(), 0);
        assert_eq!(marked.summary().points, Rational::from(11 * scoring.points + 7));
        let refused = |number: u32, mark: i64| {
            let marks = BTreeMap::from([(number, Rational::new(mark, 1).expect("whole"))]);
            score_marked(&form, &keys, &responses, &marks, Cut::Points(1)).err()
        };
        let essay = *marks.keys().next().expect("one waits");
        let machine = (1..).find(|n| !marks.contains_key(n)).expect("some position");
        assert_eq!(refused(essay, 6), Some(NotScorable::Mark(essay)), "more than the rubric gives");
        assert_eq!(refused(essay, -1), Some(NotScorable::Mark(essay)));
        assert_eq!(refused(machine, 1), Some(NotScorable::Mark(machine)), "a machine scores that");
        assert_eq!(refused(99, 1), Some(NotScorable::NoSuchPosition(99)));
        let unanswered = BTreeMap::from([(essay, Rational::ONE)]);
        let none = score_marked(&form, &keys, &BTreeMap::new(), &unanswered, Cut::Points(1)).err();
        assert_eq!(none, Some(NotScorable::Mark(essay)), "nothing was answered there");
    }
}

/// Gives the same partly right answer under both rules.
#[test]
fn parts_earn_their_share_and_too_much_takes_it_back() {
    let ids = |position: &Position, names: &[&str]| -> Value {
        names.iter().map(|name| handle(position.options(), &id(name))).collect()
    };
    let answer = |position: &Position, wide: bool| -> Value {
        let ordering = ["r", "s", "p", "q"];
        match (&position.presented, position.item_type()) {
            (_, ItemType::MultipleChoice) if wide => ids(position, &["a", "b", "c", "d"]),
            (_, ItemType::MultipleChoice) => ids(position, &["a", "b"]),
            (_, ItemType::Hotspot) if wide => ids(position, &["ha", "hb", "hc"]),
            (_, ItemType::Hotspot) => ids(position, &["hc"]),
            (_, ItemType::Ordering) => ids(position, &ordering),
            (Presented::Match { sources, targets, .. }, _) => {
                json!([
                    [handle(sources, &id("s1")), handle(targets, &id("t3"))],
                    [handle(sources, &id("s2")), handle(targets, &id("t4"))]
                ])
            }
            (Presented::Gaps { gaps, pool, .. }, _) => {
                let gap = gaps.iter().find(|gap| gap.gap == id("g1")).expect("two gaps");
                let word = match &gap.kind {
                    PresentedGap::Choice(options) => handle(options, &id("b")),
                    PresentedGap::Pool => handle(pool, &id("w")),
                    _ => " canary  WORD.".to_owned(),
                };
                json!({gap.handle.as_str(): word})
            }
            (Presented::Number, _) => json!("３１ ３３８"),
            (Presented::ShortText { .. }, _) => json!("ＣＡＮＡＲＹ  tokyo。"),
            _ => json!([]),
        }
    };
    let given = |scoring: Scoring, wide: bool| {
        let versions = items(scoring);
        let form = form(&versions, 4);
        let responses = form.positions().iter().filter(|p| p.item_type() != ItemType::Essay);
        let responses = responses.filter(|p| p.item_type() != ItemType::FileUpload);
        let responses = responses
            .map(|p| (p.number, Response::check(&answer(p, wide), p).unwrap_or_else(|m| panic!("{m:?}"))))
            .collect();
        let score = scored(&form, &versions, &responses);
        points(&form, &score).into_iter().map(|(name, (outcome, points))| (name, outcome, points)).collect::<Vec<_>>()
    };
    let named = |wide: bool, scoring: Scoring, wanted: &[(&str, Outcome, &str)]| {
        let got = given(scoring, wide);
        for (name, outcome, points) in wanted {
            let (_, had, had_points) = got.iter().find(|(n, ..)| n == name).expect("every type is there");
            assert_eq!((had, had_points.as_str()), (outcome, *points), "{name} {wide} {scoring:?}");
        }
    };
    use Outcome::{Omitted, Partial, Right, Wrong};
    named(
        false,
        Scoring::default(),
        &[
            ("multiple_choice", Wrong, "0"),
            ("hotspot", Wrong, "0"),
            ("ordering", Wrong, "0"),
            ("matching", Wrong, "0"),
            ("inline_choice", Wrong, "0"),
            ("numeric", Right, "1"),
            ("short_text", Right, "1"),
            ("single_choice", Omitted, "0"),
            ("essay", Omitted, "0"),
        ],
    );
    named(
        false,
        per_part(2, "0"),
        &[
            ("multiple_choice", Partial, "1"),
            ("hotspot", Partial, "1"),
            ("ordering", Partial, "1"),
            ("matching", Partial, "2/3"),
            ("inline_choice", Partial, "1"),
            ("cloze", Partial, "1"),
            ("gap_match", Partial, "1"),
            ("numeric", Right, "2"),
        ],
    );
    named(
        false,
        per_part(2, "1/3"),
        &[
            ("multiple_choice", Partial, "2/3"),
            ("hotspot", Partial, "1"),
            ("ordering", Partial, "2/3"),
            ("matching", Partial, "4/9"),
        ],
    );
    // Choosing everything earns no more than chance would.
    named(true, per_part(2, "0"), &[("multiple_choice", Wrong, "0"), ("hotspot", Partial, "1")]);
    named(true, per_part(2, "1"), &[("multiple_choice", Wrong, "0"), ("hotspot", Wrong, "0")]);
}

/// Each type as its candidate sees it, and whatever is said to one who sends nonsense: no key, no author's id.
#[test]
fn no_type_tells_its_key() {
    let versions = items(per_part(2, "1/3"));
    let form = form(&versions, 8);
    for position in form.positions() {
        let version = version_at(&versions, position);
        let view = view(position, version.content(), "ja", |_| "/figures/x".into()).expect("its own item");
        let mut sent = vec![serde_json::to_string(&view).expect("serializes")];
        for nonsense in [json!([CANARY]), json!({CANARY: 1}), json!("x".repeat(60_000)), json!([[1, 2]])] {
            sent.push(
                format!("{:?}", Response::check(&nonsense, position).unwrap_err()).replace(&nonsense.to_string(), ""),
            );
        }
        sent[2] = sent[2].replace(&format!("/{CANARY}"), "/");
        for bytes in &sent {
            for secret in [
                CANARY,
                "31337",
                "rationale",
                "item-",
                "penalty",
                "per_part",
                "share",
                "tolerance",
                "rubric",
                "pretest",
                "scored",
            ] {
                assert!(!bytes.contains(secret), "{secret} in {bytes}");
            }
        }
        let value = serde_json::to_value(&view).expect("serializes");
        assert_eq!(value["type"], json!(position.item_type()));
        assert!(value["stimulus_html"].as_str().expect("shown").contains("<em>both</em>"));
    }
    assert!(form.to_stored().contains(CANARY), "the scan would find it");
}

#[test]
fn gaps_stand_where_the_author_put_them() {
    let versions = items(Scoring::default());
    let form = form(&versions, 9);
    let position = form.positions().iter().find(|p| p.item_type() == ItemType::Cloze).expect("drawn");
    let view = view(position, version_at(&versions, position).content(), "en", |_| String::new()).expect("its own");
    let value = serde_json::to_value(&view).expect("serializes");
    let gap = |n: usize| value["gaps"][n]["handle"].as_str().expect("a handle").to_owned();
    let html = format!(
        "<p>Fill <span data-gap=\"{}\"></span> and <code><span data-gap=\"{}\"></span></code>.</p>\n",
        gap(0),
        gap(1)
    );
    assert_eq!(value["text_html"], json!(html));
    assert_eq!(
        (&value["gaps"][0]["filled_by"], &value["gaps"][0]["max_length"], &value["gaps"][1]["filled_by"]),
        (&json!("text"), &json!(20), &json!("number"))
    );
}
