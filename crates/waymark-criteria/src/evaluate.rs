//! From what the leaves have counted to the outcome at a moment.
//!
//! Promises: total and exact for every criteria, count and moment. Truth over time is worked out once, as stretches of
//! time; the outcome and the next wake-up are read off them.

use crate::{
    Criteria, Decision, Node, Outcome, Requirement, Span, Standing, Timestamp, Why, Window,
    explain::explain,
    interval::{Interval, at_least},
    judged::{Judged, View, needed},
    leaf::{Leaf, Taken},
    measure,
};

/// Decides over leaves that were counted for these criteria, in the order of its leaves.
pub(crate) fn evaluate(criteria: &Criteria, leaves: &[Leaf], now: Timestamp) -> Decision {
    let mut tree = judge(criteria, leaves, None);
    let (outcome, until) = outcome(criteria, &tree, now);
    let view = match (outcome, criteria.standing) {
        (Outcome::Met { at, .. }, Standing::Earned | Standing::Term { .. } | Standing::Decided) => {
            tree = judge(criteria, leaves, Some(at));
            View { moment: at, now, settled: true }
        }
        _ => View { moment: now, now, settled: false },
    };
    let nodes = explain(criteria, &tree, view);
    let wake_at = turns(criteria, &tree, view).chain(until).filter(|at| *at > now).min();
    Decision { outcome, nodes, wake_at }
}

/// The tree in order, a parent before its children. With a horizon, only facts that happened by then are looked at.
fn judge<'a>(criteria: &'a Criteria, leaves: &'a [Leaf], horizon: Option<Timestamp>) -> Vec<Judged<'a>> {
    fn place<'a>(
        node: &'a Node,
        parent: Option<usize>,
        leaves: &mut impl Iterator<Item = &'a Leaf>,
        tree: &mut Vec<Judged<'a>>,
    ) -> usize {
        let position = tree.len();
        let leaf = if node.requirement.children().is_empty() { leaves.next() } else { None };
        tree.push(Judged { node, parent, children: Vec::new(), leaf, truth: Vec::new() });
        for child in node.requirement.children() {
            let child = place(child, Some(position), leaves, tree);
            tree[position].children.push(child);
        }
        position
    }
    let mut tree = Vec::new();
    place(&criteria.root, None, &mut leaves.iter(), &mut tree);
    for position in (0..tree.len()).rev() {
        let judged = &tree[position];
        let asked = &judged.node.requirement;
        let truth = match judged.leaf {
            Some(leaf) => {
                let seen = leaf.taken.iter().filter(|taken| horizon.is_none_or(|horizon| taken.happened_at <= horizon));
                match asked {
                    Requirement::Contributions(asked) => {
                        let calendar = criteria.calendar();
                        match horizon.map(|horizon| asked.held(calendar, horizon)) {
                            Some(last) if matches!(asked.window, Some(Window::Since(_))) => {
                                // Where counting began anew after the horizon is not looked at either.
                                let open =
                                    |taken: &Taken| Taken { to: taken.to.filter(|to| *to <= last), ..taken.clone() };
                                let open: Vec<Taken> = seen.map(open).collect();
                                measure::truth(asked, calendar, open.iter())
                            }
                            _ => measure::truth(asked, calendar, seen),
                        }
                    }
                    _ => at_least(1, seen.map(Taken::interval)),
                }
            }
            None => {
                let children = judged.children.iter().flat_map(|child| tree[*child].truth.iter().copied());
                at_least(needed(asked), children)
            }
        };
        tree[position].truth = truth;
    }
    tree
}

/// The outcome, and when a term ends.
fn outcome(criteria: &Criteria, tree: &[Judged<'_>], now: Timestamp) -> (Outcome, Option<Timestamp>) {
    let truth = &tree[0].truth;
    let met = |at| Outcome::Met { at, term: 1 };
    let first = truth.first().filter(|first| first.from <= now);
    match criteria.standing {
        Standing::Earned => (first.map_or(Outcome::NotYet, |first| met(first.from)), None),
        Standing::Current => {
            let holds = truth.iter().find(|interval| interval.contains(now));
            (holds.map_or(Outcome::NotYet, |interval| met(interval.from)), None)
        }
        Standing::Term { months } => {
            let mut last = None;
            let ends = each_term(criteria, months, truth, now, |at| {
                last = Some((at, last.map_or(1, |(_, term)| term + 1)));
            });
            match (last, ends) {
                (Some((at, term)), Some(end)) => (Outcome::Met { at, term }, Some(end)),
                _ => (Outcome::NotYet, None),
            }
        }
        Standing::Decided => {
            let mut last = None;
            let ends = each_decided(tree, now, |at| {
                last = Some((at, last.map_or(1, |(_, term)| term + 1)));
            });
            match last.filter(|_| ends.is_none_or(|end| now < end)) {
                Some((at, term)) => (Outcome::Met { at, term }, ends),
                None => (Outcome::NotYet, None),
            }
        }
    }
}

/// Says when each term that people decided on began, until `now`; answers when the last of these ends, none where it never
/// does.
fn each_decided(tree: &[Judged<'_>], now: Timestamp, mut begins: impl FnMut(Timestamp)) -> Option<Timestamp> {
    let panel = tree.iter().find(|judged| matches!(judged.node.requirement, Requirement::Panel { .. }))?;
    let mut decided: Vec<Interval> = panel.leaf?.taken.iter().map(Taken::interval).collect();
    decided.sort_unstable_by_key(|stretch| (stretch.from, stretch.to.is_none(), stretch.to));
    let mut end: Option<Timestamp> = None;
    for stretch in decided {
        let from = end.map_or(stretch.from, |end| end.max(stretch.from));
        let holds = tree[0].truth.iter().find(|truth| truth.to.is_none_or(|to| from < to));
        let begun = holds.map(|truth| truth.from.max(from)).filter(|at| *at <= now);
        let Some(at) = begun.filter(|at| stretch.to.is_none_or(|to| *at < to)) else { continue };
        begins(at);
        end = stretch.to;
        if end.is_none() {
            break;
        }
    }
    end
}

/// Says when each term until `now` began; answers when the last of them ends, where it has not ended.
fn each_term(
    criteria: &Criteria,
    months: u16,
    truth: &[Interval],
    now: Timestamp,
    mut begins: impl FnMut(Timestamp),
) -> Option<Timestamp> {
    let mut at = truth.first().map(|first| first.from).filter(|from| *from <= now)?;
    let mut ahead = truth;
    loop {
        begins(at);
        let end = criteria.calendar().after(at, Span::Months(months.into()));
        // At the edge of the calendar a term cannot end.
        if now < end || end <= at {
            return Some(end);
        }
        let over = ahead.partition_point(|interval| interval.to.is_some_and(|to| to <= end));
        ahead = &ahead[over..];
        at = ahead.first().map(|next| next.from.max(end)).filter(|next| *next <= now)?;
    }
}

/// When each term until `now` began; of a standing without terms, since when it is met.
pub(crate) fn terms(criteria: &Criteria, leaves: &[Leaf], now: Timestamp) -> Vec<Timestamp> {
    let tree = judge(criteria, leaves, None);
    let truth = &tree[0].truth;
    match criteria.standing {
        Standing::Term { months } => {
            let mut begun = Vec::new();
            each_term(criteria, months, truth, now, |at| begun.push(at));
            begun
        }
        Standing::Decided => {
            let mut begun = Vec::new();
            each_decided(&tree, now, |at| begun.push(at));
            begun
        }
        Standing::Earned | Standing::Current => match outcome(criteria, &tree, now) {
            (Outcome::Met { at, .. }, _) => vec![at],
            (Outcome::NotYet, _) => Vec::new(),
        },
    }
}

/// Every moment at which time alone changes what a fact counts for, or how it is explained.
fn turns<'t>(criteria: &'t Criteria, tree: &'t [Judged<'_>], view: View) -> impl Iterator<Item = Timestamp> + 't {
    tree.iter().filter_map(|judged| Some((judged, judged.leaf?))).flat_map(move |(judged, leaf)| {
        let taken = leaf.taken.iter().flat_map(move |taken| {
            let counts = [Some(taken.from), taken.to].into_iter().flatten().filter(move |_| !view.settled);
            counts.chain([taken.happened_at])
        });
        let anew = match &judged.node.requirement {
            Requirement::Contributions(asked) if !view.settled => {
                let starts = leaf.starts.iter().map(|start| asked.held(criteria.calendar(), start.0));
                starts.chain(measure::losses(asked, criteria.calendar(), &leaf.taken)).collect()
            }
            _ => Vec::new(),
        };
        // A voided fact is explained alike before and after its moment.
        let refused = leaf.refused.iter().filter(|refused| !matches!(refused.why, Why::Voided { .. }));
        taken.chain(anew).chain(refused.map(|refused| refused.happened_at))
    })
}
