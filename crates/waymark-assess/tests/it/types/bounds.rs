//! Whatever is answered, points stay within bounds, and handles do not matter.

use super::{form, scored};
use crate::samples::items;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use waymark_assess::{
    Rational,
    form::{PlacedOption, Position, Presented, PresentedGap},
    item::{Rule, Scoring},
    response::Response,
};

proptest! {
    /// Whatever is answered earns something between nothing and everything, however the form was shuffled.
    #[test]
    fn points_stay_within_bounds_and_handles_do_not_matter(
        seeds in (0_u8..255, 0_u8..255),
        picks in proptest::collection::vec(0_usize..1000, 40),
        points in 1_u32..20,
        penalty in 0_i64..=6,
    ) {
        let scoring = Scoring { rule: Rule::PerPart, points, penalty: Rational::new(penalty, 6).expect("small") };
        let versions = items(scoring);
        let total = |seed: u8| {
            let form = form(&versions, seed);
            let mut responses = BTreeMap::new();
            for position in form.positions() {
                let answer = some_answer(position, &picks);
                responses.insert(position.number, Response::check(&answer, position).unwrap_or_else(|m| panic!("{answer}: {m:?}")));
            }
            let score = scored(&form, &versions, &responses);
            for (earned, max) in score.points() {
                assert!(*earned >= Rational::ZERO && earned <= max, "{earned} of {max}");
            }
            let mut by_item: Vec<(String, String)> = form.positions().iter().zip(score.points())
                .map(|(position, (earned, _))| (position.slug.clone(), earned.to_string())).collect();
            by_item.sort();
            by_item
        };
        prop_assert_eq!(total(seeds.0), total(seeds.1));
    }
}

/// An answer that names the same options in every form, chosen by `picks`.
fn some_answer(position: &Position, picks: &[usize]) -> Value {
    let sorted = |options: &[PlacedOption]| {
        let mut sorted = options.to_vec();
        sorted.sort_by(|a, b| a.option.cmp(&b.option));
        sorted.into_iter().map(|placed| placed.handle.to_string()).collect::<Vec<_>>()
    };
    let pick = |n: usize, options: &[String]| options[picks[n] % options.len()].clone();
    match &position.presented {
        Presented::Choice { options, max_choices: 1, .. } => json!([pick(0, &sorted(options))]),
        Presented::Choice { options, .. } | Presented::Hotspot { areas: options, .. } => sorted(options)
            .into_iter()
            .zip(picks)
            .filter(|(_, pick)| *pick % 2 == 0)
            .map(|(handle, _)| handle)
            .collect(),
        Presented::Order { options } => {
            let mut order: Vec<(usize, String)> = picks.iter().copied().zip(sorted(options)).collect();
            order.sort_by_key(|(pick, _)| *pick);
            order.into_iter().skip(picks[9] % 3).map(|(_, handle)| handle).collect()
        }
        Presented::Match { sources, targets, .. } => {
            let targets = sorted(targets);
            sorted(sources).into_iter().enumerate().map(|(n, source)| json!([source, pick(n + 10, &targets)])).collect()
        }
        Presented::Number => json!(["31337.5", "31338", "31338.01", "-1"][picks[20] % 4]),
        Presented::ShortText { .. } => json!(["canary tokyo", "canary　東京", "Osaka"][picks[21] % 3]),
        Presented::Gaps { gaps, pool, .. } => {
            let mut words = sorted(pool);
            let mut gaps = gaps.clone();
            gaps.sort_by(|a, b| a.gap.cmp(&b.gap));
            let fill = |(n, gap): (usize, &waymark_assess::form::PlacedGap)| {
                let word = match &gap.kind {
                    PresentedGap::Choice(options) => pick(n + 22, &sorted(options)),
                    PresentedGap::Pool => words.remove(picks[n + 25] % words.len()),
                    PresentedGap::Number => ["31337", "2"][picks[27] % 2].to_owned(),
                    _ => ["canary word", "other"][picks[28] % 2].to_owned(),
                };
                (gap.handle.to_string(), json!(word))
            };
            gaps.iter().enumerate().map(fill).collect()
        }
        _ => json!(null),
    }
}
