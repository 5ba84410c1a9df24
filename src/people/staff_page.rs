//! `/admin/staff`: who holds which role, since when, given by whom and why; giving one and taking one.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::access_page::{member_id, who};
use super::service;
use crate::access::{self, EnrolMembers, GiveRoles, May, Permission as _, Posted, Principal, ReadStaff, Role};
use crate::app::App;
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::ids::MemberId;
use crate::web::form::{Field, Shape, Wrong};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::{issuer, members};

struct RoleLine {
    role: &'static str,
    words: String,
    means: String,
    since: String,
    reason: Option<String>,
    /// Whether the visitor may take it.
    may_take: bool,
}

struct Line {
    id: String,
    name: String,
    email: String,
    own: bool,
    roles: Vec<RoleLine>,
}

#[derive(Template)]
#[template(path = "people/staff.html")]
struct StaffPage {
    shell: Shell,
    rows: Vec<Line>,
    may_give: bool,
    fields: Vec<Field>,
    wrong: Wrong,
    done: Option<String>,
    /// After a role was taken: keys that its holder made and that still work.
    keys: Option<String>,
    /// After a role was given: where its holder gets a link to sign in anew.
    link: Option<String>,
}

/// The form as it was filled in.
#[derive(Debug, Default, Deserialize)]
pub struct GiveForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Deserialize)]
pub struct TakeForm {
    role: String,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
    /// Whose role was given or taken.
    #[serde(default)]
    member: Option<String>,
}

/// `GET /admin/staff`.
pub async fn staff_page(
    staff: May<ReadStaff>,
    State(app): State<App>,
    Query(done): Query<Done>,
) -> Result<impl IntoResponse> {
    let form = GiveForm { role: Role::Examiner.as_str().to_owned(), ..GiveForm::default() };
    let mut page = page(&app, staff.shell(), &staff.principal, form, Wrong::default()).await?;
    let w = page.shell.w;
    page.done = ["given", "owner", "held", "taken", "not-held"]
        .contains(&&*done.done)
        .then(|| w.t(&format!("roles-done-{}", done.done)));
    let whose = done.member.and_then(|id| id.parse::<MemberId>().ok());
    if ["given", "owner"].contains(&&*done.done) {
        let reaches = staff.principal.holds(EnrolMembers::ROLES);
        page.link = whose.filter(|_| reaches).map(|id| format!("/admin/members/{id}/access"));
    } else if let Some(member) = whose {
        let keys = access::keys_made_by(app.db.read(), member).await?;
        page.keys = (keys > 0 && page.may_give).then(|| w.with1("roles-keys-left", "n", keys));
    }
    Ok(Page(page))
}

async fn page(app: &App, shell: Shell, principal: &Principal, form: GiveForm, wrong: Wrong) -> Result<StaffPage> {
    let (db, w) = (app.db.read(), shell.w);
    let zone = issuer::zone(db).await?;
    let may_give = principal.holds(GiveRoles::ROLES);
    let person = principal.person(db).await?;
    let mut rows = vec![];
    for one in access::staff(db).await? {
        let member = members::find(db, one.member).await?;
        let own = person == Some(one.member);
        let mut roles = vec![];
        for held in one.roles {
            let by = who(app, &shell, held.given_by.as_deref()).await?;
            roles.push(RoleLine {
                role: held.role.as_str(),
                words: w.t(&format!("role-{}", held.role.as_str())),
                means: w.t(&format!("role-{}-means", held.role.as_str())),
                since: w.with2("roles-since", "date", zone.date(w, held.since), "by", by),
                reason: held.reason,
                may_take: may_give && !own && principal.reaches(&[held.role]).is_ok(),
            });
        }
        rows.push(Line { id: member.id.to_string(), name: member.name, email: member.email, own, roles });
    }
    let fields = vec![
        Field::new(w, "roles", "email", &form.email, &wrong).required().at_most(254).of(Shape::Line("email")),
        Field::new(w, "roles", "role", &form.role, &wrong).of(choice(w, principal, &Role::STAFF)),
        Field::new(w, "roles", "reason", &form.reason, &wrong).required().at_most(500),
    ];
    Ok(StaffPage { rows, may_give, fields, wrong, done: None, keys: None, link: None, shell })
}

/// Those of these roles that the visitor may hand out, each with what it means.
pub(super) fn choice(w: Words, principal: &Principal, roles: &[Role]) -> Shape {
    let within = roles.iter().filter(|role| principal.reaches(&[**role]).is_ok());
    let said = |role: &Role| {
        let name = role.as_str();
        let words =
            w.with2("role-choice", "role", w.t(&format!("role-{name}")), "means", w.t(&format!("role-{name}-means")));
        (name.to_owned(), words)
    };
    Shape::Choice(within.map(said).collect())
}

/// `POST /admin/staff`.
pub async fn give_role_post(
    staff: May<GiveRoles>,
    State(app): State<App>,
    Posted(form): Posted<GiveForm>,
) -> Result<Response> {
    let w = staff.shell().w;
    let mut wrong = Wrong::default();
    match members::by_email(app.db.read(), &form.email).await? {
        None => wrong.note(w, "roles", "email"),
        Some(member) => {
            let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
            match service::give(&mut ch, &staff.principal, member.id, &form.role, &form.reason).await {
                Ok(true) => {
                    ch.commit().await?;
                    let owner = form.role == Role::Owner.as_str();
                    let done = if owner { "owner" } else { "given" };
                    return Ok(see_other(&format!("/admin/staff?done={done}&member={}", member.id)));
                }
                Ok(false) => {
                    ch.undo().await?;
                    return Ok(see_other("/admin/staff?done=held"));
                }
                Err(refused) => {
                    ch.undo().await?;
                    told(w, &mut wrong, refused)?;
                }
            }
        }
    }
    let page = page(&app, staff.shell(), &staff.principal, form, wrong).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// `POST /admin/staff/{id}/take`.
pub async fn take_role_post(
    staff: May<GiveRoles>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<TakeForm>,
) -> Result<Response> {
    let id: MemberId = member_id(&id)?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    match service::take(&mut ch, &staff.principal, id, &form.role, &form.reason).await {
        Ok(true) => {
            ch.commit().await?;
            Ok(see_other(&format!("/admin/staff?done=taken&member={id}")))
        }
        Ok(false) => {
            ch.undo().await?;
            Ok(see_other("/admin/staff?done=not-held"))
        }
        Err(refused) => {
            ch.undo().await?;
            let shell = staff.shell();
            let mut wrong = Wrong::default();
            told(shell.w, &mut wrong, refused)?;
            // The form that was sent stands in a line of the list: what is wrong is said above it.
            let wrong = Wrong(wrong.0.into_iter().map(|(_, text)| ("", text)).collect());
            let page = page(&app, shell, &staff.principal, GiveForm::default(), wrong).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

/// Puts a refusal into words beside the form; what is no mistake of the form stays an error.
fn told(w: Words, wrong: &mut Wrong, refused: Error) -> Result<()> {
    match refused.code() {
        Code::OwnRoles => wrong.0.push(("email", w.t("roles-wrong-own"))),
        Code::RoleAbove => wrong.0.push(("role", w.t("roles-wrong-above"))),
        Code::LastOwner => wrong.0.push(("", w.t("roles-wrong-last"))),
        Code::ValidationFailed if refused.faults().iter().any(|fault| fault.pointer == "/role") => {
            wrong.note(w, "roles", "role");
        }
        Code::ValidationFailed => wrong.note(w, "roles", "reason"),
        _ => return Err(refused),
    }
    Ok(())
}
