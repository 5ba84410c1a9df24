//! A report in words: what pages and the API show of it. Claims come from the report alone.

use serde_json::{Value, json};
use waymark_credential::model::{Evidence, Issuer, OpenBadgeCredential};
use waymark_credential::verify::{Check, CheckId, Code, Detail, Outcome};

use super::service::Checked;
use crate::clock::{parse_rfc3339, rfc3339};
use crate::tracks::Kind;
use crate::web::i18n::{Arg, Words};
use crate::web::zone::Zone;

/// One check, for the list on the page.
#[derive(Debug, Clone)]
pub struct CheckView {
    pub id: &'static str,
    pub name: String,
    /// `passed`, `failed`, `not_checked`: part of a class name.
    pub outcome: &'static str,
    pub outcome_word: String,
    pub icon: &'static str,
    pub sentence: String,
    pub code: &'static str,
}

/// What the credential says, each a plain text.
#[derive(Debug, Clone)]
pub struct ClaimsView {
    pub language: String,
    pub title: String,
    pub description: String,
    pub criteria: String,
    pub holder: Option<String>,
    pub issuer: String,
    pub issuer_id: String,
    pub issuer_url: Option<String>,
    pub image: Option<String>,
    pub number: Option<String>,
    pub awarded: Option<String>,
    pub valid_from: String,
    pub valid_until: Option<String>,
    pub suite: &'static str,
    pub method: String,
    /// What the issuer names as proof of it.
    pub evidence: Vec<EvidenceView>,
}

/// One piece of evidence as it was signed.
#[derive(Debug, Clone)]
pub struct EvidenceView {
    pub name: String,
    pub text: String,
    /// Only an https or http address; whatever lies there is not the issuer's.
    pub url: Option<String>,
}

/// One endorsement, for the list on the page.
#[derive(Debug, Clone)]
pub struct EndorsementView {
    pub by: String,
    pub issuer: String,
    pub comment: String,
    /// `passed`, `failed`, `not_checked`: part of a class name.
    pub outcome: &'static str,
    pub outcome_word: String,
    pub icon: &'static str,
    pub sentence: String,
}

/// The whole report for a page.
#[derive(Debug, Clone)]
pub struct ReportView {
    pub state: &'static str,
    /// How the banner looks: as the state does, unless it would be green and the credential is another person's.
    pub tone: &'static str,
    pub icon: &'static str,
    pub word: String,
    /// The word of the state alone, whoever was asked about.
    pub state_word: String,
    pub meaning: String,
    pub checked_at: String,
    pub checks: Vec<CheckView>,
    /// What others say of it, each with what became of it.
    pub endorsements: Vec<EndorsementView>,
    pub claims: Option<ClaimsView>,
}

impl ReportView {
    pub fn of(checked: &Checked, words: Words, zone: &Zone) -> Self {
        let state = checked.report.state().as_str();
        let outcome = |id: CheckId| checked.report.check(id).outcome;
        let another = outcome(CheckId::Recipient) == Outcome::Failed;
        let tone = if another && state == "valid" { "another_person" } else { state };
        let key = match tone {
            // Nothing was compared with a signature: the file could not even be read.
            "altered" if outcome(CheckId::Parse) == Outcome::Failed => "altered-unread".to_owned(),
            other => other.replace('_', "-"),
        };
        let mut meaning = vec![words.t(&format!("state-{key}-meaning"))];
        if another && tone == state {
            meaning.push(words.t("state-another-person-too"));
        }
        if checked.kind == Some(Kind::Thanks) {
            meaning.push(words.t("state-thanks-meaning"));
        }
        Self {
            state,
            tone,
            icon: icon_of(tone),
            word: words.t(&format!("state-{key}")),
            state_word: words.t(&format!("state-{}", state.replace('_', "-"))),
            meaning: words.sentences(&meaning),
            checked_at: words.with1("report-checked-at", "time", zone.instant(words, checked.at)),
            checks: checked.report.checks().iter().map(|check| CheckView::of(check, checked, words, zone)).collect(),
            endorsements: checked
                .report
                .endorsements()
                .iter()
                .map(|e| EndorsementView {
                    by: e.issuer_name.clone().unwrap_or_else(|| e.issuer.clone()),
                    issuer: e.issuer.clone(),
                    comment: e.comment.clone().unwrap_or_default(),
                    outcome: e.outcome.as_str(),
                    icon: icon_of_outcome(e.outcome.as_str()),
                    outcome_word: words.t(&format!("outcome-{}", e.outcome.as_str().replace('_', "-"))),
                    sentence: finding(&e.detail, words, zone),
                })
                .collect(),
            claims: checked.report.shown().map(|claims| {
                let mut view = ClaimsView::of(claims.credential(), words, zone);
                view.suite = claims.suite();
                view.method = claims.method().to_owned();
                view
            }),
        }
    }
}

/// The icon of a state in `icons.svg`.
pub fn icon_of(state: &str) -> &'static str {
    match state {
        "valid" => "valid",
        "expired" => "expired",
        "not_yet_valid" => "not-yet",
        "suspended" => "suspended",
        "revoked" => "revoked",
        "altered" => "altered",
        "another_person" => "triangle",
        _ => "unknown",
    }
}

pub(super) fn icon_of_outcome(outcome: &str) -> &'static str {
    match outcome {
        "passed" => "check",
        "failed" => "cross",
        _ => "question",
    }
}

impl CheckView {
    fn of(check: &Check, checked: &Checked, words: Words, zone: &Zone) -> Self {
        let outcome = check.outcome.as_str();
        let code = check.detail.code.as_str();
        Self {
            id: check.id.as_str(),
            name: words.t(&format!("check-{}", check.id.as_str().replace('_', "-"))),
            outcome,
            outcome_word: words.t(&format!("outcome-{}", outcome.replace('_', "-"))),
            icon: icon_of_outcome(outcome),
            sentence: sentence(check, checked, words, zone),
            code,
        }
    }
}

/// The finding in the reader's language; moments in it are told as people tell them, and our own issuer goes by its name in that language.
fn sentence(check: &Check, checked: &Checked, words: Words, zone: &Zone) -> String {
    let names = &checked.own_names;
    if check.detail.code != Code::IssuerTrusted || names.is_empty() {
        return finding(&check.detail, words, zone);
    }
    let told = |(key, value): &(&'static str, String)| match *key {
        "name" if names.values().any(|name| name == value) => (*key, words.pick(names).to_owned()),
        _ => (*key, value.clone()),
    };
    let data = check.detail.data.iter().map(told).collect();
    finding(&Detail { data, ..check.detail.clone() }, words, zone)
}

fn finding(detail: &Detail, words: Words, zone: &Zone) -> String {
    let data: Vec<(&str, String)> = detail
        .data
        .iter()
        .map(|(name, value)| match parse_rfc3339(value) {
            Some(at) => (*name, zone.instant(words, at)),
            None if *name == "problem"
                && matches!(detail.code, Code::KeyUnreachable | Code::ListUnreachable | Code::HostedUnreachable) =>
            {
                (*name, unreached(value, words))
            }
            None => (*name, value.clone()),
        })
        .collect();
    let args: Vec<(&str, &dyn Arg)> = data.iter().map(|(name, value)| (*name, value as &dyn Arg)).collect();
    words.with(&format!("finding-{}", detail.code.as_str().replace('_', "-")), &args)
}

/// Why a key or a list was not to be had, in the reader's language; what the connector and the resolver say, by how they begin.
fn unreached(english: &str, words: Words) -> String {
    let key = [
        ("only https", "unreached-refused"),
        ("the server did not answer", "unreached-silent"),
        ("the server answered", "unreached-status"),
        ("the answer is larger", "unreached-large"),
        ("the list cannot be signed", "unreached-unsigned"),
        ("this identifier names no address", "unreached-nowhere"),
    ];
    let key = key.iter().find(|(begins, _)| english.starts_with(begins)).map_or("unreached-absent", |(_, key)| key);
    words.t(key)
}

impl ClaimsView {
    fn of(credential: &OpenBadgeCredential, words: Words, zone: &Zone) -> Self {
        let subject = &credential.credential_subject;
        let achievement = &subject.achievement;
        let named =
            subject.identifier.iter().find(|i| !i.hashed && i.identity_type == "name").map(|i| i.identity_hash.clone());
        let (issuer, issuer_url) = match &credential.issuer {
            Issuer::Object(profile) => (profile.name.clone(), profile.url.as_ref().map(ToString::to_string)),
            Issuer::Reference(_) => (None, None),
        };
        let issuer_id = credential.issuer.id().to_string();
        Self {
            language: achievement.in_language.clone().unwrap_or_else(|| words.lang().to_owned()),
            title: achievement.name.clone(),
            description: achievement.description.clone(),
            criteria: achievement.criteria.narrative.clone().unwrap_or_default(),
            holder: subject.name.clone().or(named),
            issuer: issuer.unwrap_or_else(|| issuer_id.clone()),
            issuer_id,
            issuer_url,
            image: achievement.image.as_ref().map(|i| i.id.to_string()),
            number: subject.license_number.clone(),
            awarded: credential.awarded_date.as_ref().map(|d| zone.date(words, d.at())),
            valid_from: zone.date(words, credential.valid_from.at()),
            valid_until: credential.valid_until.as_ref().map(|d| zone.date(words, d.at())),
            suite: "",
            method: String::new(),
            evidence: credential.evidence.iter().map(EvidenceView::of).collect(),
        }
    }
}

impl EvidenceView {
    fn of(evidence: &Evidence) -> Self {
        let url = evidence.id.as_ref().map(ToString::to_string);
        let url = url.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        let name = evidence.name.clone().or_else(|| evidence.genre.clone()).or_else(|| url.clone());
        let texts = [&evidence.description, &evidence.narrative];
        let text: Vec<&str> = texts.into_iter().flatten().map(String::as_str).collect();
        Self { name: name.unwrap_or_default(), text: text.join(" "), url }
    }
}

/// The answer of `POST /api/v1/verifications`.
pub fn report_json(checked: &Checked, words: Words, zone: &Zone) -> Value {
    let (report, at) = (&checked.report, checked.at);
    let checks: Vec<Value> = report
        .checks()
        .iter()
        .map(|c| json!({"id": c.id.as_str(), "outcome": c.outcome.as_str(), "code": c.detail.code.as_str(), "detail": sentence(c, checked, words, zone)}))
        .collect();
    let mut answer = json!({"state": report.state().as_str(), "checks": checks, "checked_at": rfc3339(at)});
    if let Some(claims) = report.shown() {
        answer["credential"] = claims.document();
    }
    if let Some(kind) = checked.kind {
        answer["kind"] = json!(kind.as_str());
    }
    if checked.kind == Some(Kind::Thanks) {
        answer["proves_skill"] = json!(false);
        answer["note"] = json!(words.t("state-thanks-meaning"));
    }
    if !report.endorsements().is_empty() {
        let told = report.endorsements().iter().map(|e| {
            json!({"pointer": e.pointer, "issuer": e.issuer, "issuer_name": e.issuer_name, "comment": e.comment,
                "outcome": e.outcome.as_str(), "code": e.detail.code.as_str(), "detail": finding(&e.detail, words, zone)})
        });
        answer["endorsements"] = told.collect();
    }
    answer
}
