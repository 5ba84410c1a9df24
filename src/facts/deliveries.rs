//! A member who was enrolled has joined: that is the fact from which tenure counts.

use waymark_criteria::{Amount, Detail};

use super::service::{NewFact, record};
use crate::actor::Actor;
use crate::app::App;
use crate::database::Kind;
use crate::domain_event::DomainEvent;
use crate::error::Result;
use crate::members;

pub async fn on_event(app: &App, event: &DomainEvent) -> Result<()> {
    let DomainEvent::MemberEnrolled { member } = event else { return Ok(()) };
    let mut ch = app.db.change(Actor::System("facts"), Kind::Ordinary).await?;
    let joined_at = members::find(ch.tx(), *member).await?.joined_at;
    let fact = NewFact {
        member: *member,
        happened_at: joined_at,
        object: None,
        giver: None,
        amount: Amount::ONE,
        detail: Detail::Membership {},
        origin: format!("membership:{member}"),
    };
    record(&mut ch, fact).await?;
    ch.commit().await
}
