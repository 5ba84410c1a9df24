//! Matching: sources, targets, and pairs of their places.

use super::{Family, answers, filled, flag, marked, optional};
use crate::{
    item::{Interaction, KeyKind, Matching, OptionId},
    mistake::{Mistake, pointer_to},
    strict::Object,
    text::Text,
};
use serde_json::Value;
use std::collections::BTreeSet;

/// `correct` is a list of pairs `[source, target]`, both counted from 0.
pub(super) fn matching(object: &Object<'_>, wrong: &mut Vec<Mistake>) -> Option<Family> {
    let sources = side(object, "sources", wrong);
    let targets = side(object, "targets", wrong);
    let several = flag(object, "several", wrong);
    let correct = filled(object, "correct", wrong);
    let (sources, targets) = (sources?, targets?);
    let source_ids = answers::ids(object, "sources", sources.len(), wrong)?;
    let target_ids = answers::ids(object, "targets", targets.len(), wrong)?;
    let pairs = pairs(correct?, &source_ids, &target_ids, wrong)?;
    let fixed = match optional(object, "fixed") {
        Some(value) => marked::places(value, "/fixed", wrong)?,
        None => BTreeSet::new(),
    };
    let interaction = Interaction::Match(Matching {
        sources: answers::options(sources, source_ids, &BTreeSet::new()),
        targets: answers::options(targets, target_ids, &fixed),
        several: several?,
    });
    Some(Family { interaction, key: KeyKind::Pairs(pairs), kept: Vec::new() })
}

fn side(object: &Object<'_>, name: &str, wrong: &mut Vec<Mistake>) -> Option<Vec<Text>> {
    filled(object, name, wrong).and_then(|value| answers::read(value, &object.at(name), wrong))
}

fn pairs(
    value: &Value,
    sources: &[OptionId],
    targets: &[OptionId],
    wrong: &mut Vec<Mistake>,
) -> Option<BTreeSet<(OptionId, OptionId)>> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut pairs = BTreeSet::new();
    for (n, pair) in list.iter().enumerate() {
        let at = pointer_to("/correct", n);
        let places = marked::list(pair, &at, wrong)?;
        match places[..] {
            [source, target] if source < sources.len() && target < targets.len() => {
                pairs.insert((sources[source].clone(), targets[target].clone()));
            }
            _ => wrong.push(Mistake::new(
                at,
                "not_a_pair",
                format!(
                    "a pair is [source, target]: two places, counted from 0 up to {} and {}",
                    sources.len().saturating_sub(1),
                    targets.len().saturating_sub(1)
                ),
                format!(
                    "組は [左, 右] と書きます。0から数えて左は{}まで、右は{}までです",
                    sources.len().saturating_sub(1),
                    targets.len().saturating_sub(1)
                ),
            )),
        }
    }
    if pairs.is_empty() {
        wrong.push(Mistake::new(
            "/correct",
            "not_a_list",
            "write the pairs that belong together, like [[0, 2], [1, 0]]",
            "対応する組を [[0, 2], [1, 0]] のように書いてください",
        ));
    }
    Some(pairs)
}
