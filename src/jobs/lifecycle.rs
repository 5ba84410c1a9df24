//! The states of long work and of its rows.

use serde::Serialize;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
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
    /// What kind of work it is. `worker.rs` shows which room does it.
    JobKind {
        /// Credentials issued from a table.
        BulkIssue = "bulk_issue",
        /// The dry run of a track's draft over everybody.
        TrackPlan = "track_plan",
        /// Who meets which requirement.
        TrackHealth = "track_health",
        /// Contributions from a table.
        ContributionTable = "contribution_table",
        /// Members from a table.
        MemberTable = "member_table",
    }
}

words! {
    /// How far the work has come.
    JobState {
        /// What was handed in is stored. Nothing happens before somebody starts it.
        Prepared = "prepared",
        Running = "running",
        /// Every row was dealt with, well or not.
        Done = "done",
        /// Somebody stopped it. What was done until then stands.
        Cancelled = "cancelled",
    }
}

impl JobState {
    /// Whether nothing will happen any more.
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled)
    }
}

words! {
    /// What became of one row.
    RowState {
        Waiting = "waiting",
        Done = "done",
        Failed = "failed",
        Cancelled = "cancelled",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_round_trip() {
        assert!(JobKind::ALL.iter().all(|w| JobKind::parse(w.as_str()) == Some(*w)));
        assert!(JobState::ALL.iter().all(|w| JobState::parse(w.as_str()) == Some(*w)));
        assert!(RowState::ALL.iter().all(|w| RowState::parse(w.as_str()) == Some(*w)));
        assert!(JobState::ALL.iter().filter(|s| s.has_ended()).count() == 2);
    }
}
