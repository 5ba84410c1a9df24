//! What is left to do before anybody can earn anything here, for the staff's start page.

use crate::access::{ApplyProgram, Permission as _, Principal};
use crate::app::App;
use crate::error::Result;
use crate::web::i18n::Words;
use crate::{banks, contributions, exams, issuer, members, tracks};

/// One step with the page on which it is done.
pub struct Step {
    pub done: bool,
    pub text: String,
    pub about: String,
    pub href: &'static str,
}

/// What the start page shows of this room.
pub struct Setup {
    /// Empty for whoever cannot do them, and once they are all done.
    pub steps: Vec<Step>,
}

impl Setup {
    /// As this visitor sees it.
    pub async fn of(app: &App, w: Words, visitor: &Principal) -> Result<Self> {
        let mut steps = if visitor.holds(ApplyProgram::ROLES) { steps(app, w).await? } else { vec![] };
        if steps.iter().all(|step| step.done) {
            steps.clear();
        }
        Ok(Self { steps })
    }
}

async fn steps(app: &App, w: Words) -> Result<Vec<Step>> {
    let db = app.db.read();
    let step = |name: &str, done: bool, href| Step {
        done,
        text: w.t(&format!("setup-{name}")),
        about: w.t(&format!("setup-{name}-about")),
        href,
    };
    Ok(vec![
        step("issuer", issuer::default_issuer(db).await?.is_some(), "/admin/settings"),
        step("keys", issuer::keyring(app).await.is_ok(), "/admin/settings#keys"),
        step("bank", !banks::banks(db).await?.is_empty(), "/admin/banks"),
        step("exam", !exams::list(db).await?.is_empty(), "/admin/exams"),
        step("source", !contributions::sources(db).await?.is_empty(), "/admin/settings/source"),
        step("track", !tracks::current(db).await?.is_empty(), "/admin/tracks"),
        step("member", members::count(db).await? > 1, "/admin/members"),
    ])
}
