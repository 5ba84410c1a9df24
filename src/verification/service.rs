//! One verification from input to report.

use std::fmt;

use waymark_credential::Timestamp;
use waymark_credential::verify::{Policy, RecipientAsked, Report, TrustedIssuer, Unreadable, Verification};

use super::resolver;
use crate::app::App;
use crate::credentials::{self, Visibility};
use crate::error::{Code, Error, Fault, Result};
use crate::issuer;

/// What is to be verified.
#[derive(Debug, Clone)]
pub enum Source {
    /// A file or pasted text: PNG, SVG, JSON or compact JWS.
    Bytes(Vec<u8>),
    /// An address: one of ours, or a foreign one.
    Url(String),
    /// The printed number with its check code.
    Number { number: String, check_code: String },
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Asked {
    pub source: Source,
    pub recipient: Option<RecipientAsked>,
    /// Whether keys and lists of foreign issuers may be fetched.
    pub look_up: bool,
}

impl Asked {
    /// Whether asking again and again could find something out: a check code, or whose credential it is.
    pub fn is_guessable(&self) -> bool {
        let names_somebody = |asked: &RecipientAsked| asked.email.is_some() || asked.name.is_some();
        matches!(self.source, Source::Number { .. }) || self.recipient.as_ref().is_some_and(names_somebody)
    }
}

/// A report with the time at which it was made.
pub struct Checked {
    pub report: Report,
    pub at: Timestamp,
}

/// The media types asked for when an address is opened.
const ACCEPT: &str = "application/vc+jwt, application/vc, application/ld+json, application/json, image/png";

/// Verifies. What is no credential at all is an error; everything else has a report.
pub async fn verify(app: &App, asked: Asked) -> Result<Checked> {
    let now = app.db.now();
    let bytes = match asked.source {
        Source::Bytes(bytes) => bytes,
        Source::Url(url) => opened(app, url.trim()).await?,
        Source::Number { number, check_code } => numbered(app, &number, &check_code).await?,
    };
    let policy =
        Policy { recipient: asked.recipient.filter(|r| r.email.is_some() || r.name.is_some()), ..policy(app).await? };
    let opened = app.workbench.run(move || Verification::open(&bytes, &policy, now)).await?;
    let mut verification = opened.map_err(|e| unreadable(&e))?;
    while let Some(want) = verification.wants().first().cloned() {
        let supply = resolver::resolve(app, &want, asked.look_up, now).await?;
        let supplied = move || {
            verification.supply(&want, supply);
            verification
        };
        verification = app.workbench.run(supplied).await?;
    }
    Ok(Checked { report: verification.report(), at: now })
}

/// What this installation knows of issuers and keys: its own, those of test interfaces, those on its trust list.
pub(super) async fn policy(app: &App) -> Result<Policy> {
    let identity = issuer::identity(app.db.read(), &app.config).await.ok();
    let own = identity.as_ref().map(|own| own.did().to_owned());
    let names = issuer::default_issuer(app.db.read()).await?.map(|issuer| issuer.profile.name).unwrap_or_default();
    let known = |id: &String| {
        let names =
            names.values().map(|name| TrustedIssuer { id: id.clone(), name: name.clone(), ..TrustedIssuer::default() });
        names.collect::<Vec<_>>()
    };
    let mut trusted_issuers = own.as_ref().map(known).unwrap_or_default();
    trusted_issuers.extend(issuer::known_issuers(app.db.read()).await?.into_iter().map(|known| TrustedIssuer {
        id: known.issuer,
        name: known.name,
        since: Some(known.since),
        keys: known.keys,
    }));
    Ok(Policy {
        trusted_issuers,
        own_issuers: own.into_iter().collect(),
        own_keys: identity.map(|own| own.own_keys()).unwrap_or_default(),
        conformance_issuers: issuer::conformance_dids(app.db.read()).await?,
        ..Policy::product()
    })
}

/// The signed bytes behind an address. A private credential of ours answers like one that never was.
async fn opened(app: &App, url: &str) -> Result<Vec<u8>> {
    if let Some(path) = app.links.own_path(url) {
        let name = path.split(['?', '#']).next().unwrap_or_default();
        let share_id = name.strip_prefix("/c/").map(|rest| rest.split('.').next().unwrap_or_default().to_lowercase());
        if let Some(share_id) = share_id
            && let Some(credential) = credentials::by_share_id(app.db.read(), &share_id).await?
            && credential.visibility != Visibility::Private
            && credential.is_released()
        {
            return Ok(credentials::signed_json(app.db.read(), &credential).await?.into_bytes());
        }
        return Err(nothing_there("no_such_address"));
    }
    match app.connector.fetch(url, ACCEPT).await {
        Ok(bytes) => Ok(bytes),
        Err(e) => {
            let reason = format!("fetch_{}", e.code());
            Err(Error::invalid(vec![Fault::new("/url", "not_fetched", e.to_string())]).member("reason", reason))
        }
    }
}

/// The number alone opens nothing: numbers can be walked, check codes cannot.
async fn numbered(app: &App, number: &str, check_code: &str) -> Result<Vec<u8>> {
    let credential = credentials::by_number(app.db.read(), number.trim()).await?;
    match credential {
        Some(c) if c.is_released() && same_code(&c.check_code, check_code) => {
            Ok(credentials::signed_json(app.db.read(), &c).await?.into_bytes())
        }
        _ => Err(nothing_there("no_such_number")),
    }
}

fn same_code(stored: &str, given: &str) -> bool {
    use subtle::ConstantTimeEq as _;
    let given = given.trim().to_uppercase();
    bool::from(stored.to_uppercase().as_bytes().ct_eq(given.as_bytes()))
}

fn nothing_there(reason: &str) -> Error {
    Error::new(Code::NoCredential)
        .with("reason", "there is no public credential at this address or under this number")
        .member("reason", reason)
}

fn unreadable(e: &Unreadable) -> Error {
    Error::new(Code::NoCredential).with("reason", e.to_string()).member("reason", e.code())
}

impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checked({})", self.report.state().as_str())
    }
}
