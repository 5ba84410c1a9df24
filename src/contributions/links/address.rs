//! One spelling for addresses that lead to the same page.

use url::Url;

/// As long as an object's name may be.
pub(super) const LONGEST_KEY: usize = 512;

/// Parameters that say where a reader came from, not what they read.
const TRAILS: [&str; 9] = ["fbclid", "gclid", "yclid", "msclkid", "igshid", "mc_cid", "mc_eid", "ref", "ref_src"];

/// What is done to the page at this address is done to one object, however it is written. What cannot be read, or is too long, is its own name.
pub(in crate::contributions) fn object(address: &str) -> String {
    let key = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https")).map(|url| key(&url));
    key.filter(|key| key.len() <= LONGEST_KEY).unwrap_or_else(|| address.to_owned())
}

/// How others may have written the address whose key this is: without it, only what is spelled like the key would be found.
pub(super) fn spellings(key: &str, typed: &str) -> [String; 3] {
    [key.to_owned(), format!("{key}/"), typed.to_owned()]
}

/// The address as addresses are compared: https, no trailing slash, parameters in order and without those that only leave a trail, no place within the page.
/// What stands behind `#` stays only where it says which page it is, as in `#/posts/1` and `#!posts/1`.
pub(super) fn key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    let host = host.strip_prefix("www.").filter(|rest| rest.contains('.')).unwrap_or(host);
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    let path = url.path().trim_end_matches('/');
    let trail = |name: &str| name.starts_with("utm_") || TRAILS.contains(&name);
    let mut pairs: Vec<_> = url.query_pairs().filter(|(name, _)| !trail(&name.to_lowercase())).collect();
    pairs.sort();
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    let query = query.finish();
    let query = if query.is_empty() { query } else { format!("?{query}") };
    let route = url.fragment().filter(|fragment| fragment.starts_with(['/', '!']));
    let route = route.map_or_else(String::new, |route| format!("#{route}"));
    format!("https://{host}{port}{path}{query}{route}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        key(&Url::parse(text).expect("an address"))
    }

    #[test]
    fn one_page_has_one_spelling() {
        let first = of("https://blog.example/posts/1?b=2&a=1");
        for same in [
            "http://blog.example/posts/1?a=1&b=2",
            "https://BLOG.example:443/posts/1/?a=1&b=2#top",
            "https://www.blog.example/posts/1?utm_source=x&a=1&b=2&fbclid=9",
            "https://blog.example./posts/1?a=1&b=2&UTM_Medium=mail",
        ] {
            assert_eq!(of(same), first, "{same}");
        }
        for other in [
            "https://blog.example/posts/2?a=1&b=2",
            "https://blog.example/Posts/1?a=1&b=2",
            "https://blog.example:8443/posts/1?a=1&b=2",
            "https://blog.example/posts/1?a=1",
            "https://blog.example/posts/1?a=1&b=2#/1",
        ] {
            assert_ne!(of(other), first, "{other}");
        }
        assert_eq!(of("https://www.example/"), "https://www.example");
        assert_eq!(of("https://app.example/#!/posts/1"), "https://app.example#!/posts/1");
        assert_eq!(object("https://blog.example/posts/1/?b=2&a=1&utm_source=feed"), first);
        let long = format!("https://blog.example/{}", "x".repeat(512));
        for kept in ["urn:isbn:9784000000000", "not an address", &long] {
            assert_eq!(object(kept), kept);
        }
    }
}
