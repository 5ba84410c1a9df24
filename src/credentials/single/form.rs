//! What is typed to issue one credential, whom it means, and the request that it makes.

use serde::Deserialize;

use crate::app::App;
use crate::credentials::document::GivenEvidence;
use crate::credentials::request::{CheckedRequest, IssueRequest, Recipient};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::MemberId;
use crate::members::{self, Member};
use crate::web::form::Wrong;
use crate::web::i18n::Words;

/// Members to choose from, where a search finds several.
const FOUND: usize = 10;

/// The form as it was filled in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct IssueForm {
    pub(super) track: String,
    /// What a member is looked up by.
    pub(super) to: String,
    /// The id of the member who was found.
    pub(super) member: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) locale: String,
    /// The evidence: its address, what it shows, the day from which it dates.
    pub(super) url: String,
    pub(super) text: String,
    pub(super) dated: String,
    pub(super) awarded: String,
    pub(super) until: String,
    /// The proposal under which it is issued once, made by the page that shows what would be.
    pub(super) key: String,
    /// `look`, `issue`, `edit` or `other`.
    pub(super) step: String,
}

/// Whom it is for.
pub(super) enum Whom {
    Member(Member),
    /// Somebody who is enrolled by it.
    New(Recipient),
}

/// What the form asks for.
pub(super) struct Asked {
    pub request: CheckedRequest,
    pub whom: Whom,
    /// Whether somebody new was meant whose address a member has.
    pub known: bool,
}

/// What is wrong with the form.
#[derive(Default)]
pub(super) struct Refused {
    pub wrong: Wrong,
    /// Those whom the search means.
    pub several: Vec<Member>,
    /// Nothing can be signed: there is no key.
    pub off: bool,
}

impl Refused {
    /// What the service says is wrong, beside the fields; an error that is none of the visitor's goes on.
    pub fn told(w: Words, e: &Error) -> Option<Self> {
        match e.code() {
            Code::IssuingOff => Some(Self { off: true, ..Self::default() }),
            Code::ValidationFailed => {
                let mut refused = Self::default();
                e.faults().iter().for_each(|fault| refused.note(w, field_of(fault), fault.code));
                Some(refused)
            }
            _ => None,
        }
    }

    /// Notes the text for this mistake in this field, once a field.
    fn note(&mut self, w: Words, field: &'static str, code: &str) {
        if self.wrong.of(field).is_none() {
            let key = if field.is_empty() { "issue-wrong-rest".to_owned() } else { format!("issue-wrong-{field}") };
            let exact = format!("{key}-{}", code.replace('_', "-"));
            let key = if w.has(&exact) { exact } else { key };
            self.wrong.0.push((field, w.t(&key)));
        }
    }

    fn is_empty(&self) -> bool {
        self.wrong.is_empty()
    }
}

/// The field that a fault is about.
fn field_of(fault: &Fault) -> &'static str {
    match fault.pointer.as_str() {
        "/track" => "track",
        "/member" => "to",
        "/recipient/name" => "name",
        "/recipient/email" => "email",
        "/recipient/locale" => "locale",
        "/evidence/0/description" => "text",
        "/evidence/0/date" => "dated",
        "/awarded_at" => "awarded",
        // What would be signed ends before it begins.
        "/valid_until" | "/validUntil" => "until",
        pointer if pointer.starts_with("/evidence") => "url",
        // Not about any one field.
        _ => "",
    }
}

fn given(text: &str) -> Option<String> {
    Some(text.trim().replace("\r\n", "\n")).filter(|text| !text.is_empty())
}

impl IssueForm {
    /// The fields that the page which shows what would be issued carries on.
    pub(super) fn carried(&self) -> [(&'static str, &str); 11] {
        [
            ("track", &self.track),
            ("to", &self.to),
            ("member", &self.member),
            ("name", &self.name),
            ("email", &self.email),
            ("locale", &self.locale),
            ("url", &self.url),
            ("text", &self.text),
            ("dated", &self.dated),
            ("awarded", &self.awarded),
            ("until", &self.until),
        ]
    }

    pub(super) fn names_somebody_new(&self) -> bool {
        given(&self.name).is_some() || given(&self.email).is_some()
    }

    pub(super) fn names_evidence(&self) -> bool {
        self.evidence().is_some()
    }

    fn evidence(&self) -> Option<GivenEvidence> {
        let (url, description, date) = (given(&self.url), given(&self.text), given(&self.dated));
        let named = url.is_some() || description.is_some() || date.is_some();
        named.then(|| GivenEvidence { url, description, date, ..GivenEvidence::default() })
    }

    /// What is asked for; who was found stands in the form from then on. Else all that is wrong with it.
    pub(super) async fn read(&mut self, app: &App, w: Words) -> Result<std::result::Result<Asked, Refused>> {
        let mut refused = Refused::default();
        if given(&self.track).is_none() {
            refused.note(w, "track", "missing");
        }
        let found = self.whom(app, w, &mut refused).await?;
        let evidence = self.evidence();
        if evidence.as_ref().is_some_and(|given| given.url.is_none() && given.description.is_none()) {
            refused.note(w, "url", "missing");
        }
        let (Some((whom, known)), true) = (found, refused.is_empty()) else { return Ok(Err(refused)) };
        let (member, recipient) = match &whom {
            Whom::Member(member) => (Some(member.id.to_string()), None),
            Whom::New(recipient) => (None, Some(recipient.clone())),
        };
        let request = IssueRequest {
            track: self.track.trim().to_owned(),
            member,
            recipient,
            evidence: evidence.into_iter().collect(),
            results: vec![],
            awarded_at: given(&self.awarded),
            valid_until: given(&self.until),
        };
        Ok(match request.checked() {
            Ok(request) => Ok(Asked { request, whom, known }),
            Err(e) => Err(Refused::told(w, &e).ok_or(e)?),
        })
    }

    async fn whom(&mut self, app: &App, w: Words, refused: &mut Refused) -> Result<Option<(Whom, bool)>> {
        let db = app.db.read();
        let sought = given(&self.to);
        if let Some(id) = given(&self.member) {
            return match member(app, &id).await? {
                Some(member) => {
                    self.to.clear();
                    Ok(Some((Whom::Member(member), false)))
                }
                None => {
                    self.member.clear();
                    refused.note(w, "to", "none");
                    Ok(None)
                }
            };
        }
        match (sought, self.names_somebody_new()) {
            (Some(_), true) => refused.note(w, "to", "both"),
            (None, false) => refused.note(w, "to", "missing"),
            (Some(text), false) => match <[Member; 1]>::try_from(found(app, &text).await?) {
                Ok([member]) => {
                    (self.member, self.to) = (member.id.to_string(), String::new());
                    return Ok(Some((Whom::Member(member), false)));
                }
                Err(found) if found.is_empty() => refused.note(w, "to", "none"),
                Err(found) if found.len() > FOUND => refused.note(w, "to", "many"),
                Err(found) => {
                    refused.note(w, "to", "several");
                    refused.several = found;
                }
            },
            (None, true) => {
                let (name, email) = (self.name.trim().to_owned(), self.email.trim().to_owned());
                if let Some(member) = members::by_email(db, &email).await? {
                    (self.member, self.name, self.email) = (member.id.to_string(), String::new(), String::new());
                    return Ok(Some((Whom::Member(member), true)));
                }
                if name.is_empty() {
                    refused.note(w, "name", "missing");
                }
                if email.is_empty() {
                    refused.note(w, "email", "missing");
                }
                return Ok(Some((Whom::New(Recipient { name, email, locale: given(&self.locale) }), false)));
            }
        }
        Ok(None)
    }
}

/// The member with this id, where there is one.
pub(super) async fn member(app: &App, id: &str) -> Result<Option<Member>> {
    let Ok(id) = id.parse::<MemberId>() else { return Ok(None) };
    match members::find(app.db.read(), id).await {
        Err(e) if e.code() == Code::NotFound => Ok(None),
        found => found.map(Some),
    }
}

/// Whom the text means: by id, whole address or whole handle one; else everybody in whose name, address or handle it stands, up to one more than can
/// be chosen from.
async fn found(app: &App, text: &str) -> Result<Vec<Member>> {
    let db = app.db.read();
    if let Some(member) = member(app, text).await? {
        return Ok(vec![member]);
    }
    if let Some(member) = members::by_email(db, text).await? {
        return Ok(vec![member]);
    }
    if let Some(id) = members::by_handle(db, &text.to_lowercase()).await? {
        return Ok(vec![members::find(db, id).await?]);
    }
    members::search(db, text, None, FOUND as u64 + 1).await
}
