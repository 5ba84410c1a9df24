//! The life of one term of a title: which steps lead on, and how it stands at a moment.

use crate::clock::Timestamp;

/// What is on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// One person proposed it; it is nobody's title yet.
    Proposed,
    /// Two people decided: its fact is recorded.
    Confirmed,
    Refused,
    Withdrawn,
    /// Taken back before its end.
    Ended,
}

impl State {
    pub const ALL: [Self; 5] = [Self::Proposed, Self::Confirmed, Self::Refused, Self::Withdrawn, Self::Ended];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Confirmed => "confirmed",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Ended => "ended",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What a person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Confirm,
    Refuse,
    Withdraw,
    End,
}

impl Step {
    /// Where it leads from `state`; None where there is no such step.
    pub fn from(self, state: State) -> Option<State> {
        match (self, state) {
            (Self::Confirm, State::Proposed) => Some(State::Confirmed),
            (Self::Refuse, State::Proposed) => Some(State::Refused),
            (Self::Withdraw, State::Proposed) => Some(State::Withdrawn),
            (Self::End, State::Confirmed) => Some(State::Ended),
            _ => None,
        }
    }
}

/// How a term stands at a moment, as people read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Proposed,
    Refused,
    Withdrawn,
    Ended,
    /// Decided, and yet to begin.
    Ahead,
    Current,
    OnHold,
    Over,
}

impl Phase {
    pub fn of(state: State, (from, until): (Timestamp, Timestamp), on_hold: bool, now: Timestamp) -> Self {
        match state {
            State::Proposed => Self::Proposed,
            State::Refused => Self::Refused,
            State::Withdrawn => Self::Withdrawn,
            State::Ended => Self::Ended,
            State::Confirmed if now >= until => Self::Over,
            State::Confirmed if on_hold => Self::OnHold,
            State::Confirmed if now < from => Self::Ahead,
            State::Confirmed => Self::Current,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Ended => "ended",
            Self::Ahead => "ahead",
            Self::Current => "current",
            Self::OnHold => "on_hold",
            Self::Over => "over",
        }
    }

    /// The chip that shows it.
    pub fn chip(self) -> &'static str {
        match self {
            Self::Current => "valid",
            Self::OnHold => "suspended",
            Self::Over | Self::Withdrawn => "expired",
            Self::Refused | Self::Ended => "revoked",
            Self::Proposed | Self::Ahead => "info",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_rfc3339;

    #[test]
    fn what_is_decided_is_not_decided_again() {
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()), Some(state));
            for step in [Step::Confirm, Step::Refuse, Step::Withdraw] {
                assert_eq!(step.from(state).is_some(), state == State::Proposed, "{step:?} {state:?}");
            }
            assert_eq!(Step::End.from(state).is_some(), state == State::Confirmed);
        }
    }

    #[test]
    fn a_term_is_current_from_its_beginning_and_over_at_its_end() {
        let at = |day: &str| parse_rfc3339(&format!("{day}T00:00:00Z")).expect("a time");
        let term = (at("2026-04-01"), at("2027-04-01"));
        let phase = |day: &str, on_hold| Phase::of(State::Confirmed, term, on_hold, at(day));
        assert_eq!(phase("2026-03-31", false), Phase::Ahead);
        assert_eq!(phase("2026-04-01", false), Phase::Current);
        assert_eq!(phase("2026-04-01", true), Phase::OnHold);
        assert_eq!(phase("2027-04-01", true), Phase::Over);
        assert_eq!(Phase::of(State::Ended, term, false, at("2026-05-01")), Phase::Ended);
    }
}
