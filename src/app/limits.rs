//! How often one address may ask. Counted in memory, forgotten with the process, never written down.
//!
//! * A limit belongs to what is done, not to a page: the page and the API spend from the same purse.
//! * IPv6 addresses count by their /64, which is what one household or machine is given.
//! * What is remembered is bounded. When it is full of addresses that are still counted, all others share one purse.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::clock::{Clock, Timestamp};
use crate::config::Config;
use crate::error::{Code, Error, Result};
use crate::ids::CredentialId;

/// What is limited, by address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Any verification: as many a minute as is configured, 300 unless said otherwise.
    Verification,
    /// A verification that can be used to guess: by number, or for a recipient. 60 a minute.
    Guessable,
    /// Opening or using a sign-in link: 30 a minute.
    SignIn,
    /// Asking for a sign-in link: 10 in ten minutes.
    LinkRequest,
    /// Asking a holder whether a credential is theirs: 10 an hour.
    HolderQuestion,
}

/// What is limited by what is asked about, whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About<'a> {
    /// Opening one certificate number: 60 an hour.
    Number(&'a str),
    /// Opening any number by its holder's name, which is easier to guess than a check code: 120 an hour, all together.
    NumberByName,
    /// Comparing e-mail addresses with the one that one holder has confirmed, over all their credentials: 30 an hour.
    Mailbox(&'a str),
    /// Saying the start code of a window, by window and member: 10 an hour.
    StartCode(&'a str),
    /// Naming a person to be thanked whom nobody here is called, by whoever asks: 20 an hour.
    Addressee(&'a str),
}

/// Addresses that are remembered for each limit: a few megabytes.
const MOST: usize = 50_000;
/// Looks from one address at one credential that its daily sums take in, in an hour. Whoever asks more often is answered, and counts as nothing.
const LOOKS_AN_HOUR: u32 = 60;
/// Letters to one mailbox in an hour, whoever asks for them.
const LETTERS_AN_HOUR: u32 = 5;

/// Time since the start. It never runs backwards, even where the machine's clock is set back.
struct Forward {
    clock: Arc<dyn Clock>,
    seen: Mutex<(Timestamp, Duration)>,
}

impl Forward {
    fn now(&self) -> Duration {
        let now = self.clock.now();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let step = Duration::try_from(now - seen.0).unwrap_or_default();
        *seen = (now, seen.1 + step);
        seen.1
    }
}

/// One purse for each key. A purse holds `size` coins and gets one back every `refill` (a leaky bucket as a meter, known as GCRA): all that has to be
/// remembered of it is when it will be full again.
struct Purses<K> {
    size: u32,
    refill: Duration,
    others: K,
    most: usize,
    inside: Mutex<Inside<K>>,
}

struct Inside<K> {
    full_at: HashMap<K, Duration>,
    swept: Duration,
}

impl<K: Hash + Eq + Clone> Purses<K> {
    /// `size` coins that come back evenly over `whole`.
    fn new(size: u32, whole: Duration, others: K) -> Self {
        let size = size.max(1);
        let inside = Mutex::new(Inside { full_at: HashMap::new(), swept: Duration::ZERO });
        Self { size, refill: whole / size, others, most: MOST, inside }
    }

    /// Spends `coins`, or says after how many whole seconds there are as many. More than a purse holds are paid by a full purse.
    fn spend(&self, key: K, coins: u32, now: Duration) -> Result<(), u64> {
        let coins = coins.clamp(1, self.size);
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let key = if inside.has_room(&key, self.most, now) { key } else { self.others.clone() };
        let full_at = inside.full_at.get(&key).copied().unwrap_or_default().max(now);
        let wait = (full_at - now).saturating_sub(self.refill * (self.size - coins));
        if wait.is_zero() {
            inside.full_at.insert(key, full_at + self.refill * coins);
            return Ok(());
        }
        Err(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
    }

    /// Puts one coin back.
    fn give_back(&self, key: &K) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let key = if inside.full_at.contains_key(key) { key } else { &self.others };
        if let Some(full_at) = inside.full_at.get_mut(key) {
            *full_at = full_at.saturating_sub(self.refill);
        }
    }
}

impl<K: Hash + Eq> Inside<K> {
    /// Forgets whoever has a full purse again when there are many; at most once a second, since it looks at all of them.
    fn has_room(&mut self, key: &K, most: usize, now: Duration) -> bool {
        if self.full_at.len() < most || self.full_at.contains_key(key) {
            return true;
        }
        if now >= self.swept + Duration::from_secs(1) {
            self.swept = now;
            self.full_at.retain(|_, full_at| *full_at > now);
        }
        self.full_at.len() < most
    }
}

/// The purses of all addresses.
pub struct Limits {
    time: Forward,
    verification: Purses<IpAddr>,
    guessable: Purses<IpAddr>,
    sign_in: Purses<IpAddr>,
    link_request: Purses<IpAddr>,
    holder_question: Purses<IpAddr>,
    letters: Purses<[u8; 32]>,
    numbers: Purses<[u8; 32]>,
    by_name: Purses<[u8; 32]>,
    mailboxes: Purses<[u8; 32]>,
    start_codes: Purses<[u8; 32]>,
    addressees: Purses<[u8; 32]>,
    /// By household and credential; kept as they are, since every download asks.
    looks: Purses<Option<(IpAddr, CredentialId)>>,
}

impl Limits {
    pub fn new(config: &Config, clock: Arc<dyn Clock>) -> Self {
        let minute = Duration::from_secs(60);
        let others = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
        let by_address = |size, whole| Purses::new(size, whole, others);
        Self {
            time: Forward { seen: Mutex::new((clock.now(), Duration::ZERO)), clock },
            verification: by_address(config.limits.verifications_per_minute, minute),
            guessable: by_address(60, minute),
            sign_in: by_address(30, minute),
            link_request: by_address(10, minute * 10),
            holder_question: by_address(10, minute * 60),
            letters: Purses::new(LETTERS_AN_HOUR, minute * 60, [0; 32]),
            numbers: Purses::new(60, minute * 60, [0; 32]),
            by_name: Purses::new(120, minute * 60, [0; 32]),
            mailboxes: Purses::new(30, minute * 60, [0; 32]),
            start_codes: Purses::new(10, minute * 60, [0; 32]),
            addressees: Purses::new(20, minute * 60, [0; 32]),
            looks: Purses::new(LOOKS_AN_HOUR, minute * 60, None),
        }
    }

    /// Spends once from the address's purse.
    ///
    /// # Errors
    /// The purse is empty; the error says for how long.
    pub fn spend(&self, limit: Limit, address: IpAddr) -> Result<()> {
        self.spend_many(limit, address, 1)
    }

    /// Spends several at once, all or none.
    ///
    /// # Errors
    /// As [`Limits::spend`].
    pub fn spend_many(&self, limit: Limit, address: IpAddr, coins: u32) -> Result<()> {
        self.by_address(limit).spend(household(address), coins, self.time.now()).map_err(refused)
    }

    /// Takes one spending back: it gave nothing away.
    pub fn give_back(&self, limit: Limit, address: IpAddr) {
        self.by_address(limit).give_back(&household(address));
    }

    fn by_address(&self, limit: Limit) -> &Purses<IpAddr> {
        match limit {
            Limit::Verification => &self.verification,
            Limit::Guessable => &self.guessable,
            Limit::SignIn => &self.sign_in,
            Limit::LinkRequest => &self.link_request,
            Limit::HolderQuestion => &self.holder_question,
        }
    }

    /// One try at what can be guessed, counted by what it is about.
    ///
    /// # Errors
    /// As [`Limits::spend`].
    pub fn try_at(&self, about: About<'_>) -> Result<()> {
        let (purses, key) = self.by_subject(about);
        purses.spend(key, 1, self.time.now()).map_err(refused)
    }

    /// Takes a try back that was no guess.
    pub fn was_no_guess(&self, about: About<'_>) {
        let (purses, key) = self.by_subject(about);
        purses.give_back(&key);
    }

    fn by_subject(&self, about: About<'_>) -> (&Purses<[u8; 32]>, [u8; 32]) {
        let (purses, subject) = match about {
            About::Number(number) => (&self.numbers, number),
            About::NumberByName => (&self.by_name, "all"),
            About::Mailbox(holder) => (&self.mailboxes, holder),
            About::StartCode(window_and_member) => (&self.start_codes, window_and_member),
            About::Addressee(asker) => (&self.addressees, asker),
        };
        (purses, Sha256::digest(subject).into())
    }

    /// Whether a look from this address at this credential still counts.
    pub fn look(&self, address: IpAddr, credential: CredentialId) -> bool {
        self.looks.spend(Some((household(address), credential)), 1, self.time.now()).is_ok()
    }

    /// One letter to this mailbox, whether anybody here has it or not.
    ///
    /// # Errors
    /// As [`Limits::spend`].
    pub fn letter(&self, mailbox: &str) -> Result<()> {
        let key = Sha256::digest(mailbox.trim().to_lowercase()).into();
        self.letters.spend(key, 1, self.time.now()).map_err(refused)
    }
}

fn refused(seconds: u64) -> Error {
    Error::new(Code::RateLimited).with("seconds", seconds.to_string()).retry_after(seconds)
}

/// The part of an address that one household or machine is given.
fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{StoppedClock, parse_rfc3339};

    fn address(text: &str) -> IpAddr {
        text.parse().expect("a literal address")
    }

    fn limits() -> (Limits, Arc<StoppedClock>) {
        let clock = Arc::new(StoppedClock::at(parse_rfc3339("2026-11-21T09:00:00Z").expect("a literal time")));
        (Limits::new(&Config::default(), clock.clone()), clock)
    }

    /// How often `limit` lets the address through before it refuses, and for how long it then refuses.
    fn spent(limits: &Limits, limit: Limit, from: &str) -> (u32, Option<u64>) {
        for n in 0..10_000 {
            if let Err(e) = limits.spend(limit, address(from)) {
                return (n, e.inside().retry_after_seconds);
            }
        }
        (10_000, None)
    }

    #[test]
    fn a_purse_fills_with_time_and_each_limit_has_its_own() {
        let (limits, clock) = limits();
        assert_eq!(spent(&limits, Limit::Verification, "192.0.2.1"), (300, Some(1)));
        assert_eq!(spent(&limits, Limit::Guessable, "192.0.2.1"), (60, Some(1)));
        assert_eq!(spent(&limits, Limit::SignIn, "192.0.2.1"), (30, Some(2)));
        assert_eq!(spent(&limits, Limit::LinkRequest, "192.0.2.1"), (10, Some(60)));
        assert_eq!(spent(&limits, Limit::Verification, "192.0.2.2").0, 300, "another address has its own");
        clock.advance(time::Duration::seconds(1));
        assert_eq!(spent(&limits, Limit::Verification, "192.0.2.1").0, 5);
        clock.advance(time::Duration::minutes(10));
        assert_eq!(spent(&limits, Limit::LinkRequest, "192.0.2.1").0, 10);
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let (limits, clock) = limits();
        clock.advance(time::Duration::hours(5));
        assert_eq!(spent(&limits, Limit::SignIn, "192.0.2.1").0, 30);
        clock.advance(time::Duration::hours(-5));
        assert_eq!(spent(&limits, Limit::SignIn, "192.0.2.1").0, 0);
        clock.advance(time::Duration::minutes(1));
        assert_eq!(spent(&limits, Limit::SignIn, "192.0.2.1").0, 30);
    }

    #[test]
    fn an_ipv6_household_has_one_purse_and_a_mapped_address_is_ipv4() {
        let (limits, _) = limits();
        assert_eq!(spent(&limits, Limit::SignIn, "2001:db8:1:2::1").0, 30);
        assert_eq!(spent(&limits, Limit::SignIn, "2001:db8:1:2:ffff::9").0, 0);
        assert_eq!(spent(&limits, Limit::SignIn, "2001:db8:1:3::1").0, 30);
        assert_eq!(spent(&limits, Limit::SignIn, "::ffff:192.0.2.1").0, 30);
        assert_eq!(spent(&limits, Limit::SignIn, "192.0.2.1").0, 0);
    }

    #[test]
    fn a_mailbox_gets_few_letters_however_it_is_written() {
        let (limits, _) = limits();
        let sent = |mailbox: &str| limits.letter(mailbox).is_ok();
        for _ in 0..5 {
            assert!(sent("ada@members.example"));
        }
        assert!(!sent(" ADA@members.example") && sent("bob@members.example"));
    }

    #[test]
    fn looks_count_by_address_and_credential_and_no_more_than_so_often() {
        let (limits, clock) = limits();
        let credential = |last: char| format!("crd_0000000000000000000000000{last}").parse().expect("an id");
        let (one, two): (CredentialId, CredentialId) = (credential('1'), credential('2'));
        let counted = |from: &str, at: CredentialId| (0..100).filter(|_| limits.look(address(from), at)).count();
        assert_eq!((counted("192.0.2.1", one), counted("192.0.2.1", one)), (60, 0));
        assert_eq!((counted("192.0.2.1", two), counted("192.0.2.2", one)), (60, 60));
        assert_eq!((counted("2001:db8::1", one), counted("2001:db8::2", one)), (60, 0), "one household");
        clock.advance(time::Duration::minutes(2));
        assert_eq!(counted("192.0.2.1", one), 2);
    }

    #[test]
    fn many_are_spent_at_once_or_none() {
        let (limits, clock) = limits();
        let from = address("192.0.2.1");
        let spend =
            |coins| limits.spend_many(Limit::Verification, from, coins).map_err(|e| e.inside().retry_after_seconds);
        assert_eq!([spend(100), spend(100), spend(99)], [Ok(()); 3]);
        assert_eq!((spend(2), spend(1), spend(1)), (Err(Some(1)), Ok(()), Err(Some(1))), "none of the two was spent");
        clock.advance(time::Duration::minutes(1));
        assert_eq!((spend(1000), spend(1)), (Ok(()), Err(Some(1))), "more than a purse holds takes a full one");
    }

    #[test]
    fn what_is_asked_about_is_counted_whoever_asks_and_a_right_answer_costs_nothing() {
        let (limits, clock) = limits();
        let tries = |about: About<'_>| (0..1000).take_while(|_| limits.try_at(about).is_ok()).count();
        assert_eq!((tries(About::Number("EG-1")), tries(About::Number("EG-2"))), (60, 60));
        assert_eq!((tries(About::Mailbox("mem_1")), tries(About::Mailbox("mem_2"))), (30, 30));
        assert_eq!((tries(About::NumberByName), tries(About::NumberByName)), (120, 0));
        limits.was_no_guess(About::Number("EG-1"));
        assert_eq!((tries(About::Number("EG-1")), tries(About::Number("EG-2"))), (1, 0));
        clock.advance(time::Duration::minutes(1));
        assert_eq!(tries(About::Number("EG-2")), 1);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let purses = Purses { most: 3, ..Purses::new(2, Duration::from_secs(60), 0_u32) };
        let held = || purses.inside.lock().expect("no thread panicked").full_at.len();
        let (start, later) = (Duration::ZERO, Duration::from_secs(120));
        for key in 1..=3 {
            assert_eq!(purses.spend(key, 1, start), Ok(()));
        }
        assert_eq!(purses.spend(1, 1, start), Ok(()), "who is known has their own");
        assert_eq!(
            (purses.spend(4, 1, start), purses.spend(5, 1, start)),
            (Ok(()), Ok(())),
            "the others share one purse"
        );
        assert_eq!((purses.spend(6, 1, start), held()), (Err(30), 4));
        assert_eq!((purses.spend(6, 1, later), held()), (Ok(()), 1), "who has a full purse again is forgotten");
    }
}
