//! Whom a change of requirements reaches: the share of members who stand there, before and after, by what is known of them and was never asked
//! for by a requirement.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::effect::{Effect, Line};
use crate::members::{Affiliation, Member};
use crate::web::zone::Zone;

/// By what members are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    Language,
    /// The year of joining.
    Joined,
    /// The organization of today, where one is known.
    Affiliation,
}

impl By {
    pub const ALL: [Self; 3] = [Self::Language, Self::Joined, Self::Affiliation];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Joined => "joined",
            Self::Affiliation => "affiliation",
        }
    }
}

/// Members of one group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub members: u64,
    /// Who stand there today.
    pub before: u64,
    /// Who stand there by the draft.
    pub after: u64,
}

impl Share {
    /// Tenths of a percent of its members: before, after.
    pub fn rates(self) -> (u64, u64) {
        let rate = |n: u64| (n * 1000 + self.members / 2).checked_div(self.members).unwrap_or_default();
        (rate(self.before), rate(self.after))
    }
}

/// Every group with its share. The group of those of whom nothing is known has an empty name.
pub type Table = BTreeMap<By, BTreeMap<String, Share>>;

/// Adds one member.
pub fn count(table: &mut Table, member: &Member, tie: Option<&Affiliation>, zone: &Zone, line: &Line) {
    for by in By::ALL {
        let group = match by {
            By::Language => member.locale.as_str().to_owned(),
            By::Joined => zone.calendar(member.joined_at).0.to_string(),
            By::Affiliation => tie.map_or_else(String::new, |tie| tie.organization.clone()),
        };
        let share = table.entry(by).or_default().entry(group).or_default();
        share.members += 1;
        share.before += u64::from(matches!(line.effect, Effect::Lose | Effect::Keep));
        share.after += u64::from(matches!(line.effect, Effect::Gain | Effect::Keep));
    }
}

/// Adds what was counted elsewhere.
pub fn merge(into: &mut Table, other: Table) {
    for (by, groups) in other {
        for (group, share) in groups {
            let sum = into.entry(by).or_default().entry(group).or_default();
            sum.members += share.members;
            sum.before += share.before;
            sum.after += share.after;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_rfc3339;
    use crate::ids::{MemberId, PrefixedId};
    use crate::web::i18n::Locale;

    #[test]
    fn shares_are_counted_by_group_and_sums_of_parts_are_the_whole() {
        let zone = Zone::named("Asia/Tokyo").expect("known");
        let member = |locale, joined: &str| Member {
            id: MemberId::from_bits(7),
            email: String::new(),
            name: String::new(),
            locale,
            joined_at: parse_rfc3339(joined).expect("a time"),
        };
        let line = |effect| Line { effect, before_at: None, crossed_at: None, holds: false };
        let mut whole = Table::new();
        let mut parts = Table::new();
        for (locale, joined, effect) in [
            (Locale::Ja, "2024-12-31T16:00:00Z", Effect::Gain),
            (Locale::Ja, "2024-12-31T14:00:00Z", Effect::Neither),
            (Locale::En, "2025-06-01T00:00:00Z", Effect::Lose),
            (Locale::En, "2025-06-01T00:00:00Z", Effect::Keep),
        ] {
            let mut one = Table::new();
            count(&mut one, &member(locale, joined), None, &zone, &line(effect));
            merge(&mut parts, one);
            count(&mut whole, &member(locale, joined), None, &zone, &line(effect));
        }
        assert_eq!(whole, parts);
        let of = |by: By, group: &str| whole[&by][group];
        assert_eq!(of(By::Language, "ja"), Share { members: 2, before: 0, after: 1 });
        assert_eq!(of(By::Language, "en"), Share { members: 2, before: 2, after: 1 });
        assert_eq!(of(By::Joined, "2025").members, 3, "years begin at midnight in Tokyo");
        assert_eq!(of(By::Affiliation, "").members, 4);
        assert_eq!(of(By::Language, "ja").rates(), (0, 500));
        assert_eq!(Share::default().rates(), (0, 0));
    }
}
