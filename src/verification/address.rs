//! Addresses as people type, scan and paste them: in upper case from a QR code, with a suffix or a query behind, without a scheme, in full width.

use url::{Host, Url};
use waymark_credential::fold;

use crate::links::Links;

/// What an address leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// A credential of ours, by its share id.
    Own(String),
    /// A selection of ours, by its share id.
    Selection(String),
    /// A profile of ours, whether somebody shows one there or not.
    Profile,
    /// Another page of ours.
    OwnOther,
    /// Somebody else's, as it was given.
    Foreign(String),
    /// Nothing that is ever opened: another scheme, a numeric address, a name and password.
    Refused,
    Unreadable,
}

/// Reads what was typed. Nothing is fetched.
pub(super) fn read(links: &Links, typed: &str) -> Address {
    let typed = typed.trim();
    let text = fold::width(typed);
    let lower = text.to_lowercase();
    let host = links.host().to_lowercase();
    let bare = lower.strip_prefix(&host).is_some_and(|rest| rest.starts_with('/'));
    let Ok(url) = Url::parse(&if bare { format!("https://{text}") } else { text }) else {
        return Address::Unreadable;
    };
    if let Some(path) = own_path(links, &url) {
        let share_id = |below: &str| {
            let rest = path.strip_prefix(below)?.trim_end_matches('/').split('.').next().unwrap_or_default();
            (!rest.is_empty() && !rest.contains('/')).then(|| rest.to_owned())
        };
        let selection = || share_id("/s/").map(Address::Selection);
        let profile = || share_id("/m/").map(|_| Address::Profile);
        return share_id("/c/").map(Address::Own).or_else(selection).or_else(profile).unwrap_or(Address::OwnOther);
    }
    let plain = url.username().is_empty() && url.password().is_none();
    match (url.scheme(), url.host()) {
        ("https", Some(Host::Domain(_))) if plain => Address::Foreign(typed.to_owned()),
        ("https" | "http", Some(_)) => Address::Refused,
        _ => Address::Unreadable,
    }
}

/// The path below our base URL in lower case, where the address is one of ours; http and https alike, for both lead here.
fn own_path(links: &Links, url: &Url) -> Option<String> {
    let base = Url::parse(links.base()).ok()?;
    let port = |url: &Url| match url.port() {
        None if matches!(url.scheme(), "http" | "https") => Some(0),
        port => port,
    };
    let same = matches!(url.scheme(), "http" | "https")
        && url.host_str()? == base.host_str()?
        && port(url) == port(&base)
        && url.username().is_empty()
        && url.password().is_none();
    let path = url.path().to_lowercase();
    let below = base.path().trim_end_matches('/').to_lowercase();
    same.then(|| path.strip_prefix(&below).map(str::to_owned)).flatten().filter(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(base: &str, typed: &str) -> Address {
        read(&Links::new(&Url::parse(base).expect("a URL")), typed)
    }

    #[test]
    fn one_credential_in_every_way_of_writing_its_address() {
        for typed in [
            "https://guild.example/c/abc",
            " HTTPS://GUILD.EXAMPLE/C/ABC ",
            "https://guild.example:443/c/abc.json",
            "http://guild.example/c/abc.qr.svg",
            "https://guild.example/c/abc?lang=ja#top",
            "https://guild.example/c/abc/",
            "guild.example/c/abc",
            "ｈｔｔｐｓ://guild.example/c/abc",
        ] {
            assert_eq!(at("https://guild.example", typed), Address::Own("abc".into()), "{typed}");
        }
        assert_eq!(at("https://guild.example/marks/", "https://guild.example/marks/c/abc"), Address::Own("abc".into()));
        assert_eq!(at("http://127.0.0.1:8080", "http://127.0.0.1:8080/c/abc.png"), Address::Own("abc".into()));
    }

    #[test]
    fn what_only_looks_like_ours_is_not() {
        for (typed, expected) in [
            ("https://guild.example/c/", Address::OwnOther),
            ("https://guild.example/s/", Address::OwnOther),
            ("HTTPS://GUILD.EXAMPLE/S/ABC.JSON", Address::Selection("abc".into())),
            ("https://guild.example/m/ryu-h", Address::Profile),
            ("https://guild.example/m/", Address::OwnOther),
            ("https://guild.example/c/a/b", Address::OwnOther),
            ("https://guild.example/admin", Address::OwnOther),
            (
                "https://guild.example.evil.example/c/abc",
                Address::Foreign("https://guild.example.evil.example/c/abc".into()),
            ),
            ("https://guild.example:8443/c/abc", Address::Foreign("https://guild.example:8443/c/abc".into())),
            ("https://guild.example@evil.example/c/abc", Address::Refused),
            ("https://127.0.0.1/c/abc", Address::Refused),
            ("https://0x7f.1/c/abc", Address::Refused),
            ("https://[::1]/c/abc", Address::Refused),
            ("http://issuer.example/c/abc", Address::Refused),
            ("javascript:alert(1)", Address::Unreadable),
            ("data:text/html,x", Address::Unreadable),
            ("file:///etc/passwd", Address::Unreadable),
            ("https://", Address::Unreadable),
            ("abc", Address::Unreadable),
            ("", Address::Unreadable),
        ] {
            assert_eq!(at("https://guild.example", typed), expected, "{typed}");
        }
    }
}
