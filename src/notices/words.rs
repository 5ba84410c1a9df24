//! A notice in words, made when it is read: what it is about is called as it is called now, in the reader's language.

use super::lifecycle::What;
use super::service::{MOST_NAMED, Notice};
use crate::clock::Timestamp;
use crate::credentials::{self, Credential, Status};
use crate::database::Read;
use crate::error::{Code, Error, Result};
use crate::ids::{AttemptId, ExamWindowId, PrefixedId, TrackId};
use crate::web::i18n::Words;
use crate::web::zone::Zone;
use crate::{attempts, exams, tracks};

/// A notice as its member reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub text: String,
    /// Where to look, on this site.
    pub href: String,
    /// What the link says.
    pub open: String,
}

/// Of several titles so many are named.
const TITLES: usize = 3;

/// The notice in these words. What it was about may be gone: then it says so.
pub async fn tell(db: &impl Read, w: Words, zone: &Zone, notice: &Notice) -> Result<Told> {
    let told = match notice.what {
        What::Earned => earned(db, w, notice).await,
        What::Renewed
        | What::Replaced
        | What::Suspended
        | What::Revoked
        | What::Reinstated
        | What::Reminder
        | What::Grace => of_credential(db, w, zone, notice).await,
        What::Near => near(db, w, notice).await,
        What::Result => result(db, w, notice).await,
        What::WindowMoved | What::WindowCancelled => window(db, w, zone, notice).await,
        What::Held => {
            let n = notice.about.len();
            let number = if n < MOST_NAMED { n.to_string() } else { format!("{n}+") };
            Ok((w.with2("notices-held", "n", number, "date", zone.date(w, notice.at)), "/me".to_owned()))
        }
        What::Refused => Ok(refused(w, notice)),
        What::Strike => Ok((w.t("notices-strike"), "/me/links".to_owned())),
        What::Thanks => Ok((w.t("notices-thanks"), "/me/thanks".to_owned())),
    };
    let (text, href) = match told {
        Err(e) if e.code() == Code::NotFound => (w.t("notices-gone"), "/me".to_owned()),
        other => other?,
    };
    Ok(Told { text, href, open: w.t(&format!("notices-open-{}", notice.what.kind().as_str())) })
}

fn first(notice: &Notice) -> &str {
    notice.about.first().map_or("", String::as_str)
}

fn parsed<I: PrefixedId + std::str::FromStr>(text: &str) -> Result<I> {
    text.parse().map_err(|_| Error::not_found())
}

async fn credential(db: &impl Read, w: Words, id: &str) -> Result<(Credential, String)> {
    let known = credentials::find(db, parsed(id)?).await?;
    let title = tracks::version(db, known.track_version).await?.definition.title;
    Ok((known, w.pick(&title).to_owned()))
}

async fn earned(db: &impl Read, w: Words, notice: &Notice) -> Result<(String, String)> {
    if let [only] = notice.about.as_slice() {
        let (known, title) = credential(db, w, only).await?;
        return Ok((w.with1("notices-earned", "title", title), at(&known)));
    }
    let mut titles = vec![];
    for id in notice.about.iter().take(TITLES) {
        titles.push(w.with1("notices-title", "title", credential(db, w, id).await?.1));
    }
    let titles = titles.join(&w.t("list-comma"));
    let key = if notice.about.len() > TITLES { "notices-earned-many-more" } else { "notices-earned-many" };
    Ok((w.with2(key, "n", notice.about.len(), "titles", titles), "/me#credentials".to_owned()))
}

fn at(known: &Credential) -> String {
    format!("/me/credentials/{}", known.id)
}

async fn of_credential(db: &impl Read, w: Words, zone: &Zone, notice: &Notice) -> Result<(String, String)> {
    let (known, title) = credential(db, w, first(notice)).await?;
    let end = |t: Option<Timestamp>| t.map(|t| zone.date(w, t)).unwrap_or_default();
    let key = format!("notices-{}", notice.what.as_str());
    let mut text = match notice.what {
        What::Renewed if known.valid_until.is_some() => {
            w.with2("notices-renewed-until", "title", title, "date", end(known.valid_until))
        }
        What::Reminder => w.with2(&key, "title", title, "date", end(known.valid_until)),
        What::Grace => {
            let renewal = tracks::find(db, known.track).await?.definition.renewal;
            let days = time::Duration::days(renewal.map_or(0, |renewal| renewal.grace_days).into());
            // The grace ends before this moment: its last day is the one in which the moment before it lies.
            let last = known.valid_until.map(|t| t.saturating_add(days) - time::Duration::MILLISECOND);
            w.with(&key, &[("title", &title), ("date", &end(known.valid_until)), ("until", &end(last))])
        }
        _ => w.with1(&key, "title", title),
    };
    let still = match notice.what {
        What::Suspended => known.status == Status::Suspended,
        What::Revoked => known.status == Status::Revoked,
        _ => false,
    };
    if let Some(reason) = known.public_reason.as_deref().filter(|_| still) {
        text = w.sentences(&[text, w.with1("credential-public-reason", "reason", reason)]);
    }
    Ok((text, at(&known)))
}

async fn near(db: &impl Read, w: Words, notice: &Notice) -> Result<(String, String)> {
    let version = tracks::find(db, parsed::<TrackId>(first(notice))?).await?;
    let title = w.pick(&version.definition.title);
    Ok((w.with1("notices-near", "title", title), format!("/me#track-{}", version.definition.slug)))
}

async fn result(db: &impl Read, w: Words, notice: &Notice) -> Result<(String, String)> {
    let attempt = attempts::told(db, parsed::<AttemptId>(first(notice))?).await?;
    let exam = exams::find(db, &attempt.exam).await?;
    let title = exam.and_then(|exam| Some(exam.spec.title.as_ref()?.pick(w.lang()).1.to_owned()));
    let title = title.unwrap_or(attempt.exam);
    Ok((w.with1("notices-result", "exam", title), format!("/exam/{}", attempt.attempt)))
}

/// A date of an exam. One that was moved, and cancelled afterwards, reads as cancelled.
async fn window(db: &impl Read, w: Words, zone: &Zone, notice: &Notice) -> Result<(String, String)> {
    let window = attempts::find_window(db, parsed::<ExamWindowId>(first(notice))?).await?;
    let exam = exams::list(db).await?.into_iter().find(|exam| exam.id == window.exam).ok_or_else(Error::not_found)?;
    let title = exam.spec.title.as_ref().map_or(exam.spec.slug.as_str(), |title| title.pick(w.lang()).1);
    let from = zone.instant(w, window.opens_at);
    let text = match &window.cancelled {
        Some((_, reason)) => w.with(
            "notices-window-cancelled",
            &[("exam", &title), ("name", &window.name), ("from", &from), ("reason", reason)],
        ),
        None => {
            let to = zone.instant(w, window.closes_at);
            w.with("notices-window-moved", &[("exam", &title), ("name", &window.name), ("from", &from), ("to", &to)])
        }
    };
    Ok((text, format!("/exams/{}#windows", exam.spec.slug)))
}

/// What was not accepted is told by where its reason stands.
fn refused(w: Words, notice: &Notice) -> (String, String) {
    let about = first(notice);
    match about.split('_').next() {
        Some("sub") => (w.t("notices-refused-link"), format!("/me/links#{about}")),
        Some("hcl") => (w.t("notices-refused-handle"), "/me/handles".to_owned()),
        _ => (w.t("notices-refused-attendance"), "/me/links".to_owned()),
    }
}
