//! Sending letters: words in the member's language at the moment of sending, handed over outside of any change, a task beside the worker.

use std::sync::Mutex;
use std::sync::PoisonError;

use tokio::task::JoinHandle;

use super::letters::{self, Claimed};
use super::lifecycle::LetterState;
use super::service;
use super::words;
use crate::app::App;
use crate::error::Result;
use crate::outbound::{Letter, Undelivered};
use crate::web::i18n::Words;
use crate::{issuer, members};

/// A letter names so many notices; the others are on the page.
const MOST_NAMED: usize = 30;

/// The task that sends, while it runs.
#[derive(Default)]
struct Underway(Mutex<Option<JoinHandle<()>>>);

/// Sends what is due in the background, unless that is being done.
pub(super) fn go_on(app: &App) {
    if !app.post.is_set() {
        return;
    }
    let underway = app.own.of::<Underway>();
    let mut task = underway.0.lock().unwrap_or_else(PoisonError::into_inner);
    if task.as_ref().is_some_and(|task| !task.is_finished()) {
        return;
    }
    let app = app.clone();
    *task = Some(tokio::spawn(async move {
        if let Err(e) = send_due(&app).await {
            tracing::error!(error = %e, "letters with notices could not all be sent");
        }
    }));
}

/// Sends every letter that is due, one after the other. Answers how many a server took.
pub async fn send_due(app: &App) -> Result<usize> {
    let mut sent = 0;
    while app.post.is_set() {
        let Some(claimed) = letters::claim(app).await? else { break };
        if send(app, &claimed).await? {
            sent += 1;
        }
    }
    Ok(sent)
}

async fn send(app: &App, claimed: &Claimed) -> Result<bool> {
    let Some(letter) = compose(app, claimed).await? else {
        letters::finish(app, claimed, LetterState::Dropped).await?;
        return Ok(false);
    };
    match app.post.hand_over(&letter).await {
        Ok(()) => letters::finish(app, claimed, LetterState::Sent).await?,
        Err(Undelivered::Later(said)) => {
            tracing::warn!(letter = %claimed.id, said, "a letter with notices is not under way; it is tried again");
            letters::put_off(app, claimed).await?;
            return Ok(false);
        }
        Err(Undelivered::Never(said)) => {
            tracing::warn!(letter = %claimed.id, said, "a letter with notices was refused");
            letters::finish(app, claimed, LetterState::GivenUp).await?;
            return Ok(false);
        }
    }
    Ok(true)
}

/// The letter as it is now; none where its member wants none any more, or has read it all.
async fn compose(app: &App, claimed: &Claimed) -> Result<Option<Letter>> {
    let db = app.db.read();
    let notices = service::in_letter(db, claimed.id).await?;
    if notices.is_empty() || !letters::may_write(app, db, claimed.member).await? {
        return Ok(None);
    }
    let member = members::find(db, claimed.member).await?;
    let (w, zone) = (Words::new(member.locale), issuer::zone(db).await?);
    let by = match issuer::default_issuer(db).await? {
        Some(issuer) => w.pick(&issuer.profile.name).to_owned(),
        None => "Waymark".to_owned(),
    };
    let mut lines = vec![];
    for notice in notices.iter().take(MOST_NAMED) {
        let told = words::tell(db, w, &zone, notice).await?;
        lines.push(format!("{}\n{}", told.text, app.links.to(&told.href)));
    }
    let more = notices.len().saturating_sub(MOST_NAMED);
    if more > 0 {
        lines.push(w.with1("notices-letter-more", "n", more));
    }
    let subject = match notices.as_slice() {
        [only] => {
            let told = words::tell(db, w, &zone, only).await?;
            w.with2("notices-letter-one", "text", told.text, "issuer", by.as_str())
        }
        many => w.with2("notices-letter-many", "n", many.len(), "issuer", by.as_str()),
    };
    let unsubscribe = app.links.to(&format!("/unsubscribe/{}", claimed.token));
    let settings = app.links.to("/me/notices/settings");
    let all = lines.join("\n\n");
    let body = w.with(
        "notices-letter",
        &[
            ("name", &member.name),
            ("issuer", &by),
            ("notices", &all),
            ("settings", &settings),
            ("unsubscribe", &unsubscribe),
        ],
    );
    Ok(Some(Letter { to: member.email, subject, body, id: claimed.id.to_string(), unsubscribe }))
}
