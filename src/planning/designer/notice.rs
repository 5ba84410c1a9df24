//! What the page says above the form.

use crate::error::Fault;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    None,
    Published,
    Same,
    Scheduled,
    Unscheduled,
    Draft,
    /// Kept as a draft, and not good enough for more.
    DraftNotYet,
    Discarded,
    TakenOver,
    Good,
    NotYet,
    NoSlug,
    /// The name of a page of this room.
    SlugReserved,
    SlugTaken,
    NoDay,
    NoIssuer,
    /// Somebody else wrote meanwhile.
    Changed,
}

impl Notice {
    pub fn done(word: &str) -> Self {
        match word {
            "published" => Self::Published,
            "same" => Self::Same,
            "scheduled" => Self::Scheduled,
            "unscheduled" => Self::Unscheduled,
            "draft" => Self::Draft,
            "not-yet" => Self::DraftNotYet,
            "discarded" => Self::Discarded,
            "taken-over" => Self::TakenOver,
            _ => Self::None,
        }
    }

    pub fn key(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Published => "designer-done-published",
            Self::Same => "designer-done-same",
            Self::Scheduled => "designer-done-scheduled",
            Self::Unscheduled => "designer-done-unscheduled",
            Self::Draft => "designer-done-draft",
            Self::DraftNotYet => "designer-done-not-yet",
            Self::Discarded => "designer-done-discarded",
            Self::TakenOver => "designer-done-taken-over",
            Self::Good => "designer-good",
            Self::NotYet => "designer-not-yet",
            Self::NoSlug | Self::SlugReserved => "designer-no-slug",
            Self::SlugTaken => "designer-slug-taken",
            Self::NoDay => "designer-no-day",
            Self::NoIssuer => "designer-no-issuer",
            Self::Changed => "designer-changed",
        }
    }

    /// The mistake in a field of the form that it is, where it is one that no document has by itself.
    pub fn fault(self) -> Option<Fault> {
        match self {
            Self::SlugTaken => Some(Fault::new("/slug", "slug_taken", "there is a track or a draft of this name")),
            Self::SlugReserved => Some(Fault::new("/slug", "reserved", "this name is the page of new tracks")),
            _ => None,
        }
    }

    pub fn is_bad(self) -> bool {
        matches!(
            self,
            Self::DraftNotYet
                | Self::NotYet
                | Self::NoSlug
                | Self::SlugReserved
                | Self::SlugTaken
                | Self::NoDay
                | Self::NoIssuer
                | Self::Changed
        )
    }
}
