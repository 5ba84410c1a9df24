//! Givers whom nobody here is known to be: told apart from one another in facts, without saying who they are. The name is keyed with the server's secret, so that nobody
//! who reads facts can try a list of handles against it.

use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest, Sha256};

use super::subject::Subject;
use crate::actor::Actor;
use crate::app::App;
use crate::database::{Change, Kind};
use crate::error::Result;
use crate::facts;

/// What keyed names begin with.
const KEYED: &str = "k:";
const PURPOSE: &str = "waymark unknown giver";
/// Facts that share a change.
const TOGETHER: u64 = 100;

/// The name of a giver whom nobody here is known to be: the same for the same one.
pub(super) fn named(ch: &Change<'_>, giver: &str) -> Result<String> {
    let text = Subject::read(giver).map_or_else(|_| giver.trim().to_lowercase(), |subject| subject.text);
    let plain: String = Sha256::digest(text).iter().take(16).map(|b| format!("{b:02x}")).collect();
    keyed(ch, &plain)
}

/// Made from the digest that once was the name, so that names of that time are those of this.
fn keyed(ch: &Change<'_>, plain: &str) -> Result<String> {
    Ok(format!("{KEYED}{}", ch.keyed(PURPOSE, plain)?))
}

/// Whether names from before were keyed in this process.
#[derive(Default)]
struct Done(AtomicBool);

/// Keys what was recorded under the digest alone. Once at the start of a process: nothing writes such a name any more.
pub(super) async fn key_names(app: &App) -> Result<()> {
    let done = app.own.of::<Done>();
    while !done.0.load(Ordering::Acquire) {
        let found = facts::strangers_unlike(app.db.read(), KEYED, TOGETHER).await?;
        if found.is_empty() {
            done.0.store(true, Ordering::Release);
            break;
        }
        let ch = app.db.change(Actor::System("contributions"), Kind::Ordinary).await?;
        for (fact, plain) in found {
            facts::rename_stranger(&ch, fact, &plain, keyed(&ch, &plain)?).await?;
        }
        ch.commit().await?;
    }
    Ok(())
}
