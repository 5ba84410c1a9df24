//! How an item stands in front of one candidate: its options in which order, everything under a handle.
//!
//! Choice items (true/false among them) are arranged by rules of [`super::ALGORITHM`] 1, from its streams 1 and 2. All
//! other families have streams of their own, so that an item of a newer type beside it never moves an option of a choice:
//!
//! * Stream 3 orders what is shuffled, in this order: sources and then targets of a matching; options of an ordering;
//!   options of each gap in the order of the gaps, then the pool; areas of a hotspot. Options that are fixed keep their
//!   place, as in a choice.
//! * Stream 4 makes handles, in the order shown: sources, then targets; options; gaps in the order of the author, each
//!   followed by its options, then the pool; areas. Drawn again where the form has the handle already.
//! * Numbers, texts, essays and uploads draw nothing.

use super::{PlacedGap, PlacedOption, Presented, PresentedGap, Seed, words::Words};
use crate::item::{FileKind, GapKind, Interaction, ItemOption, OptionId};
use std::collections::BTreeSet;

/// An option's id, and whether it keeps its place.
pub(crate) type Movable = (OptionId, bool);

/// What arranging needs to know of an item: not its key, not its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Arrangement {
    Choice { multiple: bool, true_false: bool, choose: Option<u32>, options: Vec<Movable> },
    Match { several: bool, sources: Vec<Movable>, targets: Vec<Movable> },
    Order { options: Vec<Movable> },
    Number,
    ShortText { max_length: u32 },
    Gaps { gaps: Vec<(OptionId, ArrangedGap)>, pool: Vec<Movable>, reuse: bool },
    Hotspot { multiple: bool, choose: Option<u32>, areas: Vec<Movable> },
    Essay { max_length: u32 },
    Upload { kinds: BTreeSet<FileKind>, max_bytes: u32 },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ArrangedGap {
    Choice(Vec<Movable>),
    Text { max_length: u32 },
    Number,
    Pool,
}

fn movable(options: &[ItemOption]) -> Vec<Movable> {
    options.iter().map(|option| (option.id.clone(), option.fixed)).collect()
}

impl From<&Interaction> for Arrangement {
    fn from(interaction: &Interaction) -> Self {
        match interaction {
            Interaction::Choice(choice) => Self::Choice {
                multiple: choice.multiple,
                true_false: choice.true_false,
                choose: choice.choose,
                options: movable(&choice.options),
            },
            Interaction::Match(matching) => Self::Match {
                several: matching.several,
                sources: movable(&matching.sources),
                targets: movable(&matching.targets),
            },
            Interaction::Order(ordering) => Self::Order { options: movable(&ordering.options) },
            Interaction::Number => Self::Number,
            Interaction::ShortText(text) => Self::ShortText { max_length: text.max_length },
            Interaction::Gaps(gaps) => {
                let kind = |kind: &GapKind| match kind {
                    GapKind::Choice { options } => ArrangedGap::Choice(movable(options)),
                    GapKind::Text { max_length } => ArrangedGap::Text { max_length: *max_length },
                    GapKind::Number => ArrangedGap::Number,
                    GapKind::Pool => ArrangedGap::Pool,
                };
                Self::Gaps {
                    gaps: gaps.gaps.iter().map(|gap| (gap.id.clone(), kind(&gap.kind))).collect(),
                    pool: movable(&gaps.pool),
                    reuse: gaps.reuse,
                }
            }
            Interaction::Hotspot(hotspot) => Self::Hotspot {
                multiple: hotspot.multiple,
                choose: hotspot.choose,
                areas: hotspot.areas.iter().map(|area| (area.id.clone(), false)).collect(),
            },
            Interaction::Essay(essay) => Self::Essay { max_length: essay.max_length },
            Interaction::Upload(upload) => Self::Upload { kinds: upload.kinds.clone(), max_bytes: upload.max_bytes },
        }
    }
}

/// The streams that arranging takes its words from, and the handles that are taken.
pub(crate) struct Arranger {
    choice_order: Words,
    choice_names: Words,
    order: Words,
    names: Words,
    taken: BTreeSet<String>,
}

impl Arranger {
    pub fn new(seed: Seed) -> Self {
        let [choice_order, choice_names, order, names] = [1, 2, 3, 4].map(|stream| Words::stream(seed, stream));
        Self { choice_order, choice_names, order, names, taken: BTreeSet::new() }
    }

    pub fn arrange(&mut self, item: &Arrangement) -> Presented {
        match item {
            Arrangement::Choice { multiple, true_false, choose, options } => {
                let (order, names) = (&mut self.choice_order, &mut self.choice_names);
                let options = place(shuffled(options, order), names, &mut self.taken);
                let (min_choices, max_choices) = limits(*multiple, *choose, options.len());
                Presented::Choice { multiple: *multiple, true_false: *true_false, min_choices, max_choices, options }
            }
            Arrangement::Match { several, sources, targets } => {
                let (sources, targets) = (self.shuffled(sources), self.shuffled(targets));
                Presented::Match { several: *several, sources: self.place(sources), targets: self.place(targets) }
            }
            Arrangement::Order { options } => {
                let options = self.shuffled(options);
                Presented::Order { options: self.place(options) }
            }
            Arrangement::Number => Presented::Number,
            Arrangement::ShortText { max_length } => Presented::ShortText { max_length: *max_length },
            Arrangement::Gaps { gaps, pool, reuse } => self.gaps(gaps, pool, *reuse),
            Arrangement::Hotspot { multiple, choose, areas } => {
                let areas = self.shuffled(areas);
                let (min_choices, max_choices) = limits(*multiple, *choose, areas.len());
                Presented::Hotspot { multiple: *multiple, min_choices, max_choices, areas: self.place(areas) }
            }
            Arrangement::Essay { max_length } => Presented::Essay { max_length: *max_length },
            Arrangement::Upload { kinds, max_bytes } => {
                Presented::Upload { kinds: kinds.clone(), max_bytes: *max_bytes }
            }
        }
    }

    fn gaps(&mut self, gaps: &[(OptionId, ArrangedGap)], pool: &[Movable], reuse: bool) -> Presented {
        let mut orders = Vec::with_capacity(gaps.len());
        for (_, kind) in gaps {
            orders.push(match kind {
                ArrangedGap::Choice(options) => self.shuffled(options),
                _ => Vec::new(),
            });
        }
        let pool = self.shuffled(pool);
        let mut placed = Vec::with_capacity(gaps.len());
        for ((gap, kind), order) in gaps.iter().zip(orders) {
            let handle = self.names.handle(&mut self.taken);
            let kind = match kind {
                ArrangedGap::Choice(_) => PresentedGap::Choice(self.place(order)),
                ArrangedGap::Text { max_length } => PresentedGap::Text { max_length: *max_length },
                ArrangedGap::Number => PresentedGap::Number,
                ArrangedGap::Pool => PresentedGap::Pool,
            };
            placed.push(PlacedGap { handle, gap: gap.clone(), kind });
        }
        Presented::Gaps { gaps: placed, pool: self.place(pool), reuse }
    }

    fn shuffled(&mut self, options: &[Movable]) -> Vec<OptionId> {
        shuffled(options, &mut self.order)
    }

    fn place(&mut self, options: Vec<OptionId>) -> Vec<PlacedOption> {
        place(options, &mut self.names, &mut self.taken)
    }
}

/// Where the item does not say how many are right, any number may be chosen: a limit would tell.
fn limits(multiple: bool, choose: Option<u32>, options: usize) -> (u32, u32) {
    match (multiple, choose) {
        (false, _) => (1, 1),
        (true, Some(stated)) => (stated, stated),
        (true, None) => (1, u32::try_from(options).expect("an item has at most 26 options")),
    }
}

fn place(options: Vec<OptionId>, names: &mut Words, taken: &mut BTreeSet<String>) -> Vec<PlacedOption> {
    let named = |option| PlacedOption { handle: names.handle(taken), option };
    options.into_iter().map(named).collect()
}

fn shuffled(options: &[Movable], order: &mut Words) -> Vec<OptionId> {
    let mut free: Vec<&OptionId> = options.iter().filter(|(_, fixed)| !fixed).map(|(id, _)| id).collect();
    let all = free.len();
    order.draw(&mut free, all);
    let mut free = free.into_iter();
    let place = |(id, fixed): &Movable| if *fixed { Some(id.clone()) } else { free.next().cloned() };
    options.iter().filter_map(place).collect()
}
