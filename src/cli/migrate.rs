//! `waymark migrate`: bring the database up to this program's schema.

use serde_json::json;

use super::{Context, Exit, Outcome};

pub(super) async fn run(context: &Context) -> Outcome {
    let app = context.connect().await?;
    let applied = app.db.migrate().await?;
    let text =
        if applied == 0 { "the database is up to date".to_owned() } else { format!("{applied} migrations applied") };
    context.print(&json!({"applied": applied}), &text);
    Ok(Exit::Ok)
}
