//! `/me/profile`: where the member makes it, publishes it and ends it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::service;
use crate::access::{Posted, SignedIn};
use crate::app::App;
use crate::credentials;
use crate::database::Kind;
use crate::error::{Code, Error, Fault, Result};
use crate::selections::Step;
use crate::sharing::shown::{self, ShownCredential};
use crate::web::page::{Page, Shell, see_other};

/// One credential of the member's, and whether it stands on the profile.
struct Choice {
    line: ShownCredential,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "sharing/profile_own.html")]
struct OwnProfilePage {
    shell: Shell,
    handle: String,
    about: String,
    found: bool,
    published: bool,
    address: String,
    host: String,
    /// What stands there, in order, private ones too: they are told apart.
    entries: Vec<ShownCredential>,
    choices: Vec<Choice>,
    /// What is wrong, each with the field it belongs to.
    faults: Vec<(String, String)>,
}

impl OwnProfilePage {
    /// The fault of a field, in words.
    fn fault(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|(of, _)| of == field).map(|(_, text)| text.as_str())
    }
}

/// `GET /me/profile`.
pub async fn profile_page(me: SignedIn, State(app): State<App>) -> Result<impl IntoResponse> {
    Ok(Page(page(&app, &me, None, &[]).await?))
}

async fn page(app: &App, me: &SignedIn, typed: Option<WriteForm>, faults: &[Fault]) -> Result<OwnProfilePage> {
    let shell = me.shell();
    let (db, now) = (app.db.read(), app.db.now());
    let profile = service::of_member(db, me.member).await?;
    let ids = service::chosen(db, me.member).await?;
    let standing = service::standing(db, &ids).await?;
    let mut entries = vec![];
    for (id, today) in &standing {
        // The forms speak of what was chosen, the line of what stands there.
        entries.push(ShownCredential { id: id.to_string(), ..shown::own_line(db, shell.w, today, now).await? });
    }
    let mut choices = vec![];
    for known in credentials::of_member(db, me.member).await? {
        let chosen = standing.iter().any(|(_, today)| today.id == known.id);
        if credentials::standing_for(db, known.clone()).await?.id == known.id {
            choices.push(Choice { line: shown::own_line(db, shell.w, &known, now).await?, chosen });
        }
    }
    let address = profile.handle.as_deref().map(|handle| app.links.profile(handle)).unwrap_or_default();
    let typed = typed.unwrap_or_else(|| WriteForm {
        handle: profile.handle.clone().unwrap_or_default(),
        about: profile.about.clone(),
        found: profile.found.then(|| "yes".to_owned()),
    });
    let told = |fault: &Fault| {
        let key = format!("profile-fault-{}", fault.code.replace('_', "-"));
        (fault.pointer.trim_start_matches('/').to_owned(), shell.w.t(&key))
    };
    Ok(OwnProfilePage {
        handle: typed.handle,
        about: typed.about,
        found: typed.found.is_some(),
        published: profile.published_at.is_some(),
        address,
        host: app.links.host().to_owned(),
        entries,
        choices,
        faults: faults.iter().map(told).collect(),
        shell,
    })
}

/// The form again with what is wrong; anything but wrong fields is an error of its own.
async fn again(app: &App, me: &SignedIn, typed: Option<WriteForm>, error: Error) -> Result<Response> {
    if error.code() != Code::ValidationFailed {
        return Err(error);
    }
    let mut response = Page(page(app, me, typed, error.faults()).await?).into_response();
    *response.status_mut() = error.code().status();
    Ok(response)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteForm {
    handle: String,
    #[serde(default)]
    about: String,
    #[serde(default)]
    found: Option<String>,
}

/// `POST /me/profile`: handle, text, whether it may be found.
pub async fn write_profile(me: SignedIn, State(app): State<App>, Posted(form): Posted<WriteForm>) -> Result<Response> {
    let mut ch = app.db.change(me.actor(), Kind::Ordinary).await?;
    let found = form.found.is_some();
    match service::write(&mut ch, &me.principal, app.config.demo, &form.handle, &form.about, found).await {
        Ok(()) => ch.commit().await?,
        Err(error) => {
            ch.undo().await?;
            return again(&app, &me, Some(form), error).await;
        }
    }
    Ok(see_other("/me/profile"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChooseForm {
    #[serde(default)]
    credential: Vec<String>,
}

/// `POST /me/profile/credentials`: what stands there.
pub async fn choose_entries(
    me: SignedIn,
    State(app): State<App>,
    Posted(form): Posted<ChooseForm>,
) -> Result<Response> {
    let mut ch = app.db.change(me.actor(), Kind::Ordinary).await?;
    match service::choose(&mut ch, &me.principal, app.config.demo, &form.credential).await {
        Ok(()) => ch.commit().await?,
        Err(error) => {
            ch.undo().await?;
            return again(&app, &me, None, error).await;
        }
    }
    Ok(see_other("/me/profile#order"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderForm {
    credential: String,
    step: String,
}

/// `POST /me/profile/order`: one of them up or down.
pub async fn order_entries(me: SignedIn, State(app): State<App>, Posted(form): Posted<OrderForm>) -> Result<Response> {
    let step = Step::parse(&form.step)
        .ok_or_else(|| Error::invalid(vec![Fault::new("/step", "unknown_word", "use up or down")]))?;
    let mut ch = app.db.change(me.actor(), Kind::Ordinary).await?;
    service::order(&mut ch, &me.principal, app.config.demo, &form.credential, step).await?;
    ch.commit().await?;
    Ok(see_other("/me/profile#order"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoFields {}

/// `POST /me/profile/publish`.
pub async fn publish_profile(me: SignedIn, State(app): State<App>, Posted(_): Posted<NoFields>) -> Result<Response> {
    let mut ch = app.db.change(me.actor(), Kind::Ordinary).await?;
    match service::publish(&mut ch, &me.principal, app.config.demo).await {
        Ok(()) => ch.commit().await?,
        Err(error) => {
            ch.undo().await?;
            return again(&app, &me, None, error).await;
        }
    }
    Ok(see_other("/me/profile"))
}

/// `POST /me/profile/end`.
pub async fn end_profile(me: SignedIn, State(app): State<App>, Posted(_): Posted<NoFields>) -> Result<Response> {
    let mut ch = app.db.change(me.actor(), Kind::Ordinary).await?;
    service::end(&mut ch, &me.principal, app.config.demo).await?;
    ch.commit().await?;
    Ok(see_other("/me/profile"))
}
