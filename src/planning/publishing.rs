//! Publishing what was written here: now or on a day to come, told or silently.

use serde_json::json;

use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, rfc3339};
use crate::database::{AuditEntry, Change, Kind};
use crate::error::{Code, Error, Fault, Result};
use crate::issuer;
use crate::tracks::{self, Managed, Publishing, TrackDefinition, TrackVersion};

/// How it is to be published.
#[derive(Debug, Clone, Copy, Default)]
pub struct Publication {
    /// Members are told nothing of what the publishing alone brings them.
    pub silent: bool,
    /// Now, where nothing is said or the moment has passed.
    pub effective_at: Option<Timestamp>,
    /// Only try it.
    pub dry_run: bool,
}

/// What came of it.
#[derive(Debug, Clone)]
pub enum Published {
    /// This version stands from now on.
    Now(Box<TrackVersion>),
    /// It is put down for this moment.
    Later(Timestamp),
    /// What stands says the same already.
    Same(Box<TrackVersion>),
}

/// Refuses what files write.
pub fn require_ours(known: Option<&TrackVersion>) -> Result<()> {
    match known {
        Some(version) if version.managed == Managed::Files => Err(Error::new(Code::ManagedByFiles)),
        _ => Ok(()),
    }
}

/// Publishes a definition that was checked. `seen` is the version that the writer saw, where they said one.
pub async fn publish(
    app: &App,
    actor: Actor,
    definition: &TrackDefinition,
    how: Publication,
    expect: impl FnOnce(Option<&TrackVersion>) -> Result<()>,
) -> Result<Published> {
    let slug = definition.slug.as_str();
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    ch.take_turn(&format!("track {slug}")).await?;
    let known = tracks::by_slug(ch.tx(), slug).await?;
    expect(known.as_ref())?;
    require_ours(known.as_ref())?;
    let later = how.effective_at.filter(|at| *at > ch.now);
    let published = match later {
        Some(at) => put_down(&mut ch, definition, how, at).await?,
        None => at_once(&mut ch, definition, how, known).await?,
    };
    if how.dry_run {
        ch.undo().await?;
        return Ok(published);
    }
    match &published {
        Published::Same(_) => {
            // The same track again makes no version: nothing goes but the draft, which is nobody's standing.
            ch.undo().await?;
            let mut ch = app.db.change(actor, Kind::Ordinary).await?;
            tracks::drop_draft(&mut ch, slug).await?;
            ch.commit().await?;
        }
        _ => ch.commit().await?,
    }
    Ok(published)
}

async fn at_once(
    ch: &mut Change<'_>,
    definition: &TrackDefinition,
    how: Publication,
    known: Option<TrackVersion>,
) -> Result<Published> {
    let slug = definition.slug.as_str();
    let no_issuer = || {
        Fault::new("", "no_issuer", "nobody issues here yet: name the issuer under Settings, or apply a program.yaml")
    };
    let issuer = issuer::default_issuer(ch.tx()).await?.ok_or_else(|| Error::invalid(vec![no_issuer()]))?;
    let by = Publishing { silent: how.silent, by: Managed::Here };
    let Some(version) = tracks::publish_as(ch, issuer.id, definition, by).await? else {
        let known = known.ok_or_else(|| Error::internal("a track that says the same stands nowhere"))?;
        return Ok(Published::Same(Box::new(known)));
    };
    tracks::drop_draft(ch, slug).await?;
    tracks::unschedule(ch, slug).await?;
    let version = tracks::version(ch.tx(), version).await?;
    let detail = json!({"slug": slug, "version": version.number, "silent": how.silent});
    ch.audit(AuditEntry::new("track.publish", version.track, detail)).await?;
    Ok(Published::Now(Box::new(version)))
}

async fn put_down(
    ch: &mut Change<'_>,
    definition: &TrackDefinition,
    how: Publication,
    at: Timestamp,
) -> Result<Published> {
    let slug = definition.slug.as_str();
    tracks::schedule(ch, definition, how.silent, at).await?;
    tracks::drop_draft(ch, slug).await?;
    let detail = json!({"slug": slug, "takes_effect_at": rfc3339(at), "silent": how.silent});
    ch.audit(AuditEntry::new("track.schedule", slug, detail)).await?;
    Ok(Published::Later(at))
}

/// Takes back what was put down for a day to come; it is a draft again, unless another one was begun. Answers whether there was anything.
pub async fn take_back(app: &App, actor: Actor, slug: &str) -> Result<bool> {
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    let Some(due) = tracks::scheduled(ch.tx(), slug).await? else {
        ch.undo().await?;
        return Ok(false);
    };
    tracks::unschedule(&ch, slug).await?;
    if tracks::draft(ch.tx(), slug).await?.is_none() {
        tracks::keep_draft(&mut ch, slug, &due.definition.as_file(), 0).await?;
    }
    ch.audit(AuditEntry::new("track.unschedule", slug, json!({"slug": slug}))).await?;
    ch.commit().await?;
    Ok(true)
}

/// From now on the track is written here and not by files. Answers whether that is new.
pub async fn take_over(app: &App, actor: Actor, slug: &str) -> Result<bool> {
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    let known = tracks::by_slug(ch.tx(), slug).await?.ok_or_else(Error::not_found)?;
    if !tracks::take_over(&mut ch, known.track).await? {
        ch.undo().await?;
        return Ok(false);
    }
    ch.audit(AuditEntry::new("track.take_over", known.track, json!({"slug": slug}))).await?;
    ch.commit().await?;
    Ok(true)
}
