//! The wording of a certificate: by kind and language, with the honorific that belongs to it and dates as the program writes them.
//!
//! Japanese sheets of honour carry no punctuation in their sentence; 感謝状 and 称号授与証 add 殿 to the name, the others nothing.

use std::sync::{Arc, LazyLock};

use sha2::{Digest, Sha256};
use waymark_criteria::{Criteria, Requirement};
use waymark_rendering::{Certificate, Fact, PrintError};

use super::picture::picture;
use crate::app::{App, Kept};
use crate::clock::Timestamp;
use crate::credentials::{Basis, Credential, Status};
use crate::error::{Code, Error, Result};
use crate::issuer::{self, CertificateStyle, Honorific, Issuer};
use crate::tracks::{self, Kind, TrackVersion};
use crate::web::i18n::{Locale, Words};
use crate::{badges, links};

/// What sort of sheet it is: a word of the texts `certificate-title-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sheet {
    Certification,
    Exam,
    Learning,
    Milestone,
    Title,
    Thanks,
}

impl Sheet {
    /// A certification for nothing but exams is a certificate that they were passed: where a decision says so, not where a person decided.
    fn of(kind: Kind, criteria: &Criteria, basis: Basis) -> Self {
        match kind {
            Kind::Certification if matches!(basis, Basis::Decided(_)) && only_exams(criteria) => Self::Exam,
            Kind::Certification => Self::Certification,
            Kind::Learning => Self::Learning,
            Kind::Milestone => Self::Milestone,
            Kind::Title => Self::Title,
            Kind::Thanks => Self::Thanks,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Certification => "certification",
            Self::Exam => "exam",
            Self::Learning => "learning",
            Self::Milestone => "milestone",
            Self::Title => "title",
            Self::Thanks => "thanks",
        }
    }

    fn honorific(self, style: CertificateStyle) -> &'static str {
        let customary = if matches!(self, Self::Title | Self::Thanks) { Honorific::Dono } else { Honorific::None };
        match style.honorific.unwrap_or(customary) {
            Honorific::None => "",
            Honorific::Dono => "殿",
            Honorific::Sama => "様",
        }
    }
}

fn only_exams(criteria: &Criteria) -> bool {
    let groups = |r: &Requirement| matches!(r, Requirement::All(_) | Requirement::Any(_) | Requirement::AtLeast(..));
    let mut leaves = criteria.nodes().into_iter().filter(|node| !groups(&node.requirement)).peekable();
    leaves.peek().is_some() && leaves.all(|node| matches!(node.requirement, Requirement::Exam { .. }))
}

/// Certificates that were set lately, by all that stands on them.
static PRINTED: LazyLock<Kept<Vec<u8>>> = LazyLock::new(|| Kept::new(32));

/// The certificate as PDF.
///
/// # Errors
/// [`Code::GlyphsMissing`] where no font has a character of the name.
pub async fn pdf(app: &App, credential: &Credential) -> Result<Vec<u8>> {
    let db = app.db.read();
    let version = tracks::version(db, credential.track_version).await?;
    let issuer = issuer::find(db, credential.issuer).await?;
    let mut sheet = worded(credential, &version, &issuer, &app.links);
    sheet.badge = picture(app, credential).await?.svg.clone();
    let name: String = Sha256::digest(format!("{sheet:?}")).iter().map(|b| format!("{b:02x}")).collect();
    if let Some(kept) = PRINTED.get(&name) {
        return Ok(kept.to_vec());
    }
    let fonts = badges::fonts()?;
    let printed = app.workbench.run(move || sheet.pdf(fonts)).await?;
    let printed = Arc::new(printed.map_err(refused)?.pdf);
    PRINTED.keep(name, printed.clone());
    Ok(printed.to_vec())
}

fn refused(e: PrintError) -> Error {
    let PrintError::Missing(characters) = e else { return Error::internal(e) };
    let named: Vec<String> = characters.iter().map(|c| format!("“{c}” (U+{:04X})", u32::from(*c))).collect();
    let listed: Vec<String> = characters.iter().map(char::to_string).collect();
    Error::new(Code::GlyphsMissing).with("characters", named.join(", ")).member("characters", listed)
}

/// Everything that is said, without the badge.
fn worded(credential: &Credential, version: &TrackVersion, issuer: &Issuer, links: &links::Links) -> Certificate {
    let words = Words::new(credential.locale);
    let definition = &version.definition;
    let sheet = Sheet::of(definition.kind, &definition.requirements(), credential.basis);
    let style = issuer.profile.certificate;
    let zone = issuer.profile.zone();
    let ja = credential.locale == Locale::Ja;
    let date = |t: Timestamp| if ja && style.era { zone.era_date(t) } else { zone.formal_date(words, t) };
    let says = words.t(&format!("certificate-says-{}", sheet.word()));
    let (before, after) = if ja { (String::new(), says) } else { (says, String::new()) };
    let lead = if sheet == Sheet::Thanks { "certificate-lead-thanks" } else { "certificate-lead" };
    let fact = |key: &str, value: String| Fact { label: words.t(key), value };
    let mut facts = vec![
        fact("fact-number", credential.number.clone()),
        fact("verify-check-code", credential.check_code.clone()),
        fact("fact-awarded", date(credential.awarded_at)),
    ];
    if (credential.intended_at - credential.awarded_at).whole_days() >= 1 {
        facts.push(fact("fact-issued", date(credential.intended_at)));
    }
    facts.push(match credential.valid_until {
        Some(until) => fact("fact-valid-until", words.with1("certificate-until", "date", date(until))),
        None => fact("fact-valid-until", words.t("fact-no-end")),
    });
    let changed = credential.status_changed_at.map(date).unwrap_or_default();
    Certificate {
        language: words.lang().to_owned(),
        title: words.t(&format!("certificate-title-{}", sheet.word())),
        notice: match credential.status {
            Status::Valid => String::new(),
            Status::Suspended => words.with1("certificate-suspended", "date", changed),
            Status::Revoked => words.with1("certificate-revoked", "date", changed),
        },
        lead: words.t(lead),
        holder: credential.name.clone(),
        honorific: if ja { sheet.honorific(style).to_owned() } else { String::new() },
        before,
        achievement: words.pick(&definition.title).to_owned(),
        after,
        criteria: words.pick(&definition.criteria).to_owned(),
        date: date(credential.awarded_at),
        issuer: words.pick(&issuer.profile.name).to_owned(),
        facts,
        address: links.share(&credential.share_id),
        qr: links.share(&credential.share_id).to_uppercase(),
        note: words.t("certificate-note"),
        badge: String::new(),
    }
}
