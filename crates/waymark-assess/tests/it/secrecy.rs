//! Every byte that a candidate may be sent of a form, scanned for what only staff may know.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use waymark_assess::{
    Blueprint, Seed,
    candidate::{NotThisItem, PositionView, view},
    interchange::{Format, import},
    item::{Choice, Interaction, ItemContent, ItemKey, ItemOption, ItemVersion, OptionId, Rationale},
    response::Response,
    score::{Cut, KeySet, score},
    text::Text,
};

const CANARIES: [&str; 6] =
    ["CANARY-OPTION", "CANARY-WHY", "CANARY-REF", "CANARY-TAG", "CANARY-ENEMY", "canary-figure"];

fn text(words: &str) -> Text {
    Text::plain(words).expect("not empty")
}

fn version(n: usize, multiple: bool) -> ItemVersion {
    let id = |place: usize| OptionId::new(&format!("CANARY-OPTION-{n}-{place}")).expect("a good id");
    let option = |place: usize| ItemOption { id: id(place), text: text(&format!("words {place}")), fixed: place == 3 };
    let content = ItemContent {
        slug: format!("item-{n}"),
        stem: text("Which *one*?"),
        interaction: Interaction::Choice(Choice {
            multiple,
            true_false: false,
            options: (0..4).map(option).collect(),
            choose: None,
        }),
        refs: vec!["CANARY-REF".into()],
        domain: Some("d".into()),
        tags: ["CANARY-TAG".to_owned()].into(),
        figure: None,
        enemies: BTreeSet::from([format!("CANARY-ENEMY-{n}")]),
        stimulus: None,
    };
    let right = if multiple { vec![id(1), id(2)] } else { vec![id(n % 4)] };
    ItemVersion::new(content, ItemKey::of_options(right), Some(Rationale::new(text("CANARY-WHY"))))
        .expect("a good item")
}

#[test]
fn nothing_that_a_candidate_is_sent_tells_the_key() {
    let versions: Vec<ItemVersion> = (0..12).map(|n| version(n, n % 2 == 0)).collect();
    let blueprint = Blueprint::from_value(&json!({"domains": {"d": 12}})).unwrap();
    let form = blueprint.plan(versions.iter().map(Into::into)).unwrap().draw(Seed([3; 32]));
    let stored = form.to_stored();
    let mut sent = Vec::new();
    for position in form.positions() {
        let version = versions.iter().find(|v| v.hash() == position.item).unwrap();
        let view = view(position, version.content(), "ja", |_| unreachable!()).unwrap();
        if view.item_type.as_str() == "multiple_choice" {
            assert_eq!((view.min_choices, view.max_choices), (1, 4), "the limits do not tell how many are right");
        }
        sent.push(serde_json::to_string(&view).unwrap());
        let refused = Response::check(&json!(["CANARY", 1]), position).unwrap_err();
        sent.push(serde_json::to_string(&refused).unwrap());
        sent.push(format!("{refused:?}"));
    }
    let keys: KeySet = versions.iter().collect();
    let scored = score(&form, &keys, &BTreeMap::new(), Cut::Points(3)).unwrap();
    sent.push(serde_json::to_string(scored.summary()).unwrap());
    sent.push(format!("{:?} {:?} {:?}", versions[0].key(), versions[0].rationale(), form.seed()));
    let seed = "03".repeat(32);
    let hashes: Vec<String> = versions.iter().map(|v| v.hash().to_string()).collect();
    for bytes in &sent {
        for secret in CANARIES.iter().copied().chain([seed.as_str()]).chain(hashes.iter().map(String::as_str)) {
            assert!(!bytes.contains(secret), "{secret} in {bytes}");
        }
    }
    // The scan would find them: they are in what stays on the server.
    assert!(stored.contains("CANARY-OPTION") && stored.contains(&seed) && stored.contains(&hashes[0]));
    assert!(versions[0].key().to_stored().contains("CANARY-OPTION-0-1"));
    assert!(versions[0].rationale().unwrap().to_stored().contains("CANARY-WHY"));
}

#[test]
fn parts_are_stored_apart_and_only_agreeing_parts_make_a_version() {
    let good = version(1, false);
    let rationale = good.rationale().map(Rationale::to_stored);
    let (content, key) = (good.content().to_stored(), good.key().to_stored());
    assert_eq!(ItemVersion::from_stored(&content, &key, rationale.as_deref()), Ok(good.clone()));
    assert_ne!(ItemVersion::from_stored(&content, &key, None).unwrap().hash(), good.hash());
    let foreign = version(2, false).key().to_stored();
    assert!(ItemVersion::from_stored(&content, &foreign, None).is_err(), "a key of options that are not there");
    assert!(ItemContent::from_stored(&content.replace("\"stem\"", "\"stam\"")).is_err());
    assert!(ItemKey::from_stored("{\"options\":[\"a b\"]}").is_err());
    assert!(!content.contains("CANARY-WHY") && !key.contains("words"));
    let mut twice = good.content().clone();
    let Interaction::Choice(choice) = &mut twice.interaction else { unreachable!() };
    choice.options[2].id = choice.options[1].id.clone();
    let refused = ItemVersion::new(twice, good.key().clone(), None).unwrap_err();
    assert_eq!(
        refused.iter().map(|m| (m.pointer.as_str(), m.code)).collect::<Vec<_>>(),
        [("/answers/2", "duplicate_option")]
    );
}

#[test]
fn handles_say_nothing_about_the_options() {
    let versions = [version(0, false)];
    let blueprint = Blueprint::from_value(&json!({"domains": {"d": 1}})).unwrap();
    let plan = blueprint.plan(versions.iter().map(Into::into)).unwrap();
    let mut places = [0_u32; 4];
    for n in 0..=255 {
        let form = plan.draw(Seed([n; 32]));
        let mut by_handle: Vec<_> = form.positions()[0].options().iter().collect();
        by_handle.sort_by(|a, b| a.handle.cmp(&b.handle));
        let place = by_handle.iter().position(|o| o.option.as_str() == "CANARY-OPTION-0-0").unwrap();
        places[place] += 1;
    }
    // Sorted by handle, an option stands anywhere: 64 expected, standard deviation 7; fixed seeds, so it never flickers.
    assert!(places.iter().all(|n| (36..92).contains(n)), "{places:?}");
}

#[test]
fn a_view_has_the_shape_of_the_api() {
    let bank = json!([{"id": "x", "question": {"ja": "図の*部品*は?", "en": "Which *part*?"}, "correct": 1, "figure": "canary-figure-b.png",
        "figure_alt": {"ja": "回路\"図", "en": "circuit"}, "answers": [{"ja": "抵抗 < 5", "en": "r"}, {"ja": "管", "en": "t"}]}]);
    let import = import(bank.to_string().as_bytes(), Format::Json, &|_| Some(crate::bank::png()), &|_| None);
    let versions: Vec<_> = import.accepted.into_iter().map(|(_, v)| v).collect();
    let blueprint = Blueprint::from_value(&json!({"group_by": {"id_prefix": 1}, "one_from_each": "group"})).unwrap();
    let form = blueprint.plan(versions.iter().map(Into::into)).unwrap().draw(Seed([0; 32]));
    let position = form.position(1).unwrap();
    let url = |figure: &waymark_assess::item::Figure| format!("/exam/figures/{}", &figure.sha256()[..8]);
    let seen: PositionView = view(position, versions[0].content(), "ja", url).unwrap();
    let value: Value = serde_json::to_value(&seen).unwrap();
    let mut members: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(
        members,
        ["language", "max_choices", "min_choices", "options", "position", "section", "stem_html", "type"]
    );
    assert_eq!(
        (&value["type"], &value["section"], &value["language"]),
        (&json!("single_choice"), &json!("x"), &json!("ja"))
    );
    let start = "<p>図の<em>部品</em>は?</p>\n<figure><img src=\"/exam/figures/";
    assert!(seen.stem_html.starts_with(start), "{}", seen.stem_html);
    assert!(seen.stem_html.ends_with("\" alt=\"回路&quot;図\" /></figure>\n"), "{}", seen.stem_html);
    assert!(seen.options.iter().any(|option| option.html == "抵抗 &lt; 5"));
    assert!(!value.to_string().contains("canary-figure"));
    let english = view(position, versions[0].content(), "fr", url).unwrap();
    assert_eq!(english.language.as_deref(), Some("en"));
    assert_eq!(view(position, version(1, false).content(), "ja", url), Err(NotThisItem(1)));
    let mut other = versions[0].content().clone();
    other.slug = "y".into();
    assert_eq!(view(position, &other, "ja", url), Err(NotThisItem(1)), "another item with options of the same ids");
    let quoted = view(position, versions[0].content(), "ja", |_| "/f?a=1&b=\"><script>".into()).unwrap();
    assert!(quoted.stem_html.contains("src=\"/f?a=1&amp;b=&quot;&gt;&lt;script&gt;\""), "{}", quoted.stem_html);
}

/// Versions are named by their hash in forms, decisions and files: what an item of today hashes to, it hashes to for good.
#[test]
fn hashes_of_items_never_change() {
    let item = crate::bank::item(&crate::bank::fields("x", "d", 1));
    // Worked out by another program from the canonical JSON of the stored parts.
    assert_eq!(item.hash().to_string(), "656992cff4e2293f89df92290429b03f38393e4d43f6c1d9e786d4773a0650f3");
}
