//! What can be told, in which kinds members choose how, when it goes by mail, and the life of a letter.

use serde::{Deserialize, Serialize};
use time::Duration;

use crate::clock::Timestamp;
use crate::web::zone::Zone;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
            }
        }
    };
}

words! {
    /// What happened.
    What {
        Earned = "earned",
        Renewed = "renewed",
        /// A corrected one took the place of another.
        Replaced = "replaced",
        Suspended = "suspended",
        Revoked = "revoked",
        Reinstated = "reinstated",
        /// One act, or a fifth of the way, is left.
        Near = "near",
        /// It ends in so many days.
        Reminder = "reminder",
        /// It has ended, and can be renewed for a while.
        Grace = "grace",
        /// The result of an exam can be seen.
        Result = "result",
        /// An exam date in which they have a seat: at another time, or not at all.
        WindowMoved = "window_moved",
        WindowCancelled = "window_cancelled",
        Held = "held",
        Refused = "refused",
        Strike = "strike",
        Thanks = "thanks",
    }
}

words! {
    /// What a member chooses a way for.
    Kind {
        Earned = "earned",
        Near = "near",
        Reminder = "reminder",
        Standing = "standing",
        Result = "result",
        Sitting = "sitting",
        Contribution = "contribution",
        Thanks = "thanks",
    }
}

words! {
    /// How soon it goes by mail.
    Way {
        AtOnce = "at_once",
        Daily = "daily",
        Weekly = "weekly",
        /// Not at all: it stands on the member's page.
        Here = "here",
    }
}

words! {
    /// How far a letter has come.
    LetterState {
        Waiting = "waiting",
        Sent = "sent",
        /// Tried too often, or refused for good.
        GivenUp = "given_up",
        /// Everything in it was read, or the member wants no letters any more.
        Dropped = "dropped",
    }
}

/// The hour, by the program's clocks, at which digests go; weekly ones on a Monday.
const HOUR: i8 = 8;

impl What {
    pub fn kind(self) -> Kind {
        match self {
            Self::Earned | Self::Renewed => Kind::Earned,
            Self::Replaced | Self::Suspended | Self::Revoked | Self::Reinstated => Kind::Standing,
            Self::Near => Kind::Near,
            Self::Reminder | Self::Grace => Kind::Reminder,
            Self::Result => Kind::Result,
            Self::WindowMoved | Self::WindowCancelled => Kind::Sitting,
            Self::Held | Self::Refused | Self::Strike => Kind::Contribution,
            Self::Thanks => Kind::Thanks,
        }
    }
}

impl Kind {
    /// What is told in this kind.
    pub fn all(self) -> Vec<What> {
        What::ALL.iter().copied().filter(|what| what.kind() == self).collect()
    }

    /// The way of who has chosen none.
    pub fn usual(self) -> Way {
        match self {
            Self::Earned | Self::Reminder | Self::Standing | Self::Result | Self::Sitting => Way::AtOnce,
            Self::Contribution | Self::Thanks => Way::Daily,
            Self::Near => Way::Weekly,
        }
    }
}

impl Way {
    /// When something told at `at` goes by mail; none where it does not.
    pub fn mail_at(self, at: Timestamp, zone: &Zone) -> Option<Timestamp> {
        match self {
            Self::AtOnce => Some(at),
            Self::Daily => Some(zone.next_hour(at, HOUR, false)),
            Self::Weekly => Some(zone.next_hour(at, HOUR, true)),
            Self::Here => None,
        }
    }
}

/// Minutes between the tries of a letter that no server took: about two days in all.
const WAITS: [i64; 7] = [2, 10, 30, 120, 360, 720, 1440];

/// How long to wait after the `tries`th try; none where that was the last.
pub fn wait(tries: u32) -> Option<Duration> {
    let place = usize::try_from(tries).ok()?.checked_sub(1)?;
    WAITS.get(place).map(|minutes| Duration::minutes(*minutes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{parse_rfc3339, rfc3339};

    #[test]
    fn each_thing_has_a_kind_and_each_kind_a_thing() {
        for kind in Kind::ALL {
            assert!(!kind.all().is_empty(), "{kind:?}");
            assert_eq!(Kind::parse(kind.as_str()), Some(*kind));
        }
        assert_eq!(Kind::ALL.iter().map(|kind| kind.all().len()).sum::<usize>(), What::ALL.len());
    }

    #[test]
    fn digests_go_at_the_hour_of_the_program() {
        let zone = Zone::named("Asia/Tokyo").expect("bundled");
        let at = |text: &str| parse_rfc3339(text).expect("valid");
        let goes = |way: Way, text: &str| way.mail_at(at(text), &zone).map(rfc3339);
        // Saturday, 18:00 in Tokyo.
        let saturday = "2026-11-21T09:00:00Z";
        assert_eq!(goes(Way::AtOnce, saturday).as_deref(), Some("2026-11-21T09:00:00Z"));
        assert_eq!(goes(Way::Daily, saturday).as_deref(), Some("2026-11-21T23:00:00Z"));
        assert_eq!(goes(Way::Weekly, saturday).as_deref(), Some("2026-11-22T23:00:00Z"));
        assert_eq!(goes(Way::Here, saturday), None);
        let monday_at_eight = "2026-11-22T23:00:00Z";
        assert_eq!(goes(Way::Daily, monday_at_eight).as_deref(), Some("2026-11-23T23:00:00Z"));
        assert_eq!(goes(Way::Weekly, monday_at_eight).as_deref(), Some("2026-11-29T23:00:00Z"));
        assert_eq!(goes(Way::Daily, "2026-11-22T22:59:59Z").as_deref(), Some("2026-11-22T23:00:00Z"));
    }

    #[test]
    fn a_letter_is_tried_a_bounded_number_of_times_and_later_each_time() {
        let waits: Vec<_> = (1..=7).map(|tries| wait(tries).expect("another try")).collect();
        assert!(waits.is_sorted() && wait(8).is_none() && wait(0).is_none());
        assert_eq!(waits.into_iter().sum::<Duration>().whole_hours(), 44);
    }
}
