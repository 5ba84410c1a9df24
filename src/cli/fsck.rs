//! `waymark fsck`: read everything again and say what is not as it should be.

use serde_json::json;

use super::{Context, Exit, Outcome, counted};
use crate::attempts;
use crate::credentials;
use crate::database::audit;

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
    let sound = lines.is_empty();
    if sound {
        lines.push(format!(
            "sound: {}, {}, {}, {} with {}, {}",
            counted(examined.credentials, "credential"),
            counted(examined.intents, "intent"),
            counted(examined.status_lists, "status list"),
            counted(sittings.attempts, "attempt"),
            counted(sittings.events, "event"),
            counted(rows.unwrap_or_default(), "audit row")
        ));
    }
    let body = json!({"sound": sound, "examined": examined, "attempts": sittings, "audit_rows": rows, "audit_broken_at": broken});
    context.print(&body, &lines.join("\n"));
    Ok(if sound { Exit::Ok } else { Exit::Failure })
}
