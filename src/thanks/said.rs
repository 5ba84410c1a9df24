//! What people write here: why they say thanks, and an address that shows it.

use url::Url;

use crate::error::{Error, Fault, Result};
use crate::web::input::disturbs;

pub const SHORTEST_REASON: usize = 3;
pub const LONGEST_REASON: usize = 500;
const LONGEST_LINK: usize = 2048;

/// What one member says to another, read and bounded.
pub struct Said {
    pub reason: String,
    pub url: Option<String>,
}

impl Said {
    /// Everything wrong with it at once.
    pub fn read(reason: &str, url: Option<&str>) -> Result<Self> {
        let mut faults = vec![];
        let text = plain(reason, SHORTEST_REASON);
        if text.is_none() {
            let detail = format!("write {SHORTEST_REASON} to {LONGEST_REASON} characters of plain text");
            faults.push(Fault::new("/reason", "invalid_reason", detail));
        }
        let url = url.map(str::trim).filter(|url| !url.is_empty());
        if url.is_some_and(|url| !is_link(url)) {
            let detail = "write the whole address, such as https://example.org/article, or leave it out";
            faults.push(Fault::new("/link", "invalid_url", detail));
        }
        match text {
            Some(reason) if faults.is_empty() => Ok(Self { reason, url: url.map(str::to_owned) }),
            _ => Err(Error::invalid(faults)),
        }
    }
}

/// Why staff step in.
pub fn staff_reason(text: &str) -> Result<String> {
    plain(text, 1).ok_or_else(|| {
        let detail = format!("write 1 to {LONGEST_REASON} characters of plain text");
        Error::invalid(vec![Fault::new("/reason", "no_reason", detail)])
    })
}

fn plain(text: &str, shortest: usize) -> Option<String> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    let fits = (shortest..=LONGEST_REASON).contains(&text.chars().count());
    (fits && !text.chars().any(disturbs)).then(|| text.to_owned())
}

fn is_link(text: &str) -> bool {
    text.len() <= LONGEST_LINK
        && Url::parse(text).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.username().is_empty()
                && url.password().is_none()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(reason: &str, url: Option<&str>) -> Vec<String> {
        let said = Said::read(reason, url).map(|_| ()).map_err(|e| e.faults().to_vec());
        said.err().unwrap_or_default().into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn a_reason_is_plain_and_bounded() {
        assert_eq!(
            Said::read(" ありがとう\r\nね ", Some(" ")).map(|said| (said.reason, said.url)).ok(),
            Some(("ありがとう\nね".to_owned(), None))
        );
        for reason in ["", "hi", " \n ", "a\u{202E}bcd", &"x".repeat(501)] {
            assert_eq!(wrong(reason, None), ["/reason"], "{reason:?}");
        }
        assert!(wrong("you stayed late", Some("https://a.example/1")).is_empty());
        for url in ["a.example", "javascript:alert(1)", "https://user:pw@a.example/", "ftp://a.example/"] {
            assert_eq!(wrong("you stayed late", Some(url)), ["/link"], "{url}");
        }
        assert_eq!(wrong("", Some("x")), ["/reason", "/link"]);
    }
}
