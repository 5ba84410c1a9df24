//! What the member's page shows: the next milestone, every track, recent contributions, credentials. Staff see the same about a member.

use super::called::{TrackTitles, titles};
use super::explain::FactBook;
use super::given::{Given, GivenLine};
use super::news::{self, News};
use super::renewing::{RenewalCard, renewal_card};
use super::requirement::{Reach, Row, Teller};
use crate::app::App;
use crate::clock::Timestamp;
use crate::contributions;
use crate::credentials::{self, Credential, Status, Visibility};
use crate::decisions::{self, TrackProgress};
use crate::error::Result;
use crate::ids::{MemberId, TrackId};
use crate::tracks::{self, Kind as TrackKind};
use crate::web::assets;
use crate::web::i18n::Words;
use crate::web::zone::Zone;
use crate::{attempts, exams, facts, issuer};

/// Contributions that the page names.
const NAMED: u64 = 200;
/// Contributions in the list.
const RECENT: usize = 20;

/// One track with the member's state.
pub(super) struct TrackCard {
    pub slug: String,
    pub title: String,
    pub kind: String,
    pub badge: String,
    /// Since when it is reached, and nothing has become of it since.
    pub reached: Option<String>,
    /// What became of its credential, where it no longer holds.
    pub lapsed: Option<Lapsed>,
    /// How many hundredths of the way.
    pub percent: u32,
    pub rule: Option<String>,
    pub rows: Vec<Row>,
    /// What renews the credential held, and how far that is.
    pub renewal: Option<RenewalCard>,
}

impl TrackCard {
    /// The requirements that are not met.
    pub fn to_do(&self) -> Vec<&Row> {
        self.rows.iter().filter(|row| row.is_open()).collect()
    }
}

/// A credential that was revoked, is suspended or has expired.
pub(super) struct Lapsed {
    pub credential: String,
    pub state: &'static str,
    pub word: String,
    /// The reason that its holder may read.
    pub reason: Option<String>,
    /// What its holder can do now.
    pub now: String,
    /// Whom to ask.
    pub ask: Option<String>,
}

/// An attempt that is under way.
pub(super) struct OpenAttempt {
    pub id: String,
    pub title: String,
    pub until: String,
}

/// One credential on the shelf.
pub(super) struct CredentialCard {
    pub id: String,
    pub title: String,
    pub badge: String,
    pub awarded: String,
    pub state: &'static str,
    pub state_word: String,
    pub shown_icon: &'static str,
    pub shown_word: String,
}

pub(super) struct Portal {
    pub icons: String,
    pub news: Vec<News>,
    /// Whether staff read it: then nothing speaks to the member.
    pub for_staff: bool,
    pub open: Vec<OpenAttempt>,
    /// Index into `tracks` of the one that is nearest.
    pub next: Option<usize>,
    pub tracks: Vec<TrackCard>,
    /// The latest contributions.
    pub given: Vec<GivenLine>,
    /// How many there are.
    pub given_of: u64,
    pub credentials: Vec<CredentialCard>,
}

impl Portal {
    /// The card of the track that is nearest.
    pub fn next_card(&self) -> Option<&TrackCard> {
        self.next.and_then(|n| self.tracks.get(n))
    }

    /// Whether something is reached, and all of that still holds; with no next track, that is everything that a member reaches by what they do.
    pub fn all_hold(&self) -> bool {
        let reached = self.tracks.iter().any(|card| card.reached.is_some());
        reached && self.tracks.iter().all(|card| card.lapsed.is_none())
    }

    /// Reads everything about one member, for them or for staff.
    pub async fn of(app: &App, w: Words, member: MemberId, now: Timestamp, for_staff: bool) -> Result<Self> {
        let db = app.db.read();
        let zone = calendar(app).await?;
        let facts = facts::kept_of_member(app, member).await?;
        let progress = decisions::progress_over(db, member, &facts, now).await?;
        let given = contributions::of_member(db, member, NAMED).await?;
        let titles = titles(app, w).await?;
        let decided = crate::titles::said_of_facts(db, w, &zone, &facts).await?;
        let book = FactBook::new(w, zone.clone(), &facts, &given, &titles).with_decided(decided);
        let icons = assets::url("icons.svg");

        let held = credentials::of_member(db, member).await?;
        let mut cards = vec![];
        for p in &progress {
            let mut card = card(w, p, &book, &titles, &icons, &zone, for_staff);
            if let Some(known) = no_longer(&held, p.version.track, now) {
                let issuer = issuer::find(db, known.issuer).await?.profile;
                card.lapsed = Some(lapsed(w, known, &zone, w.pick(&issuer.name), issuer.email));
                card.reached = None;
            }
            cards.push(card);
        }
        let next = nearest(&progress);
        let latest: Vec<_> = given.iter().take(RECENT).collect();
        let sources = contributions::named_sources(db).await?;
        let lines = Given { w, progress: &progress, book: &book, sources: &sources, for_staff }.lines(&latest);
        let extent = contributions::extent_of_member(db, member).await?;
        let (mut shelf, mut lately) = (vec![], vec![]);
        for credential in held {
            let title = tracks::version(db, credential.track_version).await?.definition.title;
            let found = credentials::succession(db, &credential).await?;
            if !for_staff {
                lately.extend(news::of(w, &credential, &found, w.pick(&title), &zone, now));
            }
            let mut card = on_shelf(w, &credential, w.pick(&title), &zone, now);
            if found.replaced_by.is_some() {
                card.state_word = w.t("shelf-replaced");
            }
            shelf.push(card);
        }
        let mut open = vec![];
        for attempt in attempts::under_way(db, member, now).await? {
            let exam = exams::by_id(db, attempt.exam, attempt.exam_version).await?;
            let title = exam.spec.title.as_ref().map(|title| title.pick(w.lang()).1.to_owned());
            open.push(OpenAttempt {
                id: attempt.id.to_string(),
                title: title.unwrap_or(exam.spec.slug),
                until: attempt.life.sitting().map_or_else(String::new, |s| zone.instant(w, s.deadline)),
            });
        }
        let given_of = extent.map_or(0, |(n, ..)| n);
        Ok(Self {
            icons,
            news: lately,
            for_staff,
            open,
            next,
            tracks: cards,
            given: lines,
            given_of,
            credentials: shelf,
        })
    }
}

/// The calendar by which this installation tells days.
pub(super) async fn calendar(app: &App) -> Result<Zone> {
    Ok(issuer::default_issuer(app.db.read()).await?.map_or_else(Zone::utc, |issuer| issuer.profile.zone()))
}

/// The newest credential of the track, where none of them holds.
pub(super) fn no_longer(held: &[Credential], track: TrackId, now: Timestamp) -> Option<&Credential> {
    let holds = |c: &&Credential| c.status == Status::Valid && !c.has_expired(now);
    let of_track = || held.iter().filter(|c| c.track == track);
    if of_track().any(|c| holds(&c)) { None } else { of_track().max_by_key(|c| (c.term, c.awarded_at)) }
}

/// In what way it no longer holds: the word of its state, and the day.
pub(super) fn lapse_words(w: Words, c: &Credential, zone: &Zone) -> (&'static str, String) {
    let changed = || c.status_changed_at.unwrap_or(c.awarded_at);
    let (state, at) = match c.status {
        Status::Revoked => ("revoked", changed()),
        Status::Suspended => ("suspended", changed()),
        Status::Valid => ("expired", c.valid_until.unwrap_or(c.awarded_at)),
    };
    (state, w.with1(&format!("lapsed-{state}"), "date", zone.date(w, at)))
}

fn lapsed(w: Words, c: &Credential, zone: &Zone, issuer: &str, ask: Option<String>) -> Lapsed {
    let (state, word) = lapse_words(w, c, zone);
    Lapsed {
        credential: c.id.to_string(),
        state,
        word,
        reason: c.public_reason.as_deref().map(|reason| w.with1("credential-public-reason", "reason", reason)),
        now: w.with1(&format!("lapsed-{state}-now"), "issuer", issuer),
        ask,
    }
}

fn card(
    w: Words,
    p: &TrackProgress,
    book: &FactBook<'_>,
    titles: &TrackTitles,
    icons: &str,
    zone: &Zone,
    for_staff: bool,
) -> TrackCard {
    let definition = &p.version.definition;
    let criteria = p.version.requirements();
    let teller = Teller { w, icons, slug: &definition.slug, part: "", tracks: titles, book, for_staff };
    let (rule, rows) = teller.rows(&criteria, &p.decision);
    let renewal = renewal_card(&Teller { part: "renewal-", ..teller }, p, zone);
    TrackCard {
        slug: definition.slug.clone(),
        title: w.pick(&definition.title).to_owned(),
        kind: w.t(&format!("track-kind-{}", definition.kind.as_str())),
        badge: format!("/achievements/{}/badge.svg", p.version.track),
        reached: p.decision.decided_at().map(|at| zone.date(w, at)),
        lapsed: None,
        percent: Reach::of(&p.decision).percent(),
        rule,
        rows,
        renewal,
    }
}

/// Index of the track that is nearest of those not reached; a certification before others where the way is equal. What other people decide or say
/// is nobody's next step.
pub(super) fn nearest(progress: &[TrackProgress]) -> Option<usize> {
    let own = |p: &TrackProgress| !matches!(p.version.definition.kind, TrackKind::Title | TrackKind::Thanks);
    let open = progress.iter().enumerate().filter(|(_, p)| !p.decision.is_met() && own(p));
    let placed = open.map(|(n, p)| (Reach::of(&p.decision), p.version.definition.kind != TrackKind::Certification, n));
    placed.min_by(|(a, x, m), (b, y, n)| a.nearer(*b).then(x.cmp(y)).then(m.cmp(n))).map(|(_, _, n)| n)
}

fn on_shelf(w: Words, c: &Credential, title: &str, zone: &Zone, now: Timestamp) -> CredentialCard {
    let state = match c.status {
        Status::Revoked => "revoked",
        Status::Suspended => "suspended",
        Status::Valid if c.has_expired(now) => "expired",
        Status::Valid => "valid",
    };
    let (shown_icon, shown) = match c.visibility {
        Visibility::Private => ("eye-off", "shown-private"),
        Visibility::Link => ("link", "shown-link"),
        Visibility::Public => ("eye", "shown-public"),
    };
    CredentialCard {
        id: c.id.to_string(),
        title: title.to_owned(),
        badge: format!("/achievements/{}/badge.svg", c.track),
        awarded: zone.date(w, c.awarded_at),
        state,
        state_word: w.t(&format!("shelf-{state}")),
        shown_icon,
        shown_word: w.t(shown),
    }
}
