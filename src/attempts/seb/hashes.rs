//! Whether the hashes that a browser sends were made with the keys that an exam knows.

use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use crate::attempts::lease::Delivery;

/// Whether the hashes were made with one of the keys of each kind, for this address.
pub(super) fn fits(delivery: &Delivery, address: &str, config_key: Option<&[u8]>, browser_key: Option<&[u8]>) -> bool {
    proves(&delivery.config_keys, address, config_key) && proves(&delivery.browser_keys, address, browser_key)
}

fn proves(keys: &[String], address: &str, given: Option<&[u8]>) -> bool {
    if keys.is_empty() {
        return true;
    }
    // The documentation shows the header with a semicolon behind the hash.
    let Some(given) = given.map(|given| given.trim_ascii().to_ascii_lowercase()) else { return false };
    let given = given.strip_suffix(b";").unwrap_or(&given).trim_ascii_end();
    let address = address.split('#').next().unwrap_or_default();
    let mut found = Choice::from(0);
    for key in keys {
        let expected: String = Sha256::new()
            .chain_update(address)
            .chain_update(key)
            .finalize()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        found |= expected.as_bytes().ct_eq(given);
    }
    found.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://exam.example/exam/att_1/1?lang=ja";

    fn key(digit: char) -> String {
        digit.to_string().repeat(64)
    }

    fn hash(key: &str, address: &str) -> Vec<u8> {
        let hash = Sha256::digest(format!("{address}{key}"));
        hash.iter().map(|b| format!("{b:02X}")).collect::<String>().into_bytes()
    }

    #[test]
    fn one_of_several_keys_fits_at_the_address_that_the_candidate_sees() {
        let delivery = Delivery { config_keys: vec![key('a'), key('b')], ..Delivery::default() };
        let fits_with = |address: &str, given: &[u8]| fits(&delivery, address, Some(given), None);
        assert!(fits(&Delivery::default(), ADDRESS, None, None), "any browser will do");
        assert!(fits_with(ADDRESS, &hash(&key('b'), ADDRESS)));
        assert!(fits_with(&format!("{ADDRESS}#top"), &hash(&key('a'), ADDRESS)));
        assert!(fits_with(ADDRESS, &[hash(&key('a'), ADDRESS), b" ;".to_vec()].concat()));
        assert!(!fits(&delivery, ADDRESS, None, Some(&hash(&key('a'), ADDRESS))), "of the other kind");
        assert!(!fits(&delivery, ADDRESS, None, None));
        for wrong in [
            hash(&key('c'), ADDRESS),
            hash(&key('a'), "https://exam.example/exam/att_1/2"),
            key('a').into_bytes(),
            vec![],
        ] {
            assert!(!fits_with(ADDRESS, &wrong), "{wrong:?}");
        }
    }

    #[test]
    fn a_browser_key_is_asked_for_besides() {
        let delivery = Delivery { config_keys: vec![key('a')], browser_keys: vec![key('d')], ..Delivery::default() };
        let (config, browser) = (hash(&key('a'), ADDRESS), hash(&key('d'), ADDRESS));
        assert!(!fits(&delivery, ADDRESS, Some(&config), None));
        assert!(!fits(&delivery, ADDRESS, Some(&config), Some(&config)));
        assert!(fits(&delivery, ADDRESS, Some(&config), Some(&browser)));
    }
}
