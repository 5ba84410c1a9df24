//! `POST /api/v1/verifications`: public, no key, no session.

use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::HeaderName;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::Value;
use waymark_credential::verify::RecipientAsked;

use super::service::{Asked, Source, counted, verify};
use super::view::report_json;
use crate::access::Public;
use crate::app::{App, Limit};
use crate::error::{Error, Fault, Result};
use crate::issuer;
use crate::web::client::Client;
use crate::web::input;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    #[serde(default)]
    credential: Option<Value>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    number: Option<String>,
    #[serde(default)]
    check_code: Option<String>,
    #[serde(default)]
    recipient: Option<RecipientBody>,
    /// Whether keys and lists of foreign issuers may be fetched; they are where an address is given.
    #[serde(default)]
    look_up: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecipientBody {
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    name: Option<String>,
}

pub async fn verify_call(
    who: Public,
    State(app): State<App>,
    client: Client,
    request: Request,
) -> Result<impl IntoResponse> {
    client.spend(&app, Limit::Verification)?;
    let asked = read(request, &app).await?;
    if asked.is_guessable() {
        client.spend(&app, Limit::Guessable)?;
    }
    let checked = verify(&app, asked).await?;
    counted(&app, &client, &checked, who.principal.member()).await?;
    let zone = issuer::zone(app.db.read()).await?;
    let body = report_json(&checked, who.visitor.words, &zone);
    Ok(([(HeaderName::from_static("access-control-allow-origin"), "*")], axum::Json(body)))
}

async fn read(request: Request, app: &App) -> Result<Asked> {
    match input::content_type(request.headers()) {
        "multipart/form-data" => from_parts(request, app).await,
        _ => {
            input::require_type(request.headers(), &["application/json", "multipart/form-data"])?;
            let bytes = input::body(request, app).await?;
            from_json(&bytes)
        }
    }
}

/// The inside of `credential` keeps its bytes' meaning: a text is passed on as it is, an object is cut out of the request without being
/// rewritten, so that duplicate keys inside it are seen by the verifier.
fn from_json(bytes: &[u8]) -> Result<Asked> {
    let raw = raw_credential(bytes);
    let body: Body = input::parse(bytes)?;
    let given = [body.credential.is_some(), body.url.is_some(), body.number.is_some()].iter().filter(|g| **g).count();
    if given != 1 {
        return Err(Error::invalid(vec![Fault::new(
            "",
            "one_source",
            "send exactly one of `credential`, `url`, or `number` with `check_code` or `recipient.name`",
        )]));
    }
    let by_address = body.url.is_some();
    let source = match (body.credential, body.url, body.number) {
        (Some(Value::String(text)), ..) => Source::Bytes(text.into_bytes()),
        (Some(value @ Value::Object(_)), ..) => {
            Source::Bytes(raw.map_or_else(|| value.to_string().into_bytes(), |r| r.as_bytes().to_vec()))
        }
        (Some(_), ..) => {
            return Err(Error::invalid(vec![Fault::new(
                "/credential",
                "invalid_value",
                "send the credential as an object, or its JWT as a string",
            )]));
        }
        (None, Some(url), _) => Source::Url(url),
        (None, None, number) => {
            let number = number.unwrap_or_default();
            match (body.check_code, body.recipient.as_ref().and_then(|r| r.name.clone())) {
                (Some(check_code), _) => Source::Number { number, check_code },
                (None, Some(name)) => Source::NamedNumber { number, name },
                (None, None) => {
                    let detail = "`check_code` is missing; with `recipient.name`, what is public opens without it";
                    return Err(Error::invalid(vec![Fault::new("", "missing_field", detail)]));
                }
            }
        }
    };
    let recipient = body.recipient.map(|r| RecipientAsked { email: r.email, name: r.name });
    Ok(Asked { source, recipient, look_up: body.look_up.unwrap_or(by_address) })
}

/// The text of the `credential` member as it was sent.
fn raw_credential(bytes: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Outer<'r> {
        #[serde(borrow)]
        credential: Option<&'r serde_json::value::RawValue>,
    }
    serde_json::from_slice::<Outer<'_>>(bytes).ok()?.credential.map(|raw| raw.get().to_owned())
}

async fn from_parts(request: Request, app: &App) -> Result<Asked> {
    let mut parts = Multipart::from_request(request, app).await.map_err(|e| Error::malformed(e.body_text()))?;
    let (mut source, mut recipient, mut look_up) = (None, RecipientAsked::default(), false);
    while let Some(part) = parts.next_field().await.map_err(|e| input::unread_part(&e))? {
        let name = part.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "file" => source = Some(Source::Bytes(part.bytes().await.map_err(|e| input::unread_part(&e))?.to_vec())),
            "email" => recipient.email = Some(text_of(part).await?).filter(|t| !t.is_empty()),
            "name" => recipient.name = Some(text_of(part).await?).filter(|t| !t.is_empty()),
            "look_up" => look_up = text_of(part).await? == "true",
            _ => {
                return Err(Error::invalid(vec![Fault::new(
                    format!("/{name}"),
                    "unknown_field",
                    "use file, email, name, look_up",
                )]));
            }
        }
    }
    let source =
        source.ok_or_else(|| Error::invalid(vec![Fault::new("/file", "missing_field", "`file` is missing")]))?;
    Ok(Asked { source, recipient: Some(recipient), look_up })
}

async fn text_of(part: Field<'_>) -> Result<String> {
    let name = part.name().unwrap_or_default().to_owned();
    input::part_text(&name, part.text().await.map_err(|e| input::unread_part(&e))?)
}
