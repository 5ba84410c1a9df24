//! A member who was enrolled has joined: that is the fact from which tenure counts.

use waymark_criteria::{Amount, Detail};

use super::service::{NewFact, record};
use crate::database::Change;
use crate::domain_event::{DomainEvent, Heard};
use crate::error::Result;
use crate::members;

pub async fn hear(ch: &mut Change<'_>, event: &DomainEvent) -> Result<Heard> {
    let DomainEvent::MemberEnrolled { member } = event else { return Ok(Heard::Whole) };
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
    record(ch, fact).await?;
    Ok(Heard::Whole)
}
