//! A member became known under a further name: what was held for that name is theirs.

use super::settling::settle;
use crate::actor::Actor;
use crate::app::App;
use crate::database::Kind;
use crate::domain_event::DomainEvent;
use crate::error::Result;

const PAGE: u64 = 50;

pub async fn on_event(app: &App, event: &DomainEvent) -> Result<()> {
    let DomainEvent::HandleLinked { member } = event else { return Ok(()) };
    let mut after = None;
    loop {
        let mut ch = app.db.change(Actor::System("contributions"), Kind::Ordinary).await?;
        after = settle(&mut ch, *member, after, PAGE).await?;
        ch.commit().await?;
        if after.is_none() {
            return Ok(());
        }
    }
}
