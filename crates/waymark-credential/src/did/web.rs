//! `did:web` ↔ https address, after the did:web method specification §2.5.2 (read) and §2.5.1 (create).

use std::fmt;

/// A `did:web` identifier: a host name, perhaps a port, perhaps path segments. Written back it is what was read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WebDid {
    host: String,
    port: Option<u16>,
    path: Vec<String>,
}

/// Why a text is not a did:web identifier, or an address cannot carry one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidWebDid {
    #[error("did:web: {0:?} is not a host name; addresses in numbers are not allowed")]
    Host(String),
    #[error("did:web: {0:?} is not a port; write it as %3A and a number from 1 to 65535")]
    Port(String),
    #[error("did:web: {0:?} is not a path segment")]
    Segment(String),
    #[error("only https addresses without user, query and fragment can carry a did:web")]
    Address,
}

impl WebDid {
    /// Reads `did:web:host[%3Aport][:segment]*`.
    pub fn parse(text: &str) -> Result<Self, InvalidWebDid> {
        let specific = text.strip_prefix("did:web:").ok_or(InvalidWebDid::Address)?;
        let mut parts = specific.split(':');
        let authority = parts.next().unwrap_or_default();
        let (host, port) = match authority.split_once('%') {
            None => (authority, None),
            Some((host, escaped)) => {
                let port = escaped.strip_prefix("3A").or_else(|| escaped.strip_prefix("3a"));
                (host, Some(port.ok_or_else(|| InvalidWebDid::Port(shown(authority)))?))
            }
        };
        Self::of(host, port, parts)
    }

    /// The identifier of an https address, such as the base URL of an installation; a trailing `/` means nothing.
    pub fn from_url(url: &str) -> Result<Self, InvalidWebDid> {
        let rest = url.strip_prefix("https://").ok_or(InvalidWebDid::Address)?;
        if rest.contains(['@', '?', '#']) {
            return Err(InvalidWebDid::Address);
        }
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = match authority.split_once(':') {
            Some((host, "443")) => (host, None),
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        let path = path.strip_suffix('/').unwrap_or(path);
        Self::of(&host.to_ascii_lowercase(), port, path.split('/').filter(|_| !path.is_empty()))
    }

    fn of<'a>(host: &str, port: Option<&str>, path: impl Iterator<Item = &'a str>) -> Result<Self, InvalidWebDid> {
        if !is_host_name(host) {
            return Err(InvalidWebDid::Host(shown(host)));
        }
        let port = match port {
            None => None,
            Some(digits) => match digits.parse::<u16>() {
                // the text must come back the same: no sign, no leading zero
                Ok(port) if port != 0 && port.to_string() == digits => Some(port),
                _ => return Err(InvalidWebDid::Port(shown(digits))),
            },
        };
        let path = path.map(segment).collect::<Result<_, _>>()?;
        Ok(Self { host: host.to_owned(), port, path })
    }

    /// The address of the DID document.
    pub fn document_url(&self) -> String {
        let folder = if self.path.is_empty() { "/.well-known" } else { "" };
        format!("{}{folder}/did.json", self.base_url())
    }

    /// The https address that the identifier stands for, without a trailing `/`.
    pub fn base_url(&self) -> String {
        let mut url = format!("https://{}", self.host.to_ascii_lowercase());
        if let Some(port) = self.port {
            url.push_str(&format!(":{port}"));
        }
        for segment in &self.path {
            url.push('/');
            url.push_str(segment);
        }
        url
    }
}

impl fmt::Display for WebDid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "did:web:{}", self.host)?;
        if let Some(port) = self.port {
            write!(f, "%3A{port}")?;
        }
        self.path.iter().try_for_each(|segment| write!(f, ":{segment}"))
    }
}

/// A DNS name; a last label that begins with a digit would be read as an address in numbers by URL parsers.
fn is_host_name(host: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.len() <= 253 && host.split('.').all(label) && !last.starts_with(|first: char| first.is_ascii_digit())
}

/// One path segment in the characters of a DID, percent escapes included, that cannot climb or add a segment.
fn segment(text: &str) -> Result<String, InvalidWebDid> {
    let refused = || InvalidWebDid::Segment(shown(text));
    let mut plain = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            if !byte.is_ascii_alphanumeric() && !b".-_".contains(&byte) {
                return Err(refused());
            }
            plain.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        match (digit(bytes.next()), digit(bytes.next())) {
            (Some(high), Some(low)) => plain.push(u8::try_from(high * 16 + low).map_err(|_| refused())?),
            _ => return Err(refused()),
        }
    }
    let hidden = |byte: &u8| byte.is_ascii_control() || b"/\\?#%:".contains(byte);
    if plain.is_empty() || plain == b"." || plain == b".." || plain.iter().any(hidden) {
        return Err(refused());
    }
    Ok(text.to_owned())
}

fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_method() {
        for (did, url) in [
            ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
            ("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"),
            ("did:web:example.com%3A3000:user:alice", "https://example.com:3000/user/alice/did.json"),
            ("did:web:localhost%3A8443", "https://localhost:8443/.well-known/did.json"),
        ] {
            let parsed = WebDid::parse(did).unwrap();
            assert_eq!(parsed.document_url(), url);
            assert_eq!(parsed.to_string(), did);
            assert_eq!(WebDid::from_url(&parsed.base_url()).unwrap(), parsed);
        }
    }

    #[test]
    fn addresses_become_identifiers() {
        for (url, did) in [
            ("https://Guild.example/", "did:web:guild.example"),
            ("https://guild.example:443", "did:web:guild.example"),
            ("https://guild.example:8443/a/b%20c", "did:web:guild.example%3A8443:a:b%20c"),
        ] {
            assert_eq!(WebDid::from_url(url).unwrap().to_string(), did);
        }
        for url in ["http://guild.example", "https://a@b.example", "https://b.example/?x", "https://b.example/#x", ""] {
            assert_eq!(WebDid::from_url(url), Err(InvalidWebDid::Address), "{url}");
        }
        assert!(WebDid::from_url("https://b.example/a//b").is_err());
        assert!(WebDid::from_url("https://[::1]/").is_err());
    }

    #[test]
    fn no_number_addresses_no_climbing_no_second_authority() {
        for host in [
            "127.0.0.1",
            "2130706433",
            "0x7f.1",
            "0x7f000001",
            "127.1",
            "",
            ".",
            "a..b",
            "-a.example",
            "a-.example",
            "a_b.example",
            "ex ample",
            "[::1]",
            "例.example",
            "guild.example.",
            "1.2.3.4.5",
        ] {
            let text = format!("did:web:{host}");
            assert!(matches!(WebDid::parse(&text), Err(InvalidWebDid::Host(_))), "{text}");
        }
        for authority in [
            "a.example%3A0",
            "a.example%3A65536",
            "a.example%3A",
            "a.example%3A080",
            "a.example%3A+80",
            "a.example%40b.example",
            "a.example%2Fb",
        ] {
            let text = format!("did:web:{authority}");
            assert!(matches!(WebDid::parse(&text), Err(InvalidWebDid::Port(_))), "{text}");
        }
        for path in [
            "", ".", "..", "%2e%2E", "a%2Fb", "a%5cb", "a%3Fb", "a%23b", "a%2525", "a%", "a%zz", "a/b", "a?b", "a#b",
            "a%00",
        ] {
            let text = format!("did:web:a.example:{path}");
            assert!(matches!(WebDid::parse(&text), Err(InvalidWebDid::Segment(_))), "{text}");
        }
    }
}
