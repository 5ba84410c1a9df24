//! `/admin/members/new`: enrolling one person.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::access::{EnrolMembers, LinkHandles, May, Permission as _, Posted};
use crate::app::App;
use crate::database::Kind;
use crate::error::{Code, Error, Fault, Result};
use crate::issuer;
use crate::members::{self, Affiliation, NewMember};
use crate::web::form::{Field, Shape, Wrong};
use crate::web::i18n::{Locale, Words};
use crate::web::page::{Page, Shell, see_other};

/// The form as it was filled in.
#[derive(Debug, Default, Deserialize)]
pub struct EnrolForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    locale: String,
    #[serde(default)]
    handle: String,
    #[serde(default)]
    organization: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    from: String,
}

#[derive(Template)]
#[template(path = "people/enrol.html")]
struct EnrolPage {
    shell: Shell,
    fields: Vec<Field>,
    tie: Vec<Field>,
    /// Whether something was typed about an affiliation.
    tied: bool,
    wrong: Wrong,
    /// Whose the address is already: id and name.
    known: Option<(String, String)>,
}

impl EnrolPage {
    fn of(shell: Shell, form: &EnrolForm, may_link: bool, wrong: Wrong, known: Option<(String, String)>) -> Self {
        let w = shell.w;
        let field = |id, value: &str| Field::new(w, "enrol", id, value, &wrong);
        let mut fields = vec![
            field("name", &form.name).required().at_most(120),
            field("email", &form.email).required().at_most(254).of(Shape::Line("email")),
            field("locale", &form.locale).of(languages(w)),
        ];
        if may_link {
            fields.push(field("handle", &form.handle).at_most(40));
        }
        let tie = vec![
            field("organization", &form.organization).at_most(120),
            field("title", &form.title).at_most(120),
            field("from", &form.from).of(Shape::Line("date")),
        ];
        let tied = ![&form.organization, &form.title, &form.from].iter().all(|text| text.is_empty());
        Self { fields, tie, tied, wrong, known, shell }
    }
}

/// The languages of pages and letters, as a choice.
pub(super) fn languages(w: Words) -> Shape {
    Shape::Choice(Vec::from(["ja", "en"].map(|tag| (tag.to_owned(), w.t(&format!("people-language-{tag}"))))))
}

/// `GET /admin/members/new`.
pub async fn enrol_page(staff: May<EnrolMembers>, State(app): State<App>) -> Result<impl IntoResponse> {
    let locale = issuer::language(app.db.read()).await?.as_str().to_owned();
    let form = EnrolForm { locale, ..EnrolForm::default() };
    let may_link = staff.principal.holds(LinkHandles::ROLES);
    Ok(Page(EnrolPage::of(staff.shell(), &form, may_link, Wrong::default(), None)))
}

/// `POST /admin/members/new`: what `POST /api/v1/members` does.
pub async fn enrol_post(
    staff: May<EnrolMembers>,
    State(app): State<App>,
    Posted(form): Posted<EnrolForm>,
) -> Result<Response> {
    let may_link = staff.principal.holds(LinkHandles::ROLES);
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let handle = given(&form.handle);
    if handle.is_some() && !may_link {
        return Err(Error::new(Code::Forbidden).with("needs", LinkHandles::NAME));
    }
    let (zone, w) = (issuer::zone(app.db.read()).await?, staff.shell().w);
    let mut wrong = Wrong::default();
    let from = match form.from.trim() {
        "" => Some(app.db.now()),
        day => zone.day(day).map(|(first, _)| first),
    };
    let locale = Locale::parse(&form.locale);
    if from.is_none() {
        wrong.note(w, "enrol", "from");
    }
    if locale.is_none() {
        wrong.note(w, "enrol", "locale");
    }
    if given(&form.organization).is_none() && given(&form.title).is_some() {
        wrong.note(w, "enrol", "organization");
    }
    let affiliation = given(&form.organization).map(|organization| Affiliation {
        organization,
        title: given(&form.title),
        from: from.unwrap_or(app.db.now()),
        until: None,
    });
    let (email, name, locale) = (form.email.clone(), form.name.clone(), locale.unwrap_or(Locale::En));
    let new = NewMember { email, name, locale, handle, affiliation, joined_at: None };
    let mut known = None;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    match members::enrol_by_staff(&mut ch, new).await {
        Ok(member) if wrong.is_empty() => {
            ch.commit().await?;
            return Ok(see_other(&format!("/admin/members/{}/access?done=enrolled", member.id)));
        }
        Ok(_) => ch.undo().await?,
        Err(refused) => {
            ch.undo().await?;
            match refused.code() {
                Code::MemberExists => {
                    known = members::by_email(app.db.read(), &form.email).await?.map(|m| (m.id.to_string(), m.name));
                }
                Code::Conflict => wrong.note(w, "enrol", "handle"),
                Code::ValidationFailed => {
                    refused.faults().iter().for_each(|fault| wrong.note(w, "enrol", field_of(fault)));
                }
                _ => return Err(refused),
            }
        }
    }
    if let Some((_, name)) = &known {
        wrong.0.push(("email", w.with1("enrol-known", "name", name.as_str())));
    }
    let page = EnrolPage::of(staff.shell(), &form, may_link, wrong, known);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// The field that a mistake is about.
fn field_of(fault: &Fault) -> &'static str {
    match fault.pointer.as_str() {
        "/email" => "email",
        "/handle" => "handle",
        "/affiliation/organization" => "organization",
        "/affiliation/title" => "title",
        _ => "name",
    }
}
