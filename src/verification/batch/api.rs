//! `POST /api/v1/verifications/batch`: public, no key, no session.

use axum::extract::State;
use axum::http::HeaderName;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};
use waymark_credential::verify::RecipientAsked;

use super::MOST;
use super::picked::{self, TooMany};
use super::run::{Item, count, run};
use crate::access::Public;
use crate::app::{App, Limit};
use crate::clock::rfc3339;
use crate::error::{Error, Fault, Result};
use crate::issuer;
use crate::verification::address::{self, Address};
use crate::verification::recipient;
use crate::verification::service::{Asked, Source};
use crate::verification::view::report_json;
use crate::web::client::Client;
use crate::web::input::Json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchBody {
    rows: Vec<Value>,
    /// Whether what others serve may be fetched.
    #[serde(default)]
    look_up: bool,
}

/// One row. What is wrong in it is told in its answer, so that it is read loosely and named strictly.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowBody {
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    number: Option<String>,
    #[serde(default)]
    check_code: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    credential: Option<Value>,
}

pub async fn batch_call(
    who: Public,
    State(app): State<App>,
    client: Client,
    Json(body): Json<BatchBody>,
) -> Result<impl IntoResponse> {
    if body.rows.is_empty() || body.rows.len() > MOST {
        let detail = format!("send 1 to {MOST} rows; these are {}", body.rows.len());
        return Err(Error::invalid(vec![Fault::new("/rows", "out_of_range", detail)]));
    }
    client.spend_many(&app, Limit::Verification, u32::try_from(body.rows.len()).unwrap_or(u32::MAX))?;
    let look_up = body.look_up;
    let items = body.rows.into_iter().enumerate().map(|(n, row)| item(&app, n + 1, row, look_up)).collect();
    let items = picked::opened(&app, &client, items).await?.map_err(|TooMany(n)| {
        let detail = format!("with what is in its selections this list has {n} credentials; send at most {MOST}");
        Error::invalid(vec![Fault::new("/rows", "out_of_range", detail)])
    })?;
    let outcomes = run(&app, &client, items).await;
    count(&app, &client, &outcomes, who.principal.member()).await?;
    let zone = issuer::zone(app.db.read()).await?;
    let rows = outcomes.iter().map(|outcome| {
        let mut row = match &outcome.found {
            Ok(checked) => report_json(checked, who.visitor.words, &zone),
            Err(fault) => json!({"problem": fault.json()}),
        };
        row["row"] = json!(outcome.at);
        if let Some(same) = outcome.same_as {
            row["same_as"] = json!(same);
        }
        row
    });
    let answer = json!({"checked_at": rfc3339(app.db.now()), "rows": rows.collect::<Vec<_>>()});
    Ok(([(HeaderName::from_static("access-control-allow-origin"), "*")], axum::Json(answer)))
}

fn item(app: &App, at: usize, row: Value, look_up: bool) -> Item {
    let read = serde_json::from_value::<RowBody>(row);
    let fits = |row: &RowBody| row.name.as_ref().is_none_or(|name| name.len() <= recipient::LONGEST);
    let read = read.ok().filter(fits).ok_or("row_malformed");
    let source = read.as_ref().map_err(|fault| *fault).and_then(|row| source(app, row, look_up));
    let key = source.as_ref().ok().map(|source| match source {
        Source::Url(url) => match address::read(&app.links, url) {
            Address::Own(share_id) => format!("c {share_id}"),
            _ => format!("a {url}"),
        },
        other => format!("{other:?}"),
    });
    let name = read.ok().and_then(|row| row.name);
    let recipient = name.map(|name| RecipientAsked { email: None, name: Some(name) });
    Item {
        at,
        given: String::new(),
        key,
        is_guess: matches!(source, Ok(Source::Number { .. } | Source::NamedNumber { .. })),
        asked: source.map(|source| Asked { source, recipient, look_up }),
    }
}

fn source(app: &App, row: &RowBody, look_up: bool) -> std::result::Result<Source, &'static str> {
    match (&row.url, &row.number, &row.credential) {
        (Some(url), None, None) => match address::read(&app.links, url) {
            Address::Foreign(_) if !look_up => Err("line_other_site"),
            Address::Unreadable | Address::Refused => Err("fetch_refused"),
            _ => Ok(Source::Url(url.clone())),
        },
        (None, Some(number), None) => match (&row.check_code, &row.name) {
            (Some(code), _) => Ok(Source::Number { number: number.clone(), check_code: code.clone() }),
            (None, Some(name)) => Ok(Source::NamedNumber { number: number.clone(), name: name.clone() }),
            (None, None) => Err("line_no_check_code"),
        },
        (None, None, Some(Value::String(text))) => Ok(Source::Bytes(text.clone().into_bytes())),
        (None, None, Some(document @ Value::Object(_))) => Ok(Source::Bytes(document.to_string().into_bytes())),
        _ => Err("row_malformed"),
    }
}
