//! What is on record about one member beside progress and contributions, in lines for staff: attempts, ties, handles, attestations, strikes, and what the
//! audit log says of them. Each part only for whoever may see it elsewhere.

use std::collections::BTreeMap;

use super::called::{exam_key, titles};
use super::staff_cards::may;
use crate::access::{Principal, ReadAudit, ReadResults, WatchContributions};
use crate::actor::Actor;
use crate::app::App;
use crate::database::audit;
use crate::database::pagination::Listed;
use crate::error::{Error, Result};
use crate::ids::MemberId;
use crate::members::Member;
use crate::web::i18n::Words;
use crate::web::zone::Zone;
use crate::{attempts, attestations, contributions, credentials, exams, members};

/// Attempts and audit rows on a page.
const ON_A_PAGE: u64 = 20;

/// One thing with its date, what it is, where to see it, and what more there is to say.
pub(super) struct RecordLine {
    pub date: String,
    pub text: String,
    pub href: Option<String>,
    pub more: Vec<String>,
    /// Whether it was taken back, lifted or is over.
    pub over: bool,
}

/// A page of lines, and where the next begins.
#[derive(Default)]
pub(super) struct Lines {
    pub lines: Vec<RecordLine>,
    pub next: Option<String>,
}

/// Everything on record. None where the reader may not see it.
pub(super) struct Record {
    pub ties: Vec<RecordLine>,
    pub handles: Vec<RecordLine>,
    pub attempts: Option<Lines>,
    pub attestations: Vec<RecordLine>,
    pub strikes: Option<Vec<RecordLine>>,
    pub audit: Option<Lines>,
}

/// With what a record is told.
pub(super) struct Clerk<'a> {
    pub app: &'a App,
    pub w: Words,
    pub zone: &'a Zone,
    pub reader: &'a Principal,
}

impl Clerk<'_> {
    /// `attempts_after` and `audit_before`: where the pages of attempts and of the audit log go on.
    pub async fn record(
        &self,
        member: &Member,
        attempts_after: Option<&str>,
        audit_before: Option<&str>,
    ) -> Result<Record> {
        let db = self.app.db.read();
        let said = attestations::of_member(db, member.id).await?;
        let strikes = contributions::strikes_of(db, member.id).await?;
        let mut objects = vec![member.id.to_string()];
        objects.extend(said.iter().map(|said| said.id.to_string()));
        objects.extend(strikes.iter().map(|strike| strike.id.to_string()));
        let held = credentials::of_member(db, member.id).await?;
        objects.extend(held.iter().map(|credential| credential.id.to_string()));
        let claims = contributions::claims_of(db, member.id).await?;
        objects.extend(claims.iter().map(|claim| claim.id.to_string()));
        Ok(Record {
            ties: self.ties(member.id).await?,
            handles: self.handles(member.id, &claims).await?,
            attempts: match may::<ReadResults>(self.reader) {
                true => Some(self.attempts(member.id, attempts_after).await?),
                false => None,
            },
            attestations: self.attestations(&said).await?,
            strikes: may::<WatchContributions>(self.reader).then(|| self.strikes(member.id, &strikes)),
            audit: match may::<ReadAudit>(self.reader) {
                true => Some(self.audit(&objects, audit_before).await?),
                false => None,
            },
        })
    }

    async fn ties(&self, member: MemberId) -> Result<Vec<RecordLine>> {
        let (w, now) = (self.w, self.app.db.now());
        let mut lines = vec![];
        for (tie, by) in members::affiliations_of(self.app.db.read(), member).await? {
            let from = self.zone.date(w, tie.from);
            let until = tie.until.map(|until| self.zone.date(w, until));
            lines.push(RecordLine {
                date: match until {
                    Some(until) => w.with2("person-from-to", "from", from, "to", until),
                    None => w.with1("person-from", "from", from),
                },
                text: tie.organization,
                href: None,
                over: tie.until.is_some_and(|until| until <= now),
                more: tie
                    .title
                    .into_iter()
                    .chain([w.with1("person-stated-by", "name", self.named(&by).await?)])
                    .collect(),
            });
        }
        Ok(lines)
    }

    async fn handles(&self, member: MemberId, claims: &[contributions::HandleClaim]) -> Result<Vec<RecordLine>> {
        let w = self.w;
        let linked = members::handles_of(self.app.db.read(), member).await?.into_iter();
        let mut lines: Vec<RecordLine> = linked
            .map(|handle| RecordLine {
                date: String::new(),
                text: handle,
                href: None,
                more: vec![w.t("person-handle-linked")],
                over: false,
            })
            .collect();
        lines.extend(claims.iter().map(|claim| RecordLine {
            date: self.zone.date(w, claim.decided_at.unwrap_or(claim.claimed_at)),
            text: claim.handle.clone(),
            href: None,
            more: vec![claim.source.clone(), w.t(&format!("person-claim-{}", claim.state.as_str()))],
            over: matches!(claim.state, contributions::ClaimState::Refused | contributions::ClaimState::Released),
        }));
        Ok(lines)
    }

    async fn attempts(&self, member: MemberId, after: Option<&str>) -> Result<Lines> {
        let (db, w) = (self.app.db.read(), self.w);
        let after = after.map(str::parse).transpose().map_err(|_| Error::not_found())?;
        let found = attempts::sittings_of(db, member, after, ON_A_PAGE + 1).await?;
        let listed = Listed::cut(found, ON_A_PAGE, |sitting| sitting.attempt.to_string());
        let titles = titles(self.app, w).await?;
        let mut lines = vec![];
        for sitting in listed.data {
            let slug = exams::by_id(db, sitting.exam, sitting.exam_version).await?.spec.slug;
            let mut more = vec![w.with1("result-ordinal", "ordinal", sitting.ordinal)];
            more.push(w.t(&format!("person-attempt-{}", sitting.state.replace('_', "-"))));
            if let Some((points, max, passed)) = &sitting.came_out {
                let (points, max) = (points.to_string(), max.to_string());
                more.push(w.with2(
                    if *passed { "person-passed" } else { "person-failed" },
                    "points",
                    points,
                    "max",
                    max,
                ));
                if !sitting.is_released {
                    more.push(w.t("person-result-held"));
                }
            }
            lines.push(RecordLine {
                date: self.zone.instant(w, sitting.began_at),
                text: titles.get(&exam_key(&slug)).cloned().unwrap_or(slug),
                href: Some(format!("/admin/attempts/{}", sitting.attempt)),
                over: sitting.state == "voided",
                more,
            });
        }
        Ok(Lines { lines, next: listed.next_cursor })
    }

    async fn attestations(&self, said: &[attestations::Attestation]) -> Result<Vec<RecordLine>> {
        let w = self.w;
        let mut lines = vec![];
        for said in said.iter().rev() {
            let mut more = vec![w.with1("person-said-by", "name", self.named(&said.by).await?)];
            more.extend(said.note.clone());
            if let Some(taken) = &said.taken_back {
                let date = self.zone.date(w, taken.at);
                more.push(w.with2("person-taken-back", "date", date, "reason", taken.reason.as_str()));
            }
            lines.push(RecordLine {
                date: self.zone.date(w, said.at),
                text: said.role.clone(),
                href: None,
                over: said.taken_back.is_some(),
                more,
            });
        }
        Ok(lines)
    }

    fn strikes(&self, member: MemberId, strikes: &[contributions::Strike]) -> Vec<RecordLine> {
        let (w, now) = (self.w, self.app.db.now());
        let line = |strike: &contributions::Strike| RecordLine {
            date: self.zone.date(w, strike.recorded_at),
            text: strike.reason.clone(),
            href: Some(format!("/admin/members/{member}/strikes")),
            more: vec![match strike.lifted_at {
                Some(at) => w.with1("person-lifted", "date", self.zone.date(w, at)),
                None => w.with1("person-until", "date", self.zone.date(w, strike.expires_at)),
            }],
            over: !strike.stands(now),
        };
        strikes.iter().map(line).collect()
    }

    async fn audit(&self, objects: &[String], before: Option<&str>) -> Result<Lines> {
        let before = before.map(str::parse).transpose().map_err(|_| Error::not_found())?;
        let found = audit::about(self.app.db.read(), objects, before, ON_A_PAGE + 1).await?;
        let listed = Listed::cut(found, ON_A_PAGE, |row| row.seq.to_string());
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        let mut lines = vec![];
        for row in listed.data {
            if !names.contains_key(&row.actor) {
                names.insert(row.actor.clone(), self.named(&row.actor).await?);
            }
            let by = names.get(&row.actor).cloned().unwrap_or_default();
            lines.push(RecordLine {
                date: self.zone.instant(self.w, crate::clock::from_millis(row.at)),
                href: row.object.starts_with("crd_").then(|| format!("/admin/credentials/{}", row.object)),
                text: row.action,
                more: vec![self.w.with1("person-done-by", "name", by), row.object],
                over: false,
            });
        }
        Ok(Lines { lines, next: listed.next_cursor })
    }

    /// Who did something: a member by name, a key by its id.
    async fn named(&self, actor: &str) -> Result<String> {
        Ok(match Actor::parse(actor) {
            Some(Actor::Member(id)) => match members::find(self.app.db.read(), id).await {
                Ok(member) => member.name,
                Err(_) => actor.to_owned(),
            },
            Some(Actor::Operator) => self.w.t("record-operator"),
            _ => actor.to_owned(),
        })
    }
}
