//! The player. Every page works by form posts alone; `assets/player/` saves sooner, keeps what is not sent yet, and counts the seconds down.

mod clock;
mod figure;
mod intro;
mod parts;
mod pause;
mod question;
mod receipt;
mod result;
mod results;
mod review;
mod yours;

pub use figure::figure;
pub use intro::{agree, intro};
pub use pause::move_post;
pub use question::{answer, position};
pub(super) use question::{question_while_another_writes, question_with_fault};
pub use receipt::{message_read, receipt_file, receipt_page};
pub use result::resulting;
pub use results::{exams_page, release_page, results_page};
pub use review::{finish, review};
pub(super) use yours::time_of;

pub(in crate::attempts) use super::wording::{title, zone};

use axum::extract::{Path, State};
use axum::response::Response;
use waymark_assess::attempt::Attempt as Life;

use super::closing::look;
use super::in_path::attempt_id;
use super::service::course;
use super::views::Progress;
use crate::access::Candidate;
use crate::app::App;
use crate::error::Result;
use crate::web::i18n::Words;
use crate::web::page::see_other;

/// `GET /exam/{attempt}`: where the candidate left off; the pause, while the clock stands; or the result.
pub async fn player(who: Candidate, State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let attempt = look(&app, attempt_id(&id)?, who.member).await?;
    match attempt.life {
        Life::Closed(_) => Ok(see_other(&format!("/exam/{}/result", attempt.id))),
        Life::InProgress(sitting) if sitting.paused(app.db.now()).is_none() => {
            let course = course(app.db.read(), &attempt).await?;
            // Where they were last, if that still stands open.
            let open: Vec<u32> = course.open_with(sitting.place.at).collect();
            let first = open.iter().find(|position| **position >= sitting.place.reached).or(open.first());
            let last = Some(&attempt.last_position).filter(|last| open.contains(last));
            let position = last.or(first).copied().unwrap_or(1);
            Ok(see_other(&format!("/exam/{}/{position}", attempt.id)))
        }
        _ => pause::standing(&who, &app, &attempt).await,
    }
}

/// What a cell of the navigator is called; `open` where its question can be opened now.
pub(super) fn cell_label(words: Words, p: &Progress, open: bool) -> String {
    let state = match (p.seen, p.answered) {
        _ if !open => "player-shut",
        _ if p.incomplete => "player-incomplete",
        (_, true) => "player-answered",
        (true, false) => "player-unanswered",
        (false, false) => "player-unseen",
    };
    let label = words.with2("player-cell", "position", p.position, "state", words.t(state));
    if p.flagged { format!("{label}{}", words.t("player-cell-flagged")) } else { label }
}

pub(super) fn cell_shape(p: &Progress) -> &'static str {
    match (p.seen, p.answered && !p.incomplete, p.flagged) {
        (_, true, false) => "position position--answered",
        (_, true, true) => "position position--answered position--flagged",
        (true, false, false) => "position position--unanswered",
        (true, false, true) => "position position--unanswered position--flagged",
        (false, false, false) => "position position--unseen",
        (false, false, true) => "position position--unseen position--flagged",
    }
}
