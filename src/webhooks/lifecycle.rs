//! Kinds of events, where a delivery stands, when it is tried again, and why a webhook is off.

use time::Duration;

macro_rules! words {
    ($($(#[$doc:meta])* $type:ident { $($(#[$inner:meta])* $name:ident = $text:literal,)* })*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $type { $($(#[$inner])* $name,)* }

        impl $type {
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// As it is stored and sent: do not rename.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }
    )* };
}

words! {
    /// What happened, by the name that receivers see.
    Kind {
        CredentialReleased = "credential.released",
        CredentialSuspended = "credential.suspended",
        CredentialReinstated = "credential.reinstated",
        CredentialRevoked = "credential.revoked",
        AttemptStarted = "attempt.started",
        AttemptPaused = "attempt.paused",
        AttemptResumed = "attempt.resumed",
        /// The candidate handed it in.
        AttemptSubmitted = "attempt.submitted",
        /// It ended otherwise: its time was over, or staff ended it.
        AttemptEnded = "attempt.ended",
        AttemptVoided = "attempt.voided",
        ResultReleased = "result.released",
        VoucherUsed = "voucher.used",
        /// Made by pressing a button; nobody chooses it.
        Test = "webhook.test",
    }
    State {
        Waiting = "waiting",
        Delivered = "delivered",
        /// Tried as often as it is tried; a person may have it tried again.
        GivenUp = "given_up",
    }
    /// Why a webhook is off.
    Off {
        ByStaff = "by_staff",
        /// A delivery was given up, and nothing else got through since its first try.
        Unanswered = "unanswered",
        /// The receiver answered 410.
        Gone = "gone",
    }
}

impl Kind {
    /// The kinds that a webhook can be told of.
    pub fn choices() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|kind| *kind != Self::Test)
    }

    /// Whether a webhook for certain exams hears of it for those alone.
    pub fn is_of_an_exam(self) -> bool {
        !matches!(
            self,
            Self::CredentialReleased
                | Self::CredentialSuspended
                | Self::CredentialReinstated
                | Self::CredentialRevoked
                | Self::Test
        )
    }
}

/// Waits before the second try and so on: five seconds, then six times as long each, at most a day.
const FIRST: Duration = Duration::seconds(5);
const FACTOR: i32 = 6;
const LONGEST: Duration = Duration::hours(24);
/// How often it is tried, the first try included: the last one comes after about two and a half days.
pub const MOST_TRIES: u32 = 9;
/// `jitter` is below this: each wait is between 90 and 110 hundredths of its length, so that receivers who fell over together do not get everything
/// together.
pub const JITTER: u32 = 201;

/// How long to wait after the try that failed as the `failed`th; None after the last one.
pub fn wait(failed: u32, jitter: u32) -> Option<Duration> {
    if failed >= MOST_TRIES {
        return None;
    }
    let steps = failed.saturating_sub(1).min(8);
    let whole = (FIRST * FACTOR.pow(steps)).min(LONGEST);
    let thousandths = 900 + jitter.min(JITTER - 1);
    Some(whole * thousandths / 1000)
}

/// Whether a failure that lasts from `since` until a delivery was given up switches the webhook off: nothing got through since the first try of that
/// delivery. Both in milliseconds since 1970.
pub fn is_silent(failing_since: Option<i64>, first_try: i64) -> bool {
    failing_since.is_some_and(|since| since <= first_try)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_day_and_end() {
        let seconds: Vec<i64> = (1..MOST_TRIES).map(|n| wait(n, 100).expect("a wait").whole_seconds()).collect();
        assert_eq!(seconds, [5, 30, 180, 1_080, 6_480, 38_880, 86_400, 86_400]);
        assert_eq!(wait(MOST_TRIES, 100), None);
        assert!(seconds.iter().sum::<i64>() > 2 * 86_400, "a receiver may be away for two days");
    }

    #[test]
    fn jitter_moves_a_wait_by_a_tenth_at_most() {
        assert_eq!(wait(3, 0), Some(Duration::seconds(162)));
        assert_eq!(wait(3, JITTER - 1), Some(Duration::seconds(198)));
        assert_eq!(wait(3, u32::MAX), wait(3, JITTER - 1));
    }

    #[test]
    fn only_silence_since_the_first_try_switches_off() {
        assert!(is_silent(Some(5), 5) && is_silent(Some(4), 5));
        assert!(!is_silent(Some(6), 5) && !is_silent(None, 5));
    }

    #[test]
    fn a_kind_is_read_as_it_is_written() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(*kind));
        }
        assert_eq!(Kind::parse("credential"), None);
        assert!(Kind::choices().all(|kind| kind != Kind::Test));
    }
}
