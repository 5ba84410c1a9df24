//! Attempts that nobody made: forms from one seed, answers by somebody who knows so much, scored like any other. Answers are made for choice items; others
//! are left out.

use crate::{
    form::{Circumstances, Form, Plan, Position, Presented, Seed},
    grade::Terms,
    rational::Rational,
    response::Response,
    score::{KeySet, NotScorable, Score, score_on},
};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// One simulated attempt.
#[derive(Debug, Clone)]
pub struct Simulated {
    pub form: Form,
    pub responses: BTreeMap<u32, Response>,
    pub score: Score,
}

/// The stream of the form's seed that answers come from; forms use lower ones.
const STREAM: u64 = 1_000;

/// The seed of the attempt with this number: SHA-256 of the seed and the number (64 bits, big-endian).
pub fn seed_of(seed: u64, number: u64) -> Seed {
    Seed(Sha256::new().chain_update(seed.to_be_bytes()).chain_update(number.to_be_bytes()).finalize().into())
}

/// Attempt `number` of a simulation: its form, answers of which a share of `ability` (0 to 1) is right on average, and the score.
///
/// # Errors
/// Keys that do not belong to the plan's items.
pub fn simulate(
    plan: &Plan,
    keys: &KeySet,
    terms: &dyn Fn(&Form) -> Terms,
    circumstances: &Circumstances,
    (seed, number): (u64, u64),
    ability: Rational,
) -> Result<Simulated, NotScorable> {
    let seed = seed_of(seed, number);
    let form = plan.assemble(seed, circumstances);
    let mut rng = ChaCha20Rng::from_seed(seed.0);
    rng.set_stream(STREAM);
    let mut responses = BTreeMap::new();
    for position in form.positions() {
        if let Some(sent) = answer(position, keys, ability, &mut rng)?
            && let Ok(response) = Response::check(&sent, position)
        {
            responses.insert(position.number, response);
        }
    }
    let score = score_on(&form, keys, &responses, &BTreeMap::new(), &terms(&form))?;
    Ok(Simulated { form, responses, score })
}

/// A number below `n`, which is small.
fn below(rng: &mut ChaCha20Rng, n: u64) -> u64 {
    (u64::from(rng.next_u32()) * n) >> 32
}

/// Right, wrong or, one time in ten of not being right, nothing.
fn answer(
    position: &Position,
    keys: &KeySet,
    ability: Rational,
    rng: &mut ChaCha20Rng,
) -> Result<Option<Value>, NotScorable> {
    let key = keys.get(&position.item).ok_or(NotScorable::KeyMissing(position.number))?;
    let knows = {
        let of = u64::try_from(ability.denominator()).unwrap_or(1).min(1 << 20);
        let share = u64::try_from(ability.numerator()).unwrap_or(0);
        below(rng, of) < share
    };
    let (left_out, which) = (below(rng, 10) == 0, rng.next_u32());
    if !matches!(position.presented, Presented::Choice { .. }) || (!knows && left_out) {
        return Ok(None);
    }
    let right: Vec<String> = key.value()["options"]
        .as_array()
        .map(|ids| ids.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default();
    let (good, bad): (Vec<&str>, Vec<&str>) = {
        let is_right = |placed: &&crate::form::PlacedOption| right.iter().any(|id| id == placed.option.as_str());
        let (good, bad): (Vec<_>, Vec<_>) = position.options().iter().partition(is_right);
        (good.iter().map(|p| p.handle.as_str()).collect(), bad.iter().map(|p| p.handle.as_str()).collect())
    };
    if knows {
        return Ok(Some(json!(good)));
    }
    let pick = usize::try_from(which).unwrap_or(0) % bad.len().max(1);
    Ok(bad.get(pick).map(|handle| json!([handle])))
}
