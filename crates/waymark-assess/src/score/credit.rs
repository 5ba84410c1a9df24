//! What one response is worth under one key.

use super::not_scorable::NotScorable;
use crate::{
    decimal::Decimal,
    form::{Handle, PlacedGap, PlacedOption, Position, Presented, PresentedGap},
    item::{AcceptedNumber, AcceptedTexts, GapKey, ItemKey, KeyKind, OptionId, Rule, Share},
    rational::Rational,
    response::Response,
};
use std::collections::BTreeSet;

/// Parts that came out right and wrong.
struct Tally {
    /// Everything right and nothing beside it.
    whole: bool,
    /// Right parts, less what was chosen beyond the number of right ones; a share counts as such.
    right: Rational,
    wrong: u32,
    of: u32,
}

/// Points of a response that answers something. Between 0 and the most that the key gives.
pub(super) fn points(position: &Position, key: &ItemKey, response: &Response) -> Result<Rational, NotScorable> {
    let tally = tally(position, key, response)?;
    let scoring = key.scoring();
    match scoring.rule {
        Rule::AllOrNothing if tally.whole => Ok(key.max_points()),
        Rule::AllOrNothing => Ok(Rational::ZERO),
        Rule::PerPart => earned(&tally, key.max_points(), scoring.penalty).ok_or(NotScorable::TooFine(position.number)),
    }
}

fn earned(tally: &Tally, max: Rational, penalty: Rational) -> Option<Rational> {
    let lost = penalty.checked_mul(Rational::from(tally.wrong))?;
    let right = tally.right.checked_sub(lost)?;
    let share = Rational::new(1, i64::from(tally.of))?;
    Some(right.checked_mul(share)?.checked_mul(max)?.clamp(Rational::ZERO, max))
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Of a set that was chosen from: what is right, less what is too much.
fn of_set<T: Ord>(chosen: &BTreeSet<T>, key: &BTreeSet<T>) -> Tally {
    let right = count(chosen.intersection(key).count());
    let over = count(chosen.len().saturating_sub(key.len()));
    Tally {
        whole: chosen == key,
        right: Rational::from(right.saturating_sub(over)),
        wrong: count(chosen.difference(key).count()),
        of: count(key.len()),
    }
}

/// Of a single part.
fn of_one(share: Option<Share>) -> Tally {
    Tally {
        whole: share.is_some_and(Share::is_whole),
        right: share.map_or(Rational::ZERO, Share::get),
        wrong: u32::from(share.is_none()),
        of: 1,
    }
}

fn tally(position: &Position, key: &ItemKey, response: &Response) -> Result<Tally, NotScorable> {
    let foreign = NotScorable::ForeignHandle(position.number);
    match (&position.presented, key.kind()) {
        (Presented::Choice { options, .. } | Presented::Hotspot { areas: options, .. }, KeyKind::Options(right)) => {
            let chosen: Option<BTreeSet<&OptionId>> =
                response.handles().iter().map(|handle| option(options, handle.as_str())).collect();
            Ok(of_set(&chosen.ok_or(foreign)?, &right.iter().collect()))
        }
        (Presented::Match { sources, targets, .. }, KeyKind::Pairs(right)) => {
            let pair = |(source, target): &(Handle, Handle)| {
                Some((option(sources, source.as_str())?, option(targets, target.as_str())?))
            };
            let given: Option<BTreeSet<_>> = response.pairs().iter().map(pair).collect();
            Ok(of_set(&given.ok_or(foreign)?, &right.iter().map(|(source, target)| (source, target)).collect()))
        }
        (Presented::Order { options }, KeyKind::Sequence(sequence)) => {
            let given: Option<Vec<&OptionId>> =
                response.handles().iter().map(|handle| option(options, handle.as_str())).collect();
            let given = given.ok_or(foreign)?;
            let right = count(given.iter().zip(sequence).filter(|(given, right)| **given == *right).count());
            let whole =
                given.len() == sequence.len() && given.iter().zip(sequence).all(|(given, right)| *given == right);
            let wrong = count(given.len()) - right;
            Ok(Tally { whole, right: Rational::from(right), wrong, of: count(sequence.len()) })
        }
        (Presented::Number, KeyKind::Numbers(numbers)) => {
            Ok(of_one(response.text().and_then(|typed| number(numbers, typed))))
        }
        (Presented::ShortText { .. }, KeyKind::Texts(texts)) => {
            Ok(of_one(response.text().and_then(|typed| texts.share_of(typed))))
        }
        (Presented::Gaps { gaps, pool, .. }, KeyKind::Gaps(keys)) => {
            let mut all = Tally { whole: true, right: Rational::ZERO, wrong: 0, of: count(gaps.len()) };
            if response.gaps().any(|(handle, _)| gaps.iter().all(|gap| gap.handle != *handle)) {
                return Err(foreign);
            }
            for gap in gaps {
                let key = keys.get(&gap.gap).ok_or(NotScorable::KeyMissing(position.number))?;
                let part = match response.in_gap(&gap.handle) {
                    Some(filled) => of_one(gap_share(gap, pool, key, filled).ok_or(foreign.clone())?),
                    None => Tally { wrong: 0, ..of_one(None) },
                };
                all.whole &= part.whole;
                all.wrong += part.wrong;
                all.right = all.right.checked_add(part.right).ok_or(NotScorable::TooFine(position.number))?;
            }
            Ok(all)
        }
        _ => Err(NotScorable::KeyMissing(position.number)),
    }
}

fn option<'p>(options: &'p [PlacedOption], handle: &str) -> Option<&'p OptionId> {
    Some(&options.iter().find(|placed| placed.handle.as_str() == handle)?.option)
}

fn number(numbers: &[AcceptedNumber], typed: &str) -> Option<Share> {
    let typed = Decimal::typed(typed).ok()?;
    numbers.iter().find(|accepted| accepted.accepts(&typed)).map(|accepted| accepted.share)
}

/// What fills a gap: its share if it is right. The outer `None` is a handle that the form does not have there.
fn gap_share(gap: &PlacedGap, pool: &[PlacedOption], key: &GapKey, filled: &str) -> Option<Option<Share>> {
    let among = |options: &[PlacedOption], right: &BTreeSet<OptionId>| {
        option(options, filled).map(|option| right.contains(option).then_some(Share::WHOLE))
    };
    match (&gap.kind, key) {
        (PresentedGap::Choice(options), GapKey::Options(right)) => among(options, right),
        (PresentedGap::Pool, GapKey::Options(right)) => among(pool, right),
        (PresentedGap::Text { .. }, GapKey::Texts(texts)) => Some(AcceptedTexts::share_of(texts, filled)),
        (PresentedGap::Number, GapKey::Numbers(numbers)) => Some(number(numbers, filled)),
        _ => None,
    }
}
