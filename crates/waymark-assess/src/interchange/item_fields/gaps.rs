//! Texts with gaps: inline choice, cloze, gap match.

use super::{Family, answers, filled, flag, marked, optional, read_words, typed};
use crate::{
    item::{Gap, GapKey, GapKind, Gaps, Interaction, ItemOption, ItemType, KeyKind, OptionId},
    mistake::{Mistake, pointer_to},
    strict::Object,
};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// `text` with marks `{{id}}`, and `gaps` by id; a `pool` makes it a gap match.
pub(super) fn read(object: &Object<'_>, item_type: ItemType, wrong: &mut Vec<Mistake>) -> Option<Family> {
    let text = filled(object, "text", wrong).and_then(|value| read_words(value, "/text", wrong));
    let pool = match optional(object, "pool") {
        Some(value) => answers::read(value, "/pool", wrong)?,
        None => Vec::new(),
    };
    let pool_ids = answers::ids(object, "pool", pool.len(), wrong)?;
    let reuse = flag(object, "reuse", wrong);
    let Some(named) = filled(object, "gaps", wrong)?.as_object() else {
        wrong.push(Mistake::new(
            "/gaps",
            "not_an_object",
            "`gaps` names each gap of the text: write {g1: {…}, g2: {…}}",
            "gaps には本文の空欄を名前ごとに書きます。例: {g1: {…}, g2: {…}}",
        ));
        return None;
    };
    let (gaps, key) = each(named, &pool_ids, wrong)?;
    let pool = answers::options(pool, pool_ids, &BTreeSet::new());
    let gaps = Gaps { text: text?, gaps, pool, reuse: reuse? };
    if gaps.item_type() != item_type {
        wrong.push(Mistake::new(
            "/type",
            "another_type",
            format!(
                "this is a {}: correct `type`, or write the gaps as {} has them",
                gaps.item_type().as_str(),
                item_type.as_str()
            ),
            format!(
                "この書き方は {} です。type を直すか、{} の書き方にしてください",
                gaps.item_type().as_str(),
                item_type.as_str()
            ),
        ));
    }
    Some(Family { interaction: Interaction::Gaps(gaps), key: KeyKind::Gaps(key), kept: Vec::new() })
}

type Each = (Vec<Gap>, BTreeMap<OptionId, GapKey>);

/// In the order of their ids, so that a file read again gives the same version.
fn each(named: &Map<String, Value>, pool: &[OptionId], wrong: &mut Vec<Mistake>) -> Option<Each> {
    let sorted: BTreeMap<&String, &Value> = named.iter().collect();
    let (mut gaps, mut keys) = (Vec::new(), BTreeMap::new());
    for (name, value) in sorted {
        let at = pointer_to("/gaps", name);
        let Some(id) = OptionId::new(name) else {
            wrong.push(Mistake::new(
                at,
                "not_a_name",
                "a gap is named by up to 64 letters, digits, `.`, `_` or `-`",
                "空欄の名前は、64字までの英数字と「.」「_」「-」にしてください",
            ));
            return None;
        };
        let (kind, key) = gap(value, &at, pool, wrong)?;
        gaps.push(Gap { id: id.clone(), kind });
        keys.insert(id, key);
    }
    Some((gaps, keys))
}

fn gap(value: &Value, at: &str, pool: &[OptionId], wrong: &mut Vec<Mistake>) -> Option<(GapKind, GapKey)> {
    let known = ["answers", "ids", "correct", "texts", "ignore", "max_length", "numbers", "tolerance"];
    let object = Object::open(value, at, &known, wrong)?;
    let given = ["correct", "texts", "numbers"].into_iter().filter(|name| object.get(name).is_some());
    match given.collect::<Vec<_>>()[..] {
        ["correct"] if object.get("answers").is_some() => {
            let texts = answers::read(object.get("answers")?, &object.at("answers"), wrong)?;
            let ids = answers::own_ids(object.get("ids"), &object.at("ids"), texts.len(), wrong)?;
            let right = places(object.get("correct")?, &object.at("correct"), &ids, wrong)?;
            let options: Vec<ItemOption> = answers::options(texts, ids, &BTreeSet::new());
            Some((GapKind::Choice { options }, GapKey::Options(right)))
        }
        ["correct"] => {
            let right = places(object.get("correct")?, &object.at("correct"), pool, wrong)?;
            Some((GapKind::Pool, GapKey::Options(right)))
        }
        ["texts"] => {
            let texts = typed::texts(object.get("texts"), &object.at("texts"), object.get("ignore"), wrong)?;
            let max_length = typed::max_length(&object, crate::item::MAX_SHORT_TEXT, wrong)?;
            let max_length = max_length.unwrap_or(typed::USUAL_LENGTH);
            Some((GapKind::Text { max_length }, GapKey::Texts(texts)))
        }
        ["numbers"] => {
            let numbers =
                typed::numbers(object.get("numbers")?, &object.at("numbers"), object.get("tolerance"), wrong)?;
            Some((GapKind::Number, GapKey::Numbers(numbers)))
        }
        _ => {
            wrong.push(Mistake::new(
                at,
                "gap_not_understood",
                "say what fills the gap, in one way: `answers` with `correct`, `correct` from the pool, `texts`, or `numbers`",
                "空欄の埋め方を1つだけ書いてください: answers と correct、語群から選ぶ correct、texts、numbers のどれか",
            ));
            None
        }
    }
}

/// Any of these places is right.
fn places(value: &Value, at: &str, ids: &[OptionId], wrong: &mut Vec<Mistake>) -> Option<BTreeSet<OptionId>> {
    let places = marked::places(value, at, wrong)?;
    let right: Option<BTreeSet<OptionId>> = places.iter().map(|place| ids.get(*place).cloned()).collect();
    if right.is_none() {
        wrong.push(marked::beyond(at, ids.len()));
    }
    right
}
