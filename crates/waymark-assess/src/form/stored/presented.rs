//! How an item stood in front of the candidate, family by family. Options are pairs of handle and id, in the order shown.

use crate::{
    form::{Handle, PlacedGap, PlacedOption, Presented, PresentedGap},
    item::{FileKind, OptionId, Unreadable},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::BTreeSet;

type Options = Vec<(String, String)>;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    multiple: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    true_false: bool,
    min: u32,
    max: u32,
    options: Options,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Matching {
    several: bool,
    sources: Options,
    targets: Options,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ordering {
    options: Options,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Length {
    max_length: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Gaps {
    gaps: Vec<(String, String, Gap)>,
    pool: Options,
    reuse: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Gap {
    Choice(Options),
    Text(u32),
    Number,
    Pool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hotspot {
    multiple: bool,
    min: u32,
    max: u32,
    areas: Options,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Upload {
    kinds: BTreeSet<FileKind>,
    max_bytes: u32,
}

fn value(of: impl Serialize) -> Value {
    serde_json::to_value(of).expect("strings, whole numbers and string keys always serialize")
}

fn pairs(options: &[PlacedOption]) -> Options {
    options.iter().map(|placed| (placed.handle.to_string(), placed.option.to_string())).collect()
}

/// The member that a position gets: its name and what it holds.
pub(super) fn write(presented: &Presented) -> (&'static str, Value) {
    match presented {
        Presented::Choice { multiple, true_false, min_choices, max_choices, options } => {
            let (multiple, true_false, min, max) = (*multiple, *true_false, *min_choices, *max_choices);
            ("choice", value(Choice { multiple, true_false, min, max, options: pairs(options) }))
        }
        Presented::Match { several, sources, targets } => {
            ("matching", value(Matching { several: *several, sources: pairs(sources), targets: pairs(targets) }))
        }
        Presented::Order { options } => ("ordering", value(Ordering { options: pairs(options) })),
        Presented::Number => ("number", value(Nothing {})),
        Presented::ShortText { max_length } => ("short_text", value(Length { max_length: *max_length })),
        Presented::Gaps { gaps, pool, reuse } => {
            let gap = |placed: &PlacedGap| {
                let kind = match &placed.kind {
                    PresentedGap::Choice(options) => Gap::Choice(pairs(options)),
                    PresentedGap::Text { max_length } => Gap::Text(*max_length),
                    PresentedGap::Number => Gap::Number,
                    PresentedGap::Pool => Gap::Pool,
                };
                (placed.handle.to_string(), placed.gap.to_string(), kind)
            };
            ("gaps", value(Gaps { gaps: gaps.iter().map(gap).collect(), pool: pairs(pool), reuse: *reuse }))
        }
        Presented::Hotspot { multiple, min_choices, max_choices, areas } => {
            let (min, max) = (*min_choices, *max_choices);
            ("hotspot", value(Hotspot { multiple: *multiple, min, max, areas: pairs(areas) }))
        }
        Presented::Essay { max_length } => ("essay", value(Length { max_length: *max_length })),
        Presented::Upload { kinds, max_bytes } => {
            ("upload", value(Upload { kinds: kinds.clone(), max_bytes: *max_bytes }))
        }
    }
}

/// The handles that a form has so far: each stands for one thing.
#[derive(Default)]
pub(super) struct Taken(BTreeSet<String>);

impl Taken {
    fn handle(&mut self, handle: String) -> Result<Handle, Unreadable> {
        if self.0.insert(handle.clone()) { Ok(Handle(handle)) } else { Err(Unreadable::new("a handle is there twice")) }
    }

    fn options(&mut self, pairs: Options) -> Result<Vec<PlacedOption>, Unreadable> {
        let placed = |(handle, option): (String, String)| {
            Ok(PlacedOption { handle: self.handle(handle)?, option: option_id(&option)? })
        };
        pairs.into_iter().map(placed).collect()
    }

    fn gap(&mut self, (handle, gap, kind): (String, String, Gap)) -> Result<PlacedGap, Unreadable> {
        let (handle, gap) = (self.handle(handle)?, option_id(&gap)?);
        let kind = match kind {
            Gap::Choice(options) => PresentedGap::Choice(self.options(options)?),
            Gap::Text(max_length) => PresentedGap::Text { max_length },
            Gap::Number => PresentedGap::Number,
            Gap::Pool => PresentedGap::Pool,
        };
        Ok(PlacedGap { handle, gap, kind })
    }
}

fn option_id(id: &str) -> Result<OptionId, Unreadable> {
    OptionId::new(id).ok_or_else(|| Unreadable::new("no option id"))
}

fn parse<T: DeserializeOwned>(value: Value) -> Result<T, Unreadable> {
    serde_json::from_value(value).map_err(|e| Unreadable::new(e.to_string()))
}

/// What [`write()`] wrote.
pub(super) fn read(family: &str, value: Value, taken: &mut Taken) -> Result<Presented, Unreadable> {
    Ok(match family {
        "choice" => {
            let Choice { multiple, true_false, min, max, options } = parse(value)?;
            let options = taken.options(options)?;
            Presented::Choice { multiple, true_false, min_choices: min, max_choices: max, options }
        }
        "matching" => {
            let Matching { several, sources, targets } = parse(value)?;
            Presented::Match { several, sources: taken.options(sources)?, targets: taken.options(targets)? }
        }
        "ordering" => Presented::Order { options: taken.options(parse::<Ordering>(value)?.options)? },
        "number" => {
            let Nothing {} = parse(value)?;
            Presented::Number
        }
        "short_text" => Presented::ShortText { max_length: parse::<Length>(value)?.max_length },
        "gaps" => {
            let Gaps { gaps, pool, reuse } = parse(value)?;
            let gaps = gaps.into_iter().map(|gap| taken.gap(gap)).collect::<Result<_, _>>()?;
            Presented::Gaps { gaps, pool: taken.options(pool)?, reuse }
        }
        "hotspot" => {
            let Hotspot { multiple, min, max, areas } = parse(value)?;
            Presented::Hotspot { multiple, min_choices: min, max_choices: max, areas: taken.options(areas)? }
        }
        "essay" => Presented::Essay { max_length: parse::<Length>(value)?.max_length },
        "upload" => {
            let Upload { kinds, max_bytes } = parse(value)?;
            Presented::Upload { kinds, max_bytes }
        }
        other => {
            return Err(Unreadable::new(format!("an unknown family {}", other.chars().take(40).collect::<String>())));
        }
    })
}
