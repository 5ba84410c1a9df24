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
    let path = escaped_once(url.path());
    let path = path.trim_end_matches('/');
    let trail = |pair: &str| {
        let name = pair.split('=').next().unwrap_or_default().to_lowercase();
        name.starts_with("utm_") || TRAILS.contains(&name.as_str())
    };
    // as they are written: what they say is not always UTF-8
    let pairs = url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()).map(escaped_once);
    let mut pairs: Vec<_> = pairs.filter(|pair| !trail(pair)).collect();
    pairs.sort();
    let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
    let names_a_page =
        |fragment: &&str| fragment.starts_with(['/', '!']) && !fragment.trim_matches(['/', '!']).is_empty();
    let route = url.fragment().filter(names_a_page);
    let route = route.map_or_else(String::new, |route| format!("#{route}"));
    format!("https://{host}{port}{path}{query}{route}")
}

/// Escapes in one way: letters, digits and `-._~` as they are, all else in capitals (RFC 3986 §6.2.2).
fn escaped_once(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        plain.push_str(before);
        let byte = after.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match byte {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => plain.push(byte.into()),
            Some(byte) => plain.push_str(&format!("%{byte:02X}")),
            None => plain.push('%'),
        }
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    plain.push_str(rest);
    plain
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
        let written = of("https://blog.example/記/post-1?x=記");
        for same in [
            "https://blog.example/%e8%a8%98/p%6Fst%2d1?x=%e8%a8%98",
            "https://blog.example/%E8%A8%98/post-1/?x=%E8%a8%98#/",
        ] {
            assert_eq!(of(same), written, "{same}");
        }
        // not every address is written in UTF-8
        assert_ne!(of("https://b.example/w?%A5%A4"), of("https://b.example/w?%A5%A2"));
        assert_ne!(of("https://b.example/a%2Fb"), of("https://b.example/a/b"));
        assert_eq!(of("https://b.example/100%"), "https://b.example/100%");
        assert_eq!(of("https://b.example/post#!"), of("https://b.example/post"));
        assert_eq!(of("https://www.example/"), "https://www.example");
        assert_eq!(of("https://app.example/#!/posts/1"), "https://app.example#!/posts/1");
        assert_eq!(object("https://blog.example/posts/1/?b=2&a=1&utm_source=feed"), first);
        let long = format!("https://blog.example/{}", "x".repeat(512));
        for kept in ["urn:isbn:9784000000000", "not an address", &long] {
            assert_eq!(object(kept), kept);
        }
    }
}
