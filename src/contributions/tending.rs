//! What nobody tells of: what is known of old deliveries and refusals is forgotten, and names of givers from before they were keyed are.

use super::health;
use super::inbox;
use super::source::sources;
use super::strangers;
use crate::actor::Actor;
use crate::app::App;
use crate::database::Kind;
use crate::error::Result;

/// Every minute.
pub async fn tend(app: &App) -> Result<()> {
    let ch = app.db.change(Actor::System("contributions"), Kind::Ordinary).await?;
    inbox::forget(&ch).await?;
    for source in sources(ch.tx()).await? {
        health::forget_refusals(&ch, &source.source).await?;
    }
    ch.commit().await?;
    strangers::key_names(app).await
}
