//! What can be done with a report: ask whose the credential is, ask its holder, save the report. Nothing is kept on the server between two
//! requests, so each form carries along what was verified, and it is verified again.

use serde::Deserialize;
use waymark_credential::bake;
use waymark_credential::verify::{RecipientAsked, State};

use super::recipient;
use super::service::{Asked, Checked, Source};
use crate::app::App;
use crate::credentials::Visibility;
use crate::error::Result;

/// A longer document is not carried along in a page.
const LONGEST_CARRIED: usize = 128 * 1024;

/// What was verified, as hidden fields carry it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Again {
    /// An address, or the signed document.
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub number: String,
    #[serde(default)]
    pub check_code: String,
    /// The name that opened the number, where no check code did.
    #[serde(default)]
    pub holder: String,
    /// Not empty where foreign keys and lists may be fetched.
    #[serde(default)]
    pub look_up: String,
}

impl Again {
    pub fn of_address(address: &str) -> Self {
        Self { text: address.to_owned(), ..Self::default() }
    }

    /// How to verify the same once more; none where it is too long to be carried, or is a picture whose credential cannot be taken out.
    pub fn of(source: &Source, look_up: bool, checked: &Checked) -> Option<Self> {
        let look_up = if look_up { "true".to_owned() } else { String::new() };
        let base = Self { look_up, ..Self::default() };
        match source {
            Source::Url(url) => Some(Self { text: url.clone(), ..base }),
            Source::Number { number, check_code } => {
                Some(Self { number: number.clone(), check_code: check_code.clone(), ..base })
            }
            Source::NamedNumber { number, name } => Some(Self { number: number.clone(), holder: name.clone(), ..base }),
            Source::Bytes(_) => {
                let text = signed_text(&checked.input).filter(|text| text.len() <= LONGEST_CARRIED)?;
                Some(Self { text, ..base })
            }
        }
    }

    /// None where nothing was carried along.
    pub fn source(&self) -> Option<Source> {
        let (number, text) = (self.number.trim(), self.text.trim());
        match (number.is_empty(), text.is_empty()) {
            (true, true) => None,
            (true, false) => Some(Source::of_text(text)),
            (false, _) if self.holder.is_empty() => {
                Some(Source::Number { number: number.to_owned(), check_code: self.check_code.clone() })
            }
            (false, _) => Some(Source::NamedNumber { number: number.to_owned(), name: self.holder.clone() }),
        }
    }

    /// What was asked about, as far as it may stand in a report: an address or a number, never a name or a check code.
    pub fn shown(&self) -> String {
        match self.source() {
            Some(Source::Url(url)) => url,
            Some(Source::Number { number, .. } | Source::NamedNumber { number, .. }) => number,
            Some(Source::Bytes(_)) | None => String::new(),
        }
    }

    pub fn asked(&self, recipient: Option<RecipientAsked>) -> Option<Asked> {
        let source = self.source()?;
        let look_up = !self.look_up.is_empty() || matches!(source, Source::Url(_));
        Some(Asked { source, recipient, look_up })
    }
}

/// The credential's own text: of a picture, what is baked into it.
fn signed_text(input: &[u8]) -> Option<String> {
    if bake::png::is_png(input) {
        return bake::png::unbake(input).ok();
    }
    let text = std::str::from_utf8(input).ok()?;
    match text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        true => bake::svg::unbake(text).ok(),
        false => Some(text.to_owned()),
    }
}

/// What a page offers below a report.
#[derive(Debug, Clone)]
pub struct After {
    pub again: Again,
    /// Whether its holder can be asked: it is one of ours, shown, and in force.
    pub can_ask: bool,
    /// Whether a name can be held against it: what is altered says nothing about anybody.
    pub can_compare: bool,
}

impl After {
    /// Below the page of a credential of ours that is shown.
    pub fn own(address: &str, checked: &Checked) -> Self {
        let state = checked.report.state();
        Self { again: Again::of_address(address), can_ask: state == State::Valid, can_compare: state != State::Altered }
    }

    /// Below a report.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn of(app: &App, source: &Source, look_up: bool, checked: &Checked) -> Result<Option<Self>> {
        let Some(again) = Again::of(source, look_up, checked) else { return Ok(None) };
        let own = recipient::own_credential(app, &checked.report).await?;
        let shown = own.is_some_and(|credential| credential.visibility != Visibility::Private);
        let state = checked.report.state();
        Ok(Some(Self { again, can_ask: shown && state == State::Valid, can_compare: state != State::Altered }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_carried_along_asks_the_same() {
        let number = Again { number: "EG-1".into(), check_code: "ABC".into(), ..Again::default() };
        assert!(
            matches!(number.source(), Some(Source::Number { number, check_code }) if number == "EG-1" && check_code == "ABC")
        );
        let named = Again { number: "EG-1".into(), holder: "Ada".into(), ..Again::default() };
        assert!(matches!(named.source(), Some(Source::NamedNumber { name, .. }) if name == "Ada"));
        assert!(matches!(Again::of_address("https://a.example/c/1").source(), Some(Source::Url(_))));
        assert!(matches!(Again::of_address("{\"a\": 1}").source(), Some(Source::Bytes(_))));
        assert!(Again::default().source().is_none());
        assert!(!Again::of_address("{}").asked(None).expect("a source").look_up, "a document alone opens no address");
    }
}
