//! The order of counting: the same for the reference and for the tally.

use std::cmp::{Ordering, Reverse};

use crate::{Detail, Fact};

/// Each fact once, in the order in which they are counted.
pub(crate) fn in_order<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> Vec<&'a Fact> {
    let mut ordered: Vec<&Fact> = facts.into_iter().collect();
    ordered.sort_unstable_by(|a, b| {
        let voided_first = (Reverse(a.voided_by.is_some())).cmp(&Reverse(b.voided_by.is_some()));
        a.id.cmp(&b.id).then(voided_first).then_with(|| a.cmp(b))
    });
    ordered.dedup_by_key(|fact| fact.id);
    ordered.sort_unstable_by(|a, b| order(a, b));
    ordered
}

/// The order of counting: by the moment at which they happened; of one moment, what counting begins with comes first, and
/// then it goes by what they say. Ids, which depend on the order in which the ledger learned of them, only tell twins apart.
pub(crate) fn order(a: &Fact, b: &Fact) -> Ordering {
    let rank = |fact: &Fact| match fact.detail {
        Detail::Membership {} | Detail::Credential { .. } => 0,
        Detail::Given { .. } => 1,
        _ => 2,
    };
    let said = |a: &Fact, b: &Fact| {
        let detail = rank(a).cmp(&rank(b)).then_with(|| a.detail.cmp(&b.detail));
        detail.then_with(|| a.object.cmp(&b.object)).then_with(|| (a.giver, a.amount).cmp(&(b.giver, b.amount)))
    };
    a.happened_at.cmp(&b.happened_at).then_with(|| said(a, b)).then_with(|| a.id.cmp(&b.id))
}
