//! The states of a contribution, why one is held, why an event is refused, and which types are activities.
//!
//! `held → accepted` when its subject becomes known or a person released it, `accepted → voided` and `held → voided` by a person with a reason. Nothing leads back.

/// Where a contribution stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Stored, credited to nobody until it is known who did it.
    Held,
    /// Credited: its fact is in the ledger.
    Accepted,
    /// Taken back.
    Voided,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Accepted => "accepted",
            Self::Voided => "voided",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        [Self::Held, Self::Accepted, Self::Voided].into_iter().find(|state| state.as_str() == word)
    }
}

/// Why a contribution waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldBecause {
    /// The handle belongs to no member yet.
    UnknownHandle,
    /// No member has proved that this address is theirs.
    UnverifiedAddress,
    /// The source does not list this form of subject.
    FormNotListed,
    /// The member has as much from this source that day as it may credit.
    OverLimit,
    /// A strike stands against the member: a person looks first.
    Suspicious,
    /// Whoever brought it, before it was known whose it is, turned out to be its member: somebody else looks first.
    OwnHand,
}

impl HeldBecause {
    pub const ALL: [Self; 6] = [
        Self::UnknownHandle,
        Self::UnverifiedAddress,
        Self::FormNotListed,
        Self::OverLimit,
        Self::Suspicious,
        Self::OwnHand,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnknownHandle => "unknown_handle",
            Self::UnverifiedAddress => "unverified_address",
            Self::FormNotListed => "subject_form_not_listed",
            Self::OverLimit => "over_limit",
            Self::Suspicious => "suspicious",
            Self::OwnHand => "own_hand",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.as_str() == word)
    }

    /// Whether it waits for a person. Everything else waits for its member to become known.
    pub fn waits_for_a_person(self) -> bool {
        matches!(self, Self::OverLimit | Self::Suspicious | Self::OwnHand)
    }

    /// What the sender can do about it.
    pub fn detail(self) -> &'static str {
        match self {
            Self::UnknownHandle => "no member has this handle yet; it is credited once one has",
            Self::UnverifiedAddress => "no member has proved that this address is theirs; it is credited once one has",
            Self::FormNotListed => {
                "this source does not list this form of subject; name the member in a form that it lists"
            }
            Self::OverLimit => {
                "the member has as much from this source that day as it may credit; a person looks at the rest"
            }
            Self::Suspicious => "a person looks at it before it is credited",
            Self::OwnHand => "its member brought it in themselves; somebody else looks at it before it is credited",
        }
    }
}

/// Why a well-formed event is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    UnknownSource,
    NotYourSource,
    TypeNotListed,
    TimeAhead,
    MissingSubject,
    UnknownSubject,
    UnknownMember,
    /// A field of `data` that we read is not usable; the text says which and how to write it.
    InvalidData(String),
}

impl Refusal {
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::UnknownSource => "unknown_source",
            Self::NotYourSource => "not_your_source",
            Self::TypeNotListed => "type_not_listed",
            Self::TimeAhead => "time_ahead",
            Self::MissingSubject => "missing_subject",
            Self::UnknownSubject => "unknown_subject_form",
            Self::UnknownMember => "unknown_member",
            Self::InvalidData(_) => "invalid_data",
        }
    }

    pub fn detail(&self) -> String {
        match self {
            Self::UnknownSource => "no source of this name is configured; see GET /api/v1/sources".to_owned(),
            Self::NotYourSource => "this key speaks for another source".to_owned(),
            Self::TypeNotListed => "the source does not list this type; see GET /api/v1/sources".to_owned(),
            Self::TimeAhead => "`time` lies more than 5 minutes ahead of this server's clock".to_owned(),
            Self::MissingSubject => "`subject` is missing; a contribution credits one member".to_owned(),
            Self::UnknownSubject => "write `subject` as mem_…, handle:… or mailto:…".to_owned(),
            Self::UnknownMember => "no member has this id".to_owned(),
            Self::InvalidData(detail) => detail.clone(),
        }
    }
}

/// The types that are stored for figures and credit nobody by themselves. Every other type is a contribution.
pub const ACTIVITIES: [&str; 4] = ["question.asked", "answer.posted", "idea.supported", "content.viewed"];

/// Whether events of this type are activities.
pub fn is_activity(kind: &str) -> bool {
    ACTIVITIES.contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_words_read_back() {
        for state in [State::Held, State::Accepted, State::Voided] {
            assert_eq!(State::parse(state.as_str()), Some(state));
        }
        for why in HeldBecause::ALL {
            assert_eq!(HeldBecause::parse(why.as_str()), Some(why));
        }
        assert_eq!((State::parse("gone"), HeldBecause::parse("")), (None, None));
    }
}
