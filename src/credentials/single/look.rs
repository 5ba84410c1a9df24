//! What would be issued, from the document that would be signed: shown before anything is, with the button that issues it.

use askama::Template;
use serde_json::Value;

use super::form::{Asked, IssueForm, Whom};
use crate::app::App;
use crate::clock::parse_rfc3339;
use crate::credentials::award::Awarded;
use crate::credentials::beforehand::default_visibility;
use crate::credentials::issue;
use crate::credentials::lifecycle::Visibility;
use crate::error::Result;
use crate::ids::{MemberId, ProposalId};
use crate::tracks::TrackVersion;
use crate::web::i18n::{Locale, Words};
use crate::web::page::Shell;
use crate::{ids, issuer, members};

/// The texts that the credential will carry.
struct Says {
    lang: &'static str,
    name: String,
    title: String,
    issuer: String,
    description: String,
    criteria: String,
    awarded: String,
    until: Option<String>,
    /// The address and the description of the evidence.
    url: String,
    text: String,
}

#[derive(Template)]
#[template(path = "credentials/issue_look.html")]
pub(super) struct LookPage {
    shell: Shell,
    title: String,
    badge: String,
    /// Under which it is issued once.
    key: String,
    form: IssueForm,
    /// None where they hold it already.
    says: Option<Says>,
    language: String,
    /// Id and number of the one that they hold.
    held: Option<(String, String)>,
    /// Whose it will be: id, name and address of a member; of somebody new there is no id.
    id: Option<String>,
    name: String,
    email: String,
    /// Whether somebody new was meant whose address this member has.
    known: bool,
    /// No key is open: it waits for one.
    sealed: bool,
    /// What happens once it is issued.
    then: Vec<String>,
}

/// The page for what [`issue::issue_apart`] came to in a change that was undone.
pub(super) async fn page(app: &App, shell: Shell, form: IssueForm, asked: Asked, awarded: Awarded) -> Result<LookPage> {
    let (w, db) = (shell.w, app.db.read());
    let version = issue::track(db, &asked.request.track).await?;
    let key: ProposalId = ids::fresh(app.db.now(), app.db.entropy.as_ref());
    let (says, held) = match awarded {
        Awarded::New { document, .. } => (Some(says(app, w, &version, &document).await?), None),
        Awarded::Held(held) => (None, Some((held.id.to_string(), held.number.clone()))),
    };
    let (id, name, email) = match asked.whom {
        Whom::Member(member) => (Some(member.id), member.name, member.email),
        Whom::New(recipient) => (None, recipient.name, recipient.email),
    };
    let visibility = match id {
        Some(id) => default_visibility(db, id).await?,
        None => Visibility::Private,
    };
    let lang = says.as_ref().map_or("", |says| says.lang);
    Ok(LookPage {
        title: w.pick(&version.definition.title).to_owned(),
        badge: format!("/achievements/{}/badge.svg", version.track),
        key: key.to_string(),
        language: if lang.is_empty() { String::new() } else { w.t(&format!("people-language-{lang}")) },
        says,
        held,
        sealed: issuer::keyring(app).await.is_err(),
        then: afterwards(app, w, id, visibility).await?,
        id: id.map(|id| id.to_string()),
        name,
        email,
        known: asked.known,
        form,
        shell,
    })
}

async fn says(app: &App, w: Words, version: &TrackVersion, document: &Value) -> Result<Says> {
    let zone = issuer::find(app.db.read(), version.issuer).await?.profile.zone();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let day = |at: &str| document[at].as_str().and_then(parse_rfc3339).map(|at| zone.date(w, at));
    let (subject, evidence) = (&document["credentialSubject"], &document["evidence"][0]);
    let achievement = &subject["achievement"];
    Ok(Says {
        lang: achievement["inLanguage"].as_str().and_then(Locale::parse).map_or("", Locale::as_str),
        name: text(&subject["name"]),
        title: text(&achievement["name"]),
        issuer: text(&document["issuer"]["name"]),
        description: text(&achievement["description"]),
        criteria: text(&achievement["criteria"]["narrative"]),
        awarded: day("awardedDate").unwrap_or_default(),
        until: day("validUntil"),
        url: text(&evidence["id"]),
        text: text(&evidence["description"]),
    })
}

/// What happens to a credential once it is issued: who sees it, and how its holder hears of it. None is somebody who is not enrolled yet.
pub(super) async fn afterwards(
    app: &App,
    w: Words,
    member: Option<MemberId>,
    visibility: Visibility,
) -> Result<Vec<String>> {
    let unclaimed = match member {
        Some(id) => members::may_be_claimed(app.db.read(), id).await?,
        None => true,
    };
    let told = match (unclaimed, app.config.mail.host.is_empty()) {
        (false, _) => "issue-told-page",
        (true, false) => "issue-told-mail",
        (true, true) => "issue-told-link",
    };
    Ok(vec![w.t(&format!("issue-seen-{}", visibility.as_str())), w.t(told)])
}
