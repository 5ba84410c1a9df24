//! One credential, as it is named on the command line, and as it is printed.

use super::{Context, Exit, Failure, Outcome, say};
use crate::app::App;
use crate::credentials::{self, Credential, ReasonCode, Status};
use crate::error::{Code, Error, Result};
use crate::ids::CredentialId;

/// By id, share id, address or number.
///
/// # Errors
/// Not found, with what was looked for, where, and how to name one.
pub(super) async fn find(app: &App, text: &str) -> std::result::Result<Credential, Failure> {
    if let Some(known) = known(app, text).await? {
        return Ok(known);
    }
    let config = &app.config;
    let place = match config.database_url() {
        url if url.starts_with("sqlite") => format!("in {}", config.data_dir.display()),
        _ => "in the database".to_owned(),
    };
    let advice = if text.contains("/s/") {
        "this is the address of a selection: name one of the credentials in it, by its own address (…/c/…), number or id"
    } else {
        "name it by its id (crd_…), its number, its share id or the address of its page (…/c/…); `--data DIR` names another data folder"
    };
    Err(Failure::new(Exit::NotFound, format!("there is no credential `{text}` {place}\n{advice}")))
}

async fn known(app: &App, text: &str) -> Result<Option<Credential>> {
    if let Ok(id) = text.parse::<CredentialId>() {
        return match credentials::find(app.db.read(), id).await {
            Err(e) if e.code() == Code::NotFound => Ok(None),
            found => found.map(Some),
        };
    }
    let share_id = text.rsplit('/').next().unwrap_or(text).split(['.', '?']).next().unwrap_or(text);
    match credentials::by_share_id(app.db.read(), share_id).await? {
        Some(known) => Ok(Some(known)),
        None => credentials::by_number(app.db.read(), text).await,
    }
}

pub(super) async fn print(context: &Context, app: &App, known: &Credential) -> Outcome {
    let body = serde_json::to_value(credentials::described(app, known).await?).map_err(Error::from)?;
    let said = |name: &str| body[name].as_str().unwrap_or("–").to_owned();
    // Released is every one that was ever signed: how it stands today is what is asked.
    let stands = match known.status {
        Status::Valid if known.has_expired(app.db.now()) => Some("expired"),
        Status::Valid => None,
        Status::Suspended => Some("suspended"),
        Status::Revoked => Some("revoked"),
    };
    let text = format!(
        "{}{}  {}  {}\n{}\n{} {}  awarded {}  until {}\n{}",
        said("state"),
        stands.map(|word| format!(", {word}")).unwrap_or_default(),
        said("number"),
        said("check_code"),
        said("url"),
        said("track_slug"),
        known.name,
        said("awarded_at"),
        said("valid_until"),
        known.id
    );
    if body["status_published"] == false {
        say(
            "the signed status list does not say so yet: other verifiers learn it once the list is signed anew; see waymark doctor",
        );
    }
    context.print(&body, &text);
    Ok(Exit::Ok)
}

pub(super) fn reason_code(text: &str) -> std::result::Result<ReasonCode, String> {
    let known: Vec<&str> = ReasonCode::ALL.iter().map(|code| code.as_str()).collect();
    ReasonCode::parse(text).ok_or_else(|| format!("use one of {}", known.join(", ")))
}
