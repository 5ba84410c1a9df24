//! A credential inside other sites: a small card that may be framed, a badge picture that says how it stands, and oEmbed.
//!
//! The card is the one page that others may frame. It reads no session and sets no cookie; private and unknown answer alike.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use waymark_credential::verify::State as Standing;
use waymark_rendering::{Preview, Tone, live_badge};

use super::address;
use super::counted::Look;
use crate::access::Public;
use crate::app::App;
use crate::credentials::{self, Credential, Visibility};
use crate::error::{Code, Error, Fault, Result};
use crate::impact::{What, subject};
use crate::verification::{Asked, Checked, ReportView, Source, verify};
use crate::web::assets;
use crate::web::client::Client;
use crate::web::i18n::Words;
use crate::web::page::Page;
use crate::web::published::{Published, published};
use crate::{badges, issuer, tracks};

/// The card's size in CSS pixels: what the embed code and oEmbed say.
pub const WIDTH: u32 = 420;
pub const HEIGHT: u32 = 220;
const NARROWEST: u32 = 240;
/// How long others keep what says how a credential stands.
const FRESH_SECONDS: u32 = 300;

const CSP: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *";

#[derive(Template)]
#[template(path = "sharing/embed.html")]
struct Card {
    w: Words,
    report: ReportView,
    address: String,
    host: String,
    title: String,
    language: &'static str,
    issuer: String,
    badge: String,
    stylesheet: String,
    icons: String,
}

async fn shown(app: &App, share_id: &str) -> Result<Credential> {
    let known = credentials::by_share_id(app.db.read(), &share_id.to_lowercase()).await?;
    known.filter(|c| c.is_released() && c.visibility != Visibility::Private).ok_or_else(Error::not_found)
}

async fn checked(app: &App, credential: &Credential) -> Result<Checked> {
    let bytes = credentials::signed_json(app.db.read(), credential).await?.into_bytes();
    verify(app, Asked { source: Source::Bytes(bytes), recipient: None, look_up: false }).await
}

/// `GET /embed/{share_id}`.
pub async fn card(
    visitor: Public,
    State(app): State<App>,
    client: Client,
    Path(share_id): Path<String>,
    (method, uri): (Method, Uri),
) -> Result<Response> {
    let credential = shown(&app, &share_id).await?;
    let issuer = issuer::find(app.db.read(), credential.issuer).await?;
    let version = tracks::version(app.db.read(), credential.track_version).await?;
    let report = checked(&app, &credential).await?;
    let (w, document) = (visitor.visitor.words, Words::new(credential.locale));
    let card = Card {
        report: ReportView::of(&report, w, &issuer.profile.zone()),
        address: app.links.share(&credential.share_id),
        host: app.links.host().to_owned(),
        title: document.pick(&version.definition.title).to_owned(),
        language: document.lang(),
        issuer: w.pick(&issuer.profile.name).to_owned(),
        badge: format!("/achievements/{}/badge.svg?lang={}", credential.track, document.lang()),
        stylesheet: assets::url("waymark.css"),
        icons: assets::url("icons.svg"),
        w,
    };
    let mut response = Page(card).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    Ok(Look::of(&visitor, client, &method, &uri).counted(&app, &subject(&credential), What::Embed, response))
}

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// `GET /c/{share_id}/badge.svg`: the badge with its state in words, in the credential's language.
pub async fn live_badge_svg(
    visitor: Public,
    State(app): State<App>,
    client: Client,
    Path(share_id): Path<String>,
    (method, uri): (Method, Uri),
    headers: HeaderMap,
) -> Result<Response> {
    let credential = shown(&app, &share_id).await?;
    let issuer = issuer::find(app.db.read(), credential.issuer).await?;
    let version = tracks::version(app.db.read(), credential.track_version).await?;
    let report = checked(&app, &credential).await?;
    let words = Words::new(credential.locale);
    let view = ReportView::of(&report, words, &issuer.profile.zone());
    let picture = badges::picture(app.db.read(), &issuer, &version, credential.locale).await?;
    let title = words.pick(&version.definition.title);
    let svg = live_badge(&picture.svg, title, &view.word, tone(report.report.state()), badges::fonts()?);
    let mut response = published(&headers, Published::new("image/svg+xml", FRESH_SECONDS, svg.into_bytes()));
    // Whoever keeps it for others could keep showing what is private by now: only the reader's own cache.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=300"));
    Ok(Look::of(&visitor, client, &method, &uri).counted(&app, &subject(&credential), What::Embed, response))
}

fn tone(state: Standing) -> Tone {
    match state {
        Standing::Valid => Tone::Good,
        Standing::Expired | Standing::NotYetValid | Standing::Suspended => Tone::Caution,
        Standing::Revoked | Standing::Altered => Tone::Bad,
        Standing::Unknown => Tone::Open,
    }
}

/// The query of an oEmbed consumer.
#[derive(Debug, Default, Deserialize)]
pub struct OEmbedQuery {
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    maxwidth: Option<u32>,
    #[serde(default)]
    maxheight: Option<u32>,
}

/// `GET /oembed?url=…&format=json` (oembed.com §2.2).
pub async fn oembed(
    _: Public,
    State(app): State<App>,
    Query(query): Query<OEmbedQuery>,
    headers: HeaderMap,
) -> Result<Response> {
    let url = query.url.as_deref().ok_or_else(|| {
        Error::invalid(vec![Fault::new("/url", "missing_field", "name the address of a credential here: ?url=…")])
    })?;
    if query.format.as_deref().is_some_and(|format| format != "json") {
        return Err(Error::new(Code::NotImplemented));
    }
    let path = app.links.own_path(url).and_then(|path| path.split(['?', '#']).next());
    let name = path.and_then(|path| path.strip_prefix("/c/").or_else(|| path.strip_prefix("/C/")));
    let (share_id, _) = name.and_then(address::read).ok_or_else(Error::not_found)?;
    let credential = shown(&app, &share_id).await?;
    let issuer = issuer::find(app.db.read(), credential.issuer).await?;
    let version = tracks::version(app.db.read(), credential.track_version).await?;
    let words = Words::new(credential.locale);
    let title = words.pick(&version.definition.title);
    let width = query.maxwidth.unwrap_or(WIDTH).clamp(NARROWEST, WIDTH);
    let height = query.maxheight.unwrap_or(HEIGHT).min(HEIGHT);
    let address = app.links.share(&credential.share_id);
    let body = json!({
        "version": "1.0",
        "type": "rich",
        "title": title,
        "author_name": words.pick(&issuer.profile.name),
        "author_url": issuer.profile.url,
        "provider_name": words.pick(&issuer.profile.name),
        "provider_url": app.links.base(),
        "cache_age": FRESH_SECONDS,
        "thumbnail_url": format!("{address}.og.png"),
        "thumbnail_width": Preview::WIDTH,
        "thumbnail_height": Preview::HEIGHT,
        "html": frame(&app, &credential, title, width, height),
        "width": width,
        "height": height,
    });
    let mut response =
        published(&headers, Published::new("application/json", FRESH_SECONDS, serde_json::to_vec(&body)?));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=300"));
    Ok(response)
}

/// The embed code: a frame with the card.
pub fn frame(app: &App, credential: &Credential, title: &str, width: u32, height: u32) -> String {
    let source = escaped(&app.links.to(&format!("/embed/{}", credential.share_id)));
    let title = escaped(title);
    format!(r#"<iframe src="{source}" title="{title}" width="{width}" height="{height}" loading="lazy"></iframe>"#)
}

/// The embed code without a frame: the badge that says how it stands, as a link.
pub fn linked_badge(app: &App, credential: &Credential, title: &str) -> String {
    let address = escaped(&app.links.share(&credential.share_id));
    let title = escaped(title);
    format!(r#"<a href="{address}"><img src="{address}/badge.svg" alt="{title}" width="256" height="300"></a>"#)
}

/// The address at which this credential's oEmbed is asked for.
pub fn discovery(app: &App, address: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("url", address)
        .append_pair("format", "json")
        .finish();
    app.links.to(&format!("/oembed?{query}"))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
