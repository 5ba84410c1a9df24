//! `waymark fsck`: read everything again and say what is not as it should be.

use serde_json::json;

use super::{Context, Exit, Outcome, counted, say};
use crate::database::{audit, outbox};
use crate::{attempts, credentials, decisions, ranks};

pub(super) async fn run(context: &Context) -> Outcome {
    let app = context.open().await?;
    let examined = credentials::examine(&app).await?;
    let mut lines: Vec<String> = examined.damage.iter().map(|d| format!("{}: {}", d.object, d.problem)).collect();
    if let Some(other) = &examined.other_address {
        lines.push(format!(
            "address: credentials were signed for {other}, and this command takes itself for {}; set WAYMARK_BASE_URL={other} to have them compared",
            app.links.base()
        ));
    }
    let sittings = attempts::examine(&app).await?;
    lines.extend(sittings.damage.iter().map(|d| format!("{}: {}", d.object, d.problem)));
    let (rows, broken) = match audit::verify(app.db.read()).await? {
        Ok(rows) => (Some(rows), None),
        Err(row) => (None, Some(row)),
    };
    if let Some(row) = broken {
        lines.push(format!("audit: row {row} does not follow from the one before it"));
    }
    // What waits to be dealt with has not been decided yet: that is no damage.
    let (waiting, _) = outbox::waiting(app.db.read()).await?;
    let mut replayed = decisions::replay(app.db.read(), app.db.now()).await?;
    let mut climbed = ranks::replay(app.db.read()).await?;
    if waiting > 0 {
        climbed.differing.clear();
        replayed.differing.clear();
        say(&format!("{} waiting: what was decided was not held against the ledger", counted(waiting, "event")));
    }
    lines.extend(replayed.differing.iter().map(|d| format!("{} {}: {}", d.member, d.track, d.problem)));
    lines.extend(climbed.differing.iter().map(|d| format!("{} {}: {}", d.member, d.ladder, d.problem)));
    let sound = lines.is_empty();
    if sound {
        lines.push(format!(
            "sound: {}, {}, {}, {} with {}, {}, {} of {}",
            counted(examined.credentials, "credential"),
            counted(examined.intents, "intent"),
            counted(examined.status_lists, "status list"),
            counted(sittings.attempts, "attempt"),
            counted(sittings.events, "event"),
            counted(rows.unwrap_or_default(), "audit row"),
            counted(replayed.facts, "fact"),
            counted(replayed.members, "member")
        ));
    }
    let body = json!({"sound": sound, "examined": examined, "attempts": sittings, "audit_rows": rows, "audit_broken_at": broken,
                      "replayed": replayed, "ranks": climbed, "events_waiting": waiting});
    context.print(&body, &lines.join("\n"));
    Ok(if sound { Exit::Ok } else { Exit::Failure })
}
