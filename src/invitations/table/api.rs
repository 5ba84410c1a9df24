//! `POST /api/v1/members/import`, and inviting everybody of a table.

use axum::extract::{Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::inviting::invite_all;
use super::sheet::Settings;
use super::work::{self, Tried};
use crate::access::{EnrolMembers, LinkHandles, May, NotKept, Permission as _, Principal};
use crate::app::App;
use crate::database::pagination::Listed;
use crate::error::{Error, Fault, Result};
use crate::invitations::by_staff::How;
use crate::issuer;
use crate::tables::{self, FileSettings, call};
use crate::web::i18n::Locale;
use crate::web::input::Json;

/// What the address says about the body.
#[derive(Debug, Default, Deserialize)]
pub struct ImportQuery {
    /// The language of people whose row names none.
    #[serde(default)]
    locale: Option<String>,
    #[serde(default)]
    encoding: Option<String>,
    #[serde(default)]
    dry_run: bool,
}

/// The settings of a file whose columns are taken by their names.
pub(super) async fn settings(
    app: &App,
    who: &Principal,
    locale: Option<&str>,
    encoding: Option<&str>,
    name: &str,
    bytes: &[u8],
) -> Result<Settings> {
    let mut faults = vec![];
    let language = match locale.map(str::trim).filter(|tag| !tag.is_empty()) {
        None => issuer::language(app.db.read()).await?,
        Some(tag) => Locale::parse(tag).unwrap_or_else(|| {
            faults.push(Fault::new("/locale", "unknown_locale", "use `ja` or `en`"));
            Locale::En
        }),
    };
    let encoding = call::named_encoding(encoding, &mut faults);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    Ok(Settings {
        language: language.as_str().to_owned(),
        handles: who.holds(LinkHandles::ROLES),
        file: FileSettings::of(name, encoding, bytes),
    })
}

/// A table of people → 202 with the work that was started and what becomes of each row; a dry run answers 200 with the rows alone.
pub async fn import_call(
    may: May<EnrolMembers>,
    State(app): State<App>,
    Query(query): Query<ImportQuery>,
    request: Request,
) -> Result<Response> {
    let bytes = call::body(request).await?;
    let (locale, encoding) = (query.locale.as_deref(), query.encoding.as_deref());
    let settings = settings(&app, &may.principal, locale, encoding, "", &bytes).await?;
    let tried = work::try_out(&app, &bytes, &settings).await?;
    let tried = tried.map_err(|wrong| tables::refused(&wrong))?;
    let rows: Vec<_> = tried.iter().map(Tried::report).collect();
    if query.dry_run {
        return Ok(call::dry_run(&rows));
    }
    let id = work::prepare(&app, may.actor(), &settings, vec![]).await?;
    work::start(&app, may.actor(), id, &settings, &tried).await?;
    Ok(call::started(id, &rows))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteTableBody {
    how: How,
}

/// `POST /api/v1/members/import/{job}/invitations`: invites everybody of the table who never signed in.
pub async fn invite_table_call(
    may: May<EnrolMembers>,
    State(app): State<App>,
    Path(job): Path<String>,
    Json(asked): Json<InviteTableBody>,
) -> Result<impl IntoResponse> {
    let job = tables::of_path::<Settings>(&app, &job).await?;
    let made = invite_all(&app, may.actor(), &job, asked.how.checked(&app)?).await?;
    let data: Vec<_> = made
        .into_iter()
        .map(|row| json!({"id": row.invitation, "member": row.member, "name": row.name, "email": row.email, "url": row.link}))
        .collect();
    // Secrets are shown once: no kept answer may show them again.
    Ok((axum::Extension(NotKept), axum::Json(Listed::whole(data))))
}
