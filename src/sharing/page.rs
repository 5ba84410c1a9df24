//! `/c/{share_id}`: what an employer sees in three seconds.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use url::Url;
use waymark_criteria::{Amount, Explained, NodeState, Unit};

use super::address::{self, Form, Wanted};
use super::around::{self, Around};
use super::counted::Look;
use super::particulars::Particulars;
use super::spoken::{self, Spoken};
use super::{documents, embed, switches};
use crate::access::{Principal, Public};
use crate::app::{App, Seen};
use crate::credentials::{self, Basis, Credential, Status, Visibility};
use crate::error::{Code, Error, Result};
use crate::impact;
use crate::issuer::IssuerProfile;
use crate::tracks::TrackDefinition;
use crate::verification::{After, Asked, ReportView, Source, verify};
use crate::web::client::Client;
use crate::web::i18n::{Locale, Words};
use crate::web::page::{Page, Shell};
use crate::web::zone::Zone;
use crate::{decisions, issuer, titles, tracks};

/// One line of what it took.
pub struct Taken {
    pub text: String,
    /// Whether it was met. One that was not is an alternative that was not needed.
    pub met: bool,
    /// How much there was and how much was needed, where more than one was.
    pub figure: Option<String>,
}

fn figure(words: Words, e: &Explained) -> Option<String> {
    let key = match e.unit {
        Unit::Facts | Unit::Requirements | Unit::Amount => "credential-had",
        Unit::Days => "credential-had-days",
        Unit::Months => "credential-had-months",
        Unit::Types => "credential-had-types",
        Unit::Sources => "credential-had-sources",
        Unit::ActiveDays => "credential-had-active-days",
        Unit::DaysInARow => "credential-had-days-in-a-row",
        Unit::WeeksInARow => "credential-had-weeks-in-a-row",
        Unit::MonthsInARow => "credential-had-months-in-a-row",
    };
    (e.need > Amount::ONE).then(|| words.with2(key, "have", e.have.to_string(), "need", e.need.to_string()))
}

#[derive(Template)]
#[template(path = "sharing/credential.html")]
struct CredentialPage {
    shell: Shell,
    report: ReportView,
    share_id: String,
    address: String,
    host: String,
    holder: String,
    title: String,
    description: String,
    criteria: String,
    language: &'static str,
    told: Option<ToldElsewise>,
    number: String,
    issuer: String,
    issuer_url: String,
    awarded: String,
    issued: Option<String>,
    valid_until: Option<String>,
    basis: String,
    taken: Vec<Taken>,
    /// What a download is called: the number, or nothing of the credential where nothing is proved.
    file: String,
    /// When and why it is not in force, in the issuer's words.
    why: Vec<String>,
    /// Where to tell the issuer that something is wrong.
    problem_url: String,
    track_id: String,
    around: Vec<Around>,
    /// Whether the one who looks is the holder.
    own: bool,
    credential_id: String,
    /// Whether search engines may list the page.
    is_public: bool,
    /// The document's language as Open Graph writes it.
    og_locale: &'static str,
    oembed: String,
    /// Results and evidence, as far as the holder shows them.
    particulars: Particulars,
    /// Whether the holder looks at what others see, or would see.
    preview: bool,
    after: After,
    /// The words that its holder shows, beside a badge of thanks.
    words: Option<Vec<Spoken>>,
}

/// What the issuer says of the same achievement in the reader's language, where the credential speaks another. It is the
/// related achievement of the signed one, not a part of what is signed.
struct ToldElsewise {
    language: &'static str,
    title: String,
    description: String,
    criteria: String,
}

impl ToldElsewise {
    fn of(definition: &TrackDefinition, profile: &IssuerProfile, signed: Words, reader: Words) -> Option<Self> {
        let language = reader.lang();
        let offered = profile.locales.iter().any(|l| l == language) && definition.title.contains_key(language);
        (language != signed.lang() && offered).then(|| Self {
            language,
            title: reader.pick(&definition.title).to_owned(),
            description: reader.pick(&definition.description).to_owned(),
            criteria: reader.pick(&definition.criteria).to_owned(),
        })
    }
}

/// The page as others see it, for its holder, whatever the visibility.
pub(super) async fn preview(app: &App, shell: Shell, credential: Credential) -> Result<Response> {
    let page = page(app, shell, credential, false).await?;
    Ok(Page(CredentialPage { preview: true, ..page }).into_response())
}

/// What an unknown address and a private credential answer, so that nobody can tell them apart.
#[derive(Template)]
#[template(path = "sharing/not_public.html")]
struct NotPublicPage {
    shell: Shell,
}

/// `GET /c/{share_id}`, with or without a suffix.
pub async fn open(
    visitor: Public,
    State(app): State<App>,
    client: Client,
    Path(name): Path<String>,
    (method, uri): (Method, Uri),
    headers: HeaderMap,
) -> Result<Response> {
    let look = Look::of(&visitor, client, &method, &uri);
    let (share_id, suffix) = address::read(&name).ok_or_else(Error::not_found)?;
    // What a client accepts is judged once it is known that there is something: else the answer would tell.
    let wanted = suffix.or_else(|| address::asked(&headers));
    if let Some(Wanted { form: Form::Json, media_type }) = wanted
        && let Some(kept) = app.hot.get(&app.db, &share_id)
    {
        return Ok(look.counted_as(&app, &kept.subject, Form::Json, documents::again(&kept, media_type, &headers)));
    }
    let seen = Seen::now(&app.db);
    let known = credentials::by_share_id(app.db.read(), &share_id).await?;
    let Some(credential) = known.filter(|c| c.is_released() && c.visibility != Visibility::Private) else {
        return match wanted {
            Some(Wanted { form: Form::Page, .. }) => {
                Ok((StatusCode::NOT_FOUND, Page(NotPublicPage { shell: visitor.shell() })).into_response())
            }
            _ => Err(Error::not_found()),
        };
    };
    let wanted = wanted.ok_or_else(|| Error::new(Code::NotAcceptable))?;
    let subject = impact::subject(&credential);
    if wanted.form != Form::Page {
        let response = match wanted.form {
            Form::Json => documents::hot_json(&app, &credential, seen, wanted, &headers).await?,
            _ => documents::document(&app, &credential, wanted, &headers).await?,
        };
        return Ok(look.counted_as(&app, &subject, wanted.form, response));
    }
    let own = visitor.principal.member() == Some(credential.member);
    let is_public = credential.visibility == Visibility::Public;
    let mut response = Page(page(&app, visitor.shell(), credential, own).await?).into_response();
    // The page of somebody who is signed in shows what is theirs, and carries the token of their forms.
    let kept = if visitor.principal == Principal::Anonymous { "no-cache" } else { "private, no-store" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept, accept-language, cookie"));
    if is_public {
        response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noarchive"));
    }
    Ok(look.counted_as(&app, &subject, Form::Page, response))
}

/// When and why it was revoked or suspended: the issuer's own words where it wrote some, else those of the reason's kind, where readers are told it.
fn why(credential: &Credential, words: Words, zone: &Zone) -> Option<String> {
    let (key, bare) = match credential.status {
        Status::Valid => return None,
        Status::Revoked => ("credential-why-revoked", "credential-when-revoked"),
        Status::Suspended => ("credential-why-suspended", "credential-when-suspended"),
    };
    let kind = || credential.reason.filter(|code| code.is_told_by_itself());
    let reason = credential
        .public_reason
        .clone()
        .or_else(|| kind().map(|code| words.t(&format!("reason-{}", code.as_str().replace('_', "-")))));
    let date = credential.status_changed_at.map(|at| zone.date(words, at)).unwrap_or_default();
    Some(match reason {
        Some(reason) => words.with2(key, "date", date, "reason", reason),
        None => words.with1(bare, "date", date),
    })
}

/// A letter to the issuer that names the credential, or its site where no mailbox is known.
fn problem_url(profile: &IssuerProfile, credential: &Credential) -> String {
    let mailbox = profile.email.as_ref().and_then(|email| Url::parse(&format!("mailto:{email}")).ok());
    let Some(mut letter) = mailbox else { return profile.url.clone() };
    let subject: String =
        percent_encoding::utf8_percent_encode(&credential.number, percent_encoding::NON_ALPHANUMERIC).collect();
    letter.set_query(Some(&format!("subject={subject}")));
    letter.into()
}

async fn page(app: &App, shell: Shell, credential: Credential, own: bool) -> Result<CredentialPage> {
    let db = app.db.read();
    let words = shell.w;
    let issuer = issuer::find(db, credential.issuer).await?;
    let zone = issuer.profile.zone();
    let version = tracks::version(db, credential.track_version).await?;
    let bytes = credentials::signed_json(db, &credential).await?.into_bytes();
    let checked = verify(app, Asked { source: Source::Bytes(bytes), recipient: None, look_up: false }).await?;
    let report = ReportView::of(&checked, words, &zone);
    let document = Words::new(credential.locale);
    let (taken, basis) = match credentials::resting_on(db, &credential).await? {
        Basis::Decided(id) => {
            let decided = decisions::find(db, id).await?;
            let criteria = version.definition.requirements();
            let leaves = decided.explanation.nodes.iter().filter(|n| n.children.is_empty());
            let lines = leaves.filter_map(|explained| {
                let node = criteria.nodes().into_iter().find(|n| n.id == explained.node)?;
                let text = words.pick(&node.text).to_owned();
                let met = explained.state == NodeState::Met;
                (!text.is_empty()).then(|| Taken { text, met, figure: figure(words, explained).filter(|_| met) })
            });
            let basis = titles::said_publicly(db, words, &decided, words.pick(&issuer.profile.name)).await?;
            let sentences = basis
                .map(|(basis, said)| words.sentences(&[Some(basis), said].into_iter().flatten().collect::<Vec<_>>()));
            (lines.collect(), sentences.unwrap_or_else(|| words.t("credential-basis-decided")))
        }
        _ => (vec![], words.t("credential-basis-approved")),
    };
    let more_than_a_day = (credential.intended_at - credential.awarded_at).whole_days() >= 1;
    let file = if checked.report.shown().is_some() { &credential.number } else { &credential.share_id };
    let address = app.links.share(&credential.share_id);
    let spoken = spoken::beside(db, words, &zone, &credential, &version.definition).await?;
    Ok(CredentialPage {
        words: spoken,
        after: After::own(&address, &checked),
        file: file.clone(),
        particulars: Particulars::allowed(&checked.report, &report, switches::switches_of(db, credential.id).await?),
        report,
        preview: false,
        share_id: credential.share_id.clone(),
        address,
        host: app.links.host().to_owned(),
        holder: credential.name.clone(),
        title: document.pick(&version.definition.title).to_owned(),
        description: document.pick(&version.definition.description).to_owned(),
        criteria: document.pick(&version.definition.criteria).to_owned(),
        language: document.lang(),
        told: ToldElsewise::of(&version.definition, &issuer.profile, document, words),
        number: credential.number.clone(),
        issuer: words.pick(&issuer.profile.name).to_owned(),
        issuer_url: issuer.profile.url.clone(),
        awarded: zone.date(words, credential.awarded_at),
        issued: more_than_a_day.then(|| zone.date(words, credential.intended_at)),
        valid_until: credential.valid_until.map(|t| zone.date(words, t)),
        basis,
        taken,
        why: why(&credential, words, &zone).into_iter().collect(),
        problem_url: problem_url(&issuer.profile, &credential),
        track_id: credential.track.to_string(),
        around: around::for_readers(app, words, &credential, &zone).await?,
        own,
        credential_id: credential.id.to_string(),
        is_public: credential.visibility == Visibility::Public,
        og_locale: if credential.locale == Locale::Ja { "ja_JP" } else { "en_US" },
        oembed: embed::discovery(app, &app.links.share(&credential.share_id)),
        shell,
    })
}
