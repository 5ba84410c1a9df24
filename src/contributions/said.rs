//! What people write here: reasons, sentences and addresses, capped and checked; and that nobody decides on what is their own.

use url::Url;

use crate::actor::Actor;
use crate::error::{Code, Error, Fault, Result};
use crate::ids::MemberId;
use crate::web::input::disturbs;

const LONGEST_TEXT: usize = 500;
const LONGEST_LINK: usize = 2048;

/// Why somebody decided so: whoever it is about reads it.
pub(super) fn reason(text: &str) -> Result<String> {
    written(text, "/reason", "invalid_reason")
}

/// A text of 1 to 500 characters.
pub(super) fn sentence(text: &str, pointer: &str) -> Result<String> {
    written(text, pointer, "invalid_text")
}

fn written(text: &str, pointer: &str, code: &'static str) -> Result<String> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST_TEXT || text.chars().any(disturbs) {
        let detail = format!("write 1 to {LONGEST_TEXT} characters of plain text");
        return Err(Error::invalid(vec![Fault::new(pointer, code, detail)]));
    }
    Ok(text.to_owned())
}

/// An address on the web, as it was written.
pub(super) fn link(text: &str, pointer: &str) -> Result<Url> {
    let text = text.trim();
    let parsed = Url::parse(text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    });
    parsed.filter(|_| text.len() <= LONGEST_LINK).ok_or_else(|| {
        let detail = "write the whole address, such as https://example.org/article";
        Error::invalid(vec![Fault::new(pointer, "invalid_url", detail)])
    })
}

/// Refuses whoever would decide on what they handed in themselves.
pub(super) fn refuse_own(actor: Actor, member: MemberId) -> Result<()> {
    if actor == Actor::Member(member) { Err(Error::new(Code::OwnContribution)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_bounded_and_plain() {
        assert_eq!(reason(" because\r\nso ").expect("fine"), "because\nso");
        for wrong in ["", " \n ", "a\u{202E}b", &"x".repeat(501)] {
            assert!(reason(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn links_lead_to_the_web() {
        assert!(link("https://a.example/1", "/url").is_ok());
        for wrong in ["", "a.example/1", "javascript:alert(1)", "ftp://a.example/", "https://user:pw@a.example/"] {
            assert!(link(wrong, "/url").is_err(), "{wrong}");
        }
    }
}
