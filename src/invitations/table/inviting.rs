//! Inviting everybody of a table: a letter each where mail is set, else a table of links, shown once.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::sheet::Settings;
use crate::access::{EnrolMembers, May, Posted};
use crate::actor::Actor;
use crate::app::App;
use crate::database::{AuditEntry, Kind};
use crate::error::Result;
use crate::ids::{InvitationId, MemberId};
use crate::invitations::by_staff::How;
use crate::invitations::lifecycle::{Standing, State as Stored};
use crate::invitations::service;
use crate::jobs::Job;
use crate::members;
use crate::tables;
use crate::web::page::see_other;

/// One person of the table who is invited now.
pub struct Invited {
    pub invitation: InvitationId,
    pub member: MemberId,
    pub name: String,
    pub email: String,
    /// Where it is to be handed over.
    pub link: Option<String>,
}

/// Whoever of the table never signed in and did not decline, in one change. By mail nobody is written to twice as long as their invitation is open; links
/// are new ones each time, and those made before are worth nothing.
pub async fn invite_all(app: &App, actor: Actor, job: &Job, how: How) -> Result<Vec<Invited>> {
    let rows = tables::rows(app, job).await?;
    let said = rows.iter().filter_map(|row| row.outcome.as_ref()?["member"].as_str()?.parse::<MemberId>().ok());
    // In order of id, so that two who do this at once wait for each other and not in a circle.
    let members: BTreeSet<MemberId> = said.collect();
    let mut made = vec![];
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    for id in members {
        let member = members::find(ch.tx(), id).await?;
        let latest = service::latest_of(ch.tx(), member.id).await?;
        let standing = match &latest {
            Some(latest) => Some(latest.standing(ch.tx(), ch.now).await?),
            None => None,
        };
        let declined = latest.as_ref().is_some_and(|latest| latest.state == Stored::Declined);
        let written_to = how == How::Mail
            && standing == Some(Standing::Open)
            && latest.is_some_and(|latest| latest.mailed || latest.sent_at.is_none());
        if declined || written_to || !members::may_be_claimed(ch.tx(), member.id).await? {
            continue;
        }
        let invitation = service::invite(&mut ch, member.id, Some(job.id)).await?.id;
        let link = match how {
            How::Mail => {
                service::send(&mut ch, invitation).await?;
                None
            }
            How::Link => Some(app.links.invitation(&service::link(&mut ch, invitation, false).await?)),
        };
        made.push(Invited { invitation, member: member.id, name: member.name, email: member.email, link });
    }
    if made.is_empty() {
        ch.undo().await?;
        return Ok(made);
    }
    let detail = json!({"invitations": made.len(), "mailed": how == How::Mail});
    ch.audit(AuditEntry::new("invitation.make", job.id, detail)).await?;
    ch.commit().await?;
    Ok(made)
}

#[derive(Deserialize)]
pub struct HowForm {
    how: How,
}

/// `POST /admin/members/import/{job}/invitations`.
pub async fn invite_table_post(
    staff: May<EnrolMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<HowForm>,
) -> Result<Response> {
    let job = tables::of_path::<Settings>(&app, &id).await?;
    let how = form.how.checked(&app)?;
    let made = invite_all(&app, staff.actor(), &job, how).await?;
    if how == How::Mail {
        return Ok(see_other(&format!("/admin/members/import/{id}?invited={}", made.len())));
    }
    let header = ["name", "email", "invitation_link"].map(str::to_owned).to_vec();
    let lines = made.into_iter().map(|row| vec![row.name, row.email, row.link.unwrap_or_default()]);
    tables::download("invitations.csv", [header].into_iter().chain(lines))
}
