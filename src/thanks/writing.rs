//! Writing thanks by form, as a member and in the program's name: what was typed, who is meant, and what is wrong with it.

use serde::Deserialize;

use super::lifecycle::State;
use super::reach::Reached;
use super::service::{NewThanks, Thanks};
use super::told::told;
use crate::app::App;
use crate::error::{Error, Result};
use crate::ids::MemberId;
use crate::web::i18n::Words;
use crate::{issuer, members};

#[derive(Debug, Default, Deserialize)]
pub struct ThanksForm {
    #[serde(default)]
    pub to: String,
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub link: String,
    /// Whether a member lets their name stand.
    #[serde(default)]
    pub named: Option<String>,
}

impl ThanksForm {
    pub(super) fn thanks(&self, reached: Reached) -> NewThanks {
        NewThanks {
            to: reached.member,
            called: reached.called,
            reason: self.reason.clone(),
            url: Some(self.link.clone()),
            named: self.named.is_some(),
        }
    }
}

/// The form as a page shows it.
pub(super) struct Writing {
    pub form: ThanksForm,
    /// Who is meant, where the page was opened for somebody.
    pub meant: Option<String>,
    /// Fields and sentences.
    pub wrong: Vec<(String, String)>,
}

impl Writing {
    /// With what went wrong, where something did; errors that no form can mend pass through.
    pub async fn of(app: &App, w: Words, form: ThanksForm, wrong: Option<Error>) -> Result<Self> {
        let wrong = match wrong {
            Some(e) => told(w, &issuer::zone(app.db.read()).await?, e)?,
            None => vec![],
        };
        // An id is shown as the person whom it names; every other text stays as it was written.
        let meant = match form.to.parse::<MemberId>() {
            Ok(id) => members::find(app.db.read(), id).await.ok().map(|known| known.name),
            Err(_) => None,
        };
        Ok(Self { form, meant, wrong })
    }

    /// What is wrong with a field.
    pub fn fault(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|(of, _)| of == field).map(|(_, text)| text.as_str())
    }

    pub fn is_good(&self) -> bool {
        self.wrong.is_empty()
    }
}

/// What became of thanks that count no more or are kept back.
pub(super) fn note(w: Words, t: &Thanks) -> Option<String> {
    match (&t.withheld, t.state) {
        (_, State::Withdrawn) => Some(w.t("thanks-note-withdrawn")),
        (_, State::Voided) => {
            Some(w.with1("thanks-note-voided", "reason", t.end_reason.as_deref().unwrap_or_default()))
        }
        (Some(reason), _) => Some(w.with1("thanks-note-withheld", "reason", reason.as_str())),
        _ => None,
    }
}
