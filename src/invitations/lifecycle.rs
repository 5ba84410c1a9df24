//! The states of an invitation, and how it stands at a moment.

use serde::Serialize;

use crate::clock::Timestamp;

/// What was done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Open,
    Accepted,
    Declined,
    Withdrawn,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Open, Self::Accepted, Self::Declined, Self::Withdrawn];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// How it stands, time and other ways in taken into account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its link works, or will once it is made.
    Open,
    /// Nobody used it in time. It can be sent again.
    Expired,
    /// Its member came in another way, or became staff: its link is worth nothing.
    Overtaken,
    Accepted,
    Declined,
    Withdrawn,
}

impl Standing {
    pub const ALL: [Self; 6] =
        [Self::Open, Self::Expired, Self::Overtaken, Self::Accepted, Self::Declined, Self::Withdrawn];

    /// `claimable`: whether its member never signed in and has no rights but their own.
    pub fn of(state: State, expires_at: Timestamp, now: Timestamp, claimable: bool) -> Self {
        match state {
            State::Accepted => Self::Accepted,
            State::Declined => Self::Declined,
            State::Withdrawn => Self::Withdrawn,
            State::Open if !claimable => Self::Overtaken,
            State::Open if expires_at <= now => Self::Expired,
            State::Open => Self::Open,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Expired => "expired",
            Self::Overtaken => "overtaken",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether another link can be sent. Whoever declined is invited again only by name, on the form.
    pub fn can_be_sent(self) -> bool {
        matches!(self, Self::Open | Self::Expired | Self::Withdrawn)
    }

    pub fn can_be_withdrawn(self) -> bool {
        matches!(self, Self::Open | Self::Expired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_rfc3339;

    #[test]
    fn an_invitation_stands_open_until_its_end_and_no_longer() {
        let at = |text: &str| parse_rfc3339(text).expect("a literal time");
        let (end, before) = (at("2026-12-21T09:00:00Z"), at("2026-12-21T08:59:59Z"));
        let of = |state, now, claimable| Standing::of(state, end, now, claimable);
        assert_eq!(of(State::Open, before, true), Standing::Open);
        assert_eq!(of(State::Open, end, true), Standing::Expired);
        assert_eq!(of(State::Open, before, false), Standing::Overtaken);
        for state in [State::Accepted, State::Declined, State::Withdrawn] {
            assert_eq!(of(state, end, false).as_str(), state.as_str(), "time changes no end");
        }
    }

    #[test]
    fn who_declined_or_came_in_is_sent_nothing() {
        let sent: Vec<_> = Standing::ALL.into_iter().filter(|s| s.can_be_sent()).map(Standing::as_str).collect();
        assert_eq!(sent, ["open", "expired", "withdrawn"]);
        assert!(State::ALL.into_iter().all(|s| State::parse(s.as_str()) == Some(s)));
    }
}
