//! One verification from input to report.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use waymark_credential::Timestamp;
use waymark_credential::verify::{Policy, RecipientAsked, Report, TrustedIssuer, Unreadable, Verification};

use super::absent::nothing_there;
use super::address::{self, Address};
use super::resolver::{self, Fetched};
use super::{number, recipient, recognized};
use crate::app::App;
use crate::credentials::{self, Visibility};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::MemberId;
use crate::impact::{self, What};
use crate::issuer;
use crate::tracks::Kind;
use crate::web::client::Client;

/// What is to be verified.
#[derive(Debug, Clone)]
pub enum Source {
    /// A file or pasted text: PNG, SVG, JSON or compact JWS.
    Bytes(Vec<u8>),
    /// An address: one of ours, or a foreign one.
    Url(String),
    /// The printed number with its check code.
    Number { number: String, check_code: String },
    /// The printed number with the holder's name; opens only what is public.
    NamedNumber { number: String, name: String },
}

impl Source {
    /// What a text means that somebody pasted: an address, or the document itself.
    pub fn of_text(text: &str) -> Self {
        let text = text.trim();
        if text.to_lowercase().starts_with("http") && !text.contains('\n') {
            Self::Url(text.to_owned())
        } else {
            Self::Bytes(text.as_bytes().to_vec())
        }
    }
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
        matches!(self.source, Source::Number { .. } | Source::NamedNumber { .. })
            || self.recipient.as_ref().is_some_and(names_somebody)
    }
}

/// A report with the time at which it was made, and the bytes that it is about.
pub struct Checked {
    pub report: Report,
    pub at: Timestamp,
    pub input: Arc<[u8]>,
    /// What our own issuer is called, by language.
    pub(super) own_names: BTreeMap<String, String>,
    /// What sort of achievement it is, where that is known.
    pub(super) kind: Option<Kind>,
}

impl Checked {
    /// The SHA-256 of the bytes that were verified, in hexadecimal.
    pub fn input_hash(&self) -> String {
        Sha256::digest(&self.input).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The media types asked for when an address is opened.
const ACCEPT: &str = "application/vc+jwt, application/vc, application/ld+json, application/json, image/png";

/// Verifies. What is no credential at all is an error; everything else has a report.
pub async fn verify(app: &App, asked: Asked) -> Result<Checked> {
    verify_beside(app, asked, &Fetched::default()).await
}

/// The same as one of several that share what they fetch of others.
pub(super) async fn verify_beside(app: &App, asked: Asked, fetched: &Fetched) -> Result<Checked> {
    let now = app.db.now();
    let recipient = recipient::bounded(asked.recipient)?;
    let bytes = match &asked.source {
        Source::Bytes(bytes) => bytes.clone(),
        Source::Url(url) => opened(app, url).await?,
        Source::Number { number, check_code } => {
            number::opened(app, number, number::Key::CheckCode(check_code)).await?
        }
        Source::NamedNumber { number, name } => number::opened(app, number, number::Key::HolderName(name)).await?,
    };
    let input: Arc<[u8]> = bytes.into();
    let policy = Policy { recipient: recipient.clone(), ..policy(app).await? };
    let own = policy.own_issuers.first().cloned();
    let bytes = input.clone();
    let opened = app.workbench.run(move || Verification::open(&bytes, &policy, now)).await?;
    let mut verification = opened.map_err(|e| if is_pdf(&input) { nothing_in_pdf() } else { unreadable(&e) })?;
    while let Some(want) = verification.wants().first().cloned() {
        let supply = resolver::resolve_beside(app, &want, asked.look_up, now, fetched).await?;
        let supplied = move || {
            verification.supply(&want, supply);
            verification
        };
        verification = app.workbench.run(supplied).await?;
    }
    let mut report = verification.report();
    if let (Some(asked), Some(own)) = (&recipient, &own) {
        recipient::ask_our_records(app, &mut report, own, asked).await?;
    }
    let own_names = issuer::default_issuer(app.db.read()).await?.map(|issuer| issuer.profile.name).unwrap_or_default();
    let kind = recognized::kind_of(app, &report, own.as_deref()).await?;
    Ok(Checked { report, at: now, input, own_names, kind })
}

/// Counts that a credential of ours was verified, where what it says is proved, and not over and over from one address.
///
/// # Errors
/// The store does not answer.
pub(super) async fn counted(app: &App, client: &Client, checked: &Checked, by: Option<MemberId>) -> Result<()> {
    if let Some(own) = recipient::own_credential(app, &checked.report).await?
        && client.looks_at(app, own.id)
    {
        impact::count(app, &impact::subject(&own), What::Verify, by);
    }
    Ok(())
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
        name: known.name().to_owned(),
        earlier_names: known.names.iter().skip(1).map(|earlier| earlier.name.clone()).collect(),
        id: known.issuer,
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
async fn opened(app: &App, typed: &str) -> Result<Vec<u8>> {
    let url = match address::read(&app.links, typed) {
        Address::Own(share_id) => {
            if let Some(credential) = credentials::by_share_id(app.db.read(), &share_id).await?
                && credential.visibility != Visibility::Private
                && credential.is_released()
            {
                return Ok(credentials::signed_json(app.db.read(), &credential).await?.into_bytes());
            }
            return Err(nothing_there("no_such_address"));
        }
        Address::Selection(_) => return Err(nothing_there("is_selection")),
        Address::Profile => return Err(nothing_there("is_profile")),
        Address::OwnOther => return Err(nothing_there("no_such_address")),
        // The connector refuses these itself; what it says is what the reader learns.
        Address::Foreign(_) | Address::Refused | Address::Unreadable => typed.trim(),
    };
    match app.connector.fetch(url, ACCEPT).await {
        Ok(bytes) => Ok(bytes),
        Err(e) => {
            let reason = format!("fetch_{}", e.code());
            Err(Error::invalid(vec![Fault::new("/url", "not_fetched", e.to_string())]).member("reason", reason))
        }
    }
}

/// The header of a PDF stands within its first kilobyte (ISO 32000-1, Annex H.3).
fn is_pdf(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(1024)].windows(5).any(|window| window == b"%PDF-")
}

/// Certificates are printed from a credential and hold none.
fn nothing_in_pdf() -> Error {
    Error::new(Code::NoCredential)
        .with(
            "reason",
            "a PDF certificate is a copy and holds no credential: verify its address, its QR code, or its number and check code",
        )
        .member("reason", "pdf")
}

fn unreadable(e: &Unreadable) -> Error {
    Error::new(Code::NoCredential).with("reason", e.to_string()).member("reason", e.code())
}

impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checked({})", self.report.state().as_str())
    }
}
