//! How settings are written, where a type alone does not say it: what is told about one that is written otherwise.

const LISTEN: &str = "listen: write an address and a port, such as 127.0.0.1:8080";
const DATABASE: &str = "database.url: write sqlite:///path/to/waymark.db or postgres://user@host/name";
const MAIL_PORT: &str = "mail.port: write a number from 1 to 65535";
const DID_METHOD: &str = "issuer.did_method: write web or key";

/// What to write, by the path of a setting that was read as something else.
pub(super) fn instead(path: &str) -> Option<&'static str> {
    [("listen", LISTEN), ("database.url", DATABASE), ("mail.port", MAIL_PORT), ("issuer.did_method", DID_METHOD)]
        .into_iter()
        .find_map(|(key, told)| (key == path).then_some(told))
}

/// A host and a port; IPv6 in brackets. Port 0 takes a free one.
pub(super) fn listen(text: &str) -> Result<(), &'static str> {
    let (host, port) = text.rsplit_once(':').ok_or(LISTEN)?;
    let bare = !host.is_empty() && (!host.contains(':') || (host.starts_with('[') && host.ends_with(']')));
    if bare && port.parse::<u16>().is_ok() { Ok(()) } else { Err(LISTEN) }
}

/// Empty, or one of the two stores.
pub(super) fn database(url: &str) -> Result<(), &'static str> {
    let known = ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme));
    if url.is_empty() || known { Ok(()) } else { Err(DATABASE) }
}

pub(super) fn mail_port(port: u16) -> Result<(), &'static str> {
    if port == 0 { Err(MAIL_PORT) } else { Ok(()) }
}
