//! An address, or all addresses that begin alike.

use std::net::IpAddr;

/// `10.0.0.7`, `172.16.0.0/12`, `2001:db8::/32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    /// How many bits of an address, written as IPv6, are compared.
    bits: u32,
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

impl Network {
    /// None for what is neither an address nor a network.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
        let address: IpAddr = address.parse().ok()?;
        let (whole, before) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
        let length = length.map_or(Some(whole), |text| text.parse().ok().filter(|n| *n <= whole))?;
        Some(Self { address, bits: before + length })
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        let shift = 128 - self.bits;
        let beginning = |address| number(address).checked_shr(shift).unwrap_or(0);
        beginning(self.address) == beginning(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_what_begins_alike() {
        let holds = |network: &str, address: &str| {
            Network::parse(network).expect("a network").contains(address.parse().expect("an address"))
        };
        assert!(holds("10.0.0.7", "10.0.0.7") && !holds("10.0.0.7", "10.0.0.8"));
        assert!(holds("10.0.0.7", "::ffff:10.0.0.7"), "a mapped address is the same machine");
        assert!(holds("172.16.0.0/12", "172.31.255.255") && !holds("172.16.0.0/12", "172.32.0.0"));
        assert!(holds("2001:db8::/32", "2001:db8:ffff::1") && !holds("2001:db8::/32", "2001:db9::1"));
        assert!(!holds("10.0.0.0/8", "2001:db8::1") && holds("::/0", "10.0.0.1"));
        for bad in ["nginx", "10.0.0.7/33", "10.0.0", "::1/129", "10.0.0.7/", "/8", ""] {
            assert_eq!(Network::parse(bad), None, "{bad}");
        }
    }
}
