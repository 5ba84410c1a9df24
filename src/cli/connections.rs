//! How many connections are open at once: in all, and from one address. Who holds many does nothing with most of them.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::Network;

/// In all, where the system does not say how many files a process may open: less than the usual 1,024.
const MOST: usize = 896;
/// What is left for files that are no connections.
const SPARE: usize = 128;
/// From one address: a whole office behind one router, and far from all there are.
const FROM_ONE: usize = 256;

/// Counts who came in and has not left.
pub(super) struct Doorway {
    places: Arc<Semaphore>,
    inside: Inside,
    from_one: usize,
    /// Proxies stand for many, and so does this machine, where one may run; only the whole is limited for them.
    proxies: Vec<Network>,
}

impl Doorway {
    pub(super) fn new(proxies: Vec<Network>) -> Self {
        Self::of_size(allowed_files().map_or(MOST, |files| files.saturating_sub(SPARE).max(SPARE)), FROM_ONE, proxies)
    }

    fn of_size(most: usize, from_one: usize, proxies: Vec<Network>) -> Self {
        Self { places: Arc::new(Semaphore::new(most)), inside: Arc::default(), from_one, proxies }
    }

    /// Waits until there is a place for another connection; before that none is accepted, and the system keeps them in line.
    pub(super) async fn place(&self) -> OwnedSemaphorePermit {
        self.places.clone().acquire_owned().await.expect("the places are never closed")
    }

    /// Lets the connection in; nothing where this address has too many already. Dropping what is answered gives the place back.
    pub(super) fn admit(&self, place: OwnedSemaphorePermit, peer: IpAddr) -> Option<Admitted> {
        if peer.to_canonical().is_loopback() || self.proxies.iter().any(|network| network.contains(peer)) {
            return Some(Admitted { _place: place, counted: None });
        }
        let who = household(peer);
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let count = inside.entry(who).or_default();
        if *count >= self.from_one {
            return None;
        }
        *count += 1;
        Some(Admitted { _place: place, counted: Some((who, self.inside.clone())) })
    }
}

/// How many files this process may open, where the system tells.
fn allowed_files() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    limits.lines().find_map(|line| line.strip_prefix("Max open files")?.split_whitespace().next()?.parse().ok())
}

/// How many connections each household has open.
type Inside = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// An IPv6 address counts by its /64, an IPv4 address in IPv6's clothes as what it is.
fn household(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        four => four,
    }
}

/// A connection that is open.
pub(super) struct Admitted {
    _place: OwnedSemaphorePermit,
    counted: Option<(IpAddr, Inside)>,
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let Some((who, inside)) = &self.counted else { return };
        let mut inside = inside.lock().unwrap_or_else(PoisonError::into_inner);
        match inside.get_mut(who) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(inside.remove(who)),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn enter(doorway: &Doorway, peer: &str) -> Option<Admitted> {
        let place = doorway.place().now_or_never().expect("a place");
        doorway.admit(place, peer.parse().expect("an address"))
    }

    #[test]
    fn one_address_fills_no_more_than_its_share() {
        let doorway = Doorway::of_size(10, 2, vec![Network::parse("10.0.0.1").expect("an address")]);
        let first = enter(&doorway, "192.0.2.1").expect("the first");
        let second = enter(&doorway, "::ffff:192.0.2.1").expect("the second");
        assert!(enter(&doorway, "192.0.2.1").is_none());
        assert!(enter(&doorway, "192.0.2.2").is_some(), "others come in");
        drop(first);
        let third = enter(&doorway, "192.0.2.1").expect("one has left");
        let six = [enter(&doorway, "2001:db8::1"), enter(&doorway, "2001:db8::2")].map(|in_| in_.expect("two"));
        assert!(enter(&doorway, "2001:db8:0:0:ffff::").is_none(), "the same /64");
        assert!(enter(&doorway, "2001:db8:0:1::").is_some());
        let proxied: Vec<_> = (0..4).map(|_| enter(&doorway, "10.0.0.1").expect("a proxy stands for many")).collect();
        drop((second, third, six, proxied));
        assert!(doorway.inside.lock().expect("whole").is_empty(), "nobody who left is remembered");
        assert_eq!(doorway.places.available_permits(), 10);
    }

    #[test]
    fn when_all_places_are_taken_the_next_waits() {
        let doorway = Doorway::of_size(2, 2, vec![]);
        let first = enter(&doorway, "192.0.2.1");
        let second = enter(&doorway, "192.0.2.2");
        let mut third = Box::pin(doorway.place());
        assert!((&mut third).now_or_never().is_none());
        drop(first);
        assert!((&mut third).now_or_never().is_some());
        drop(second);
    }
}
