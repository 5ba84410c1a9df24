//! `/admin/settings`: who issues here, by which calendar, in which languages; and the first signing keys.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::enrol_page::languages;
use super::settings::{SettingsForm, mark};
use crate::access::{ApplyProgram, ManageKeys, May, Permission as _, Posted, Principal};
use crate::app::App;
use crate::database::Kind;
use crate::error::{Code, Result};
use crate::issuer::{self, NotIssuing};
use crate::program;
use crate::web::form::{Field, Shape, Wrong};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};

#[derive(Template)]
#[template(path = "people/settings.html")]
struct SettingsPage {
    shell: Shell,
    /// Nobody is named as issuer yet.
    empty: bool,
    who: Vec<Field>,
    calendar: Vec<Field>,
    certificate: Vec<Field>,
    seen: String,
    /// Names of time zones to choose from; any other can be typed.
    zones: &'static [&'static str],
    wrong: Wrong,
    done: Option<String>,
    keys: KeysHere,
    may_make_keys: bool,
}

/// Whether something can be signed.
struct KeysHere {
    /// What stands in the way, in words.
    off: Option<String>,
    /// Making keys would help.
    missing: bool,
}

const ZONES: &[&str] = &[
    "Asia/Tokyo",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Kolkata",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Paris",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "UTC",
];

#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// `GET /admin/settings`.
pub async fn settings_page(
    staff: May<ApplyProgram>,
    State(app): State<App>,
    Query(done): Query<Done>,
) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let known = issuer::default_issuer(app.db.read()).await?.map(|issuer| issuer.profile);
    let form = match &known {
        Some(profile) => SettingsForm { seen: mark(Some(profile))?, ..SettingsForm::of(profile) },
        None => SettingsForm::beginning(app.links.base(), shell.w.locale),
    };
    let mut page = page(&app, shell, &staff.principal, &form, Wrong::default()).await?;
    page.done = ["saved", "same", "keys"]
        .contains(&&*done.done)
        .then(|| page.shell.w.t(&format!("settings-done-{}", done.done)));
    Ok(Page(page))
}

async fn page(app: &App, shell: Shell, by: &Principal, form: &SettingsForm, wrong: Wrong) -> Result<SettingsPage> {
    let w = shell.w;
    let field = |id, value: &str| Field::new(w, "settings", id, value, &wrong);
    let words = |key: &str, names: &[(&str, &str)]| {
        Shape::Choice(names.iter().map(|(value, name)| ((*value).to_owned(), w.t(&format!("{key}-{name}")))).collect())
    };
    let who = vec![
        field("name_ja", &form.name_ja).at_most(200).written_in("ja"),
        field("name_en", &form.name_en).at_most(200).written_in("en"),
        field("url", &form.url).required().at_most(500).of(Shape::Line("url")),
        field("email", &form.email).at_most(254).of(Shape::Line("email")),
        field("linkedin", &form.linkedin).at_most(20),
    ];
    let calendar = vec![
        field("time_zone", &form.time_zone).required().at_most(60).suggesting("zones"),
        field("first", &form.first).of(languages(w)),
        field("both", &form.both).of(Shape::Tick),
        field("number_format", &form.number_format).required().at_most(60),
    ];
    let honorifics = [("", "usual"), ("殿", "dono"), ("様", "sama"), ("none", "none")];
    let certificate = vec![
        field("dates", &form.dates).of(words("settings-dates", &[("western", "western"), ("era", "era")])),
        field("honorific", &form.honorific).of(words("settings-honorific", &honorifics)),
    ];
    Ok(SettingsPage {
        empty: issuer::default_issuer(app.db.read()).await?.is_none(),
        who,
        calendar,
        certificate,
        seen: form.seen.clone(),
        zones: ZONES,
        wrong,
        done: None,
        keys: keys_here(app, w).await,
        may_make_keys: by.holds(ManageKeys::ROLES),
        shell,
    })
}

async fn keys_here(app: &App, w: Words) -> KeysHere {
    match issuer::keyring(app).await {
        Ok(_) => KeysHere { off: None, missing: false },
        Err(NotIssuing::NoKey(_)) => KeysHere { off: Some(w.t("settings-keys-none")), missing: true },
        Err(NotIssuing::BaseUrl(base)) => {
            KeysHere { off: Some(w.with1("settings-keys-base", "base", base)), missing: false }
        }
        Err(why) => KeysHere { off: Some(w.with1("keys-off", "why", why.to_string())), missing: false },
    }
}

/// `POST /admin/settings`.
pub async fn settings_post(
    staff: May<ApplyProgram>,
    State(app): State<App>,
    Posted(mut form): Posted<SettingsForm>,
) -> Result<Response> {
    let shell = staff.shell();
    let mut wrong = Wrong::default();
    match form.read() {
        Err(fields) => fields.into_iter().for_each(|field| wrong.note(shell.w, "settings", field)),
        Ok(profile) => {
            let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
            ch.take_turn("settings").await?;
            let known = issuer::default_issuer(ch.tx()).await?.map(|issuer| issuer.profile);
            if mark(known.as_ref())? != form.seen {
                ch.undo().await?;
                form.seen = mark(known.as_ref())?;
                wrong.0.push(("", shell.w.t("settings-changed-since")));
            } else if program::apply_settings(&mut ch, &profile).await? {
                ch.commit().await?;
                return Ok(see_other("/admin/settings?done=saved"));
            } else {
                ch.undo().await?;
                return Ok(see_other("/admin/settings?done=same"));
            }
        }
    }
    let page = page(&app, shell, &staff.principal, &form, wrong).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

#[derive(Deserialize)]
pub struct Nothing {}

/// `POST /admin/settings/keys`: the keys that are missing, as `waymark key generate` makes them.
pub async fn make_keys_post(staff: May<ManageKeys>, State(app): State<App>, _: Posted<Nothing>) -> Result<Response> {
    match issuer::generate_keys(&app, staff.actor()).await {
        Ok(_) => {}
        // Somebody was faster, or the button was pressed twice.
        Err(e) if e.code() == Code::Conflict => {}
        Err(e) => return Err(e),
    }
    Ok(see_other("/admin/settings?done=keys#keys"))
}
