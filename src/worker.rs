//! The worker: claims domain events from the outbox and calls who listens. The one `match` in [`listeners`] shows them all; how many are dealt with
//! at a time, and what becomes of one that fails, is in `batch`.

mod batch;

use std::time::Duration;

use tokio::sync::watch;

pub use batch::{Batch, step};

use crate::app::App;
use crate::clock::Timestamp;
use crate::database::Change;
use crate::database::outbox::Claimed;
use crate::domain_event::{DomainEvent, Heard};
use crate::error::Result;
use crate::jobs::{self, JobKind};
use crate::{
    access, attempts, contributions, credentials, decisions, facts, impact, invitations, notices, planning, ranks,
    thanks, titles, tracks, verification, webhooks,
};

/// How long to rest when nothing is due; a commit in this process rings the bell at once.
const REST: Duration = Duration::from_millis(250);

/// How often to look for what time alone brings about.
const SWEEP: time::Duration = time::Duration::seconds(10);
/// How often to look for what is due to be told outside.
const LOOK: time::Duration = time::Duration::milliseconds(200);
/// How often to look for feeds that are due to be read.
const FEEDS: time::Duration = time::Duration::seconds(10);
/// How often the rooms see to what nobody tells them of.
const EVERY: time::Duration = time::Duration::MINUTE;

/// What listeners learn within one change, so that they ask once.
#[derive(Default)]
struct Learned {
    decisions: decisions::Counted,
    ranks: ranks::Counted,
}

/// Who hears of an event. Each name is kept with the delivery: do not rename lightly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listener {
    Facts,
    Contributions,
    /// Decisions, and with them points and the boards of the season: what they count is one change, and a note for each would cost every fact two
    /// statements.
    Decisions,
    Ranks,
    Credentials,
    Recipients,
    Notices,
    Invitations,
    Thanks,
    Webhooks,
}

impl Listener {
    fn name(self) -> &'static str {
        match self {
            Self::Facts => "facts",
            Self::Contributions => "contributions",
            Self::Decisions => "decisions",
            Self::Ranks => "ranks",
            Self::Credentials => "credentials",
            Self::Recipients => "recipients",
            Self::Notices => "notices",
            Self::Invitations => "invitations",
            Self::Thanks => "thanks",
            Self::Webhooks => "webhooks",
        }
    }

    /// What is only written is written here, inside a change that is shared with other events. Nothing is signed, drawn or sent.
    async fn hear(
        self,
        app: &App,
        ch: &mut Change<'_>,
        learned: &mut Learned,
        claimed: &Claimed,
        event: &DomainEvent,
    ) -> Result<Heard> {
        match self {
            Self::Facts => facts::hear(ch, event).await,
            Self::Contributions => Ok(Heard::Apart),
            Self::Decisions => {
                ranks::hear(ch, &mut learned.ranks, event).await?;
                titles::board::hear(ch, event).await?;
                decisions::hear(ch, &mut learned.decisions, event).await
            }
            Self::Ranks => ranks::hear(ch, &mut learned.ranks, event).await,
            Self::Credentials => credentials::hear(ch.tx(), event).await,
            Self::Recipients => Ok(credentials::needs_letter(app, event)),
            Self::Notices => notices::hear(app, ch, claimed, event).await,
            Self::Invitations => Ok(invitations::hear(app)),
            Self::Thanks => thanks::hear(ch, event).await,
            Self::Webhooks => webhooks::hear(ch.tx(), claimed.told_at, event).await,
        }
    }

    /// The rest, outside of any change.
    async fn deliver(self, app: &App, claimed: &Claimed, event: &DomainEvent) -> Result<()> {
        match self {
            // Nothing is ever left of it.
            Self::Facts | Self::Notices | Self::Thanks => Ok(()),
            Self::Contributions => contributions::on_event(app, event).await,
            Self::Decisions => decisions::on_event(app, event).await,
            Self::Ranks => ranks::on_event(app, event).await,
            Self::Credentials => credentials::on_event(app, event).await,
            Self::Recipients => credentials::write_to_recipient(app, event).await,
            Self::Invitations => invitations::on_event(app, event).await,
            Self::Webhooks => webhooks::on_event(app, claimed.id()?, claimed.told_at, event).await,
        }
    }
}

/// Who listens to what.
fn listeners(event: &DomainEvent) -> &'static [Listener] {
    match event {
        DomainEvent::MemberEnrolled { .. } => &[Listener::Facts],
        DomainEvent::FactRecorded { .. } | DomainEvent::WakeUp { .. } | DomainEvent::TrackPublished { .. } => {
            &[Listener::Decisions]
        }
        DomainEvent::FactVoided { .. } => &[Listener::Decisions, Listener::Thanks],
        DomainEvent::LadderPublished { .. } => &[Listener::Ranks],
        DomainEvent::HandleLinked { .. } => &[Listener::Contributions],
        DomainEvent::MemberInvited { .. } => &[Listener::Invitations],
        DomainEvent::DecisionReached { .. }
        | DomainEvent::DecisionSuperseded { .. }
        | DomainEvent::CredentialIntended { .. }
        | DomainEvent::KeyGivenUp { .. }
        | DomainEvent::KeyCompromised { .. } => &[Listener::Credentials],
        DomainEvent::CredentialStatusChanged { .. } => &[Listener::Credentials, Listener::Notices, Listener::Webhooks],
        DomainEvent::CredentialReleased { .. } => &[Listener::Recipients, Listener::Notices, Listener::Webhooks],
        DomainEvent::ResultReleased { .. } => &[Listener::Notices, Listener::Webhooks],
        DomainEvent::GoalNear { .. }
        | DomainEvent::ContributionHeld { .. }
        | DomainEvent::ContributionRefused { .. }
        | DomainEvent::StrikeRecorded { .. }
        | DomainEvent::WindowMoved { .. }
        | DomainEvent::WindowCancelled { .. }
        | DomainEvent::ThanksGiven { .. } => &[Listener::Notices],
        DomainEvent::AttemptStarted { .. }
        | DomainEvent::AttemptPaused { .. }
        | DomainEvent::AttemptResumed { .. }
        | DomainEvent::AttemptSubmitted { .. }
        | DomainEvent::AttemptVoided { .. }
        | DomainEvent::VoucherRedeemed { .. }
        | DomainEvent::WebhookGivenUp { .. } => &[Listener::Webhooks],
        DomainEvent::ItemWithdrawn { .. }
        | DomainEvent::CredentialReplaced { .. }
        | DomainEvent::CredentialRenewed { .. } => &[],
    }
}

/// Works until told to stop.
pub async fn run(app: App, mut stopped: watch::Receiver<bool>) {
    let bell = app.db.bell.clone();
    let (mut swept, mut tended, mut looked) = (None, None, None);
    let mut underway = webhooks::Underway::default();
    let (mut feeds, mut read) = (contributions::Fetching::default(), None);
    loop {
        let now = app.db.now();
        if is_due(&mut swept, now, SWEEP) {
            sweep(&app).await;
        }
        if is_due(&mut tended, now, EVERY) {
            tend(&app).await;
        }
        if is_due(&mut looked, now, LOOK)
            && let Err(e) = underway.go_on(&app).await
        {
            tracing::error!(error = %e, "what webhooks are owed could not be looked up");
        }
        if is_due(&mut read, now, FEEDS)
            && let Err(e) = feeds.go_on(&app, now).await
        {
            tracing::error!(error = %e, "feeds that are due could not be looked up");
        }
        if app.counts.is_full()
            && let Err(e) = impact::flush(&app).await
        {
            tracing::error!(error = %e, "looks could not be written down");
        }
        let worked = match next(&app).await {
            Ok(worked) => worked,
            Err(e) => {
                tracing::error!(error = %e, "the worker stumbled");
                false
            }
        };
        if *stopped.borrow() {
            return;
        }
        if !worked {
            tokio::select! {
                () = bell.notified() => {},
                _ = tokio::time::timeout(REST, std::future::pending::<()>()) => {},
                _ = stopped.changed() => {},
            }
        }
    }
}

/// Whether `pause` has passed since the last time; a clock that went back counts as passed.
fn is_due(last: &mut Option<Timestamp>, now: Timestamp, pause: time::Duration) -> bool {
    let due = last.is_none_or(|at| now - at >= pause || now < at);
    if due {
        *last = Some(now);
    }
    due
}

/// Every few seconds: what time alone brings about.
async fn sweep(app: &App) {
    if let Err(e) = attempts::live(app).await {
        tracing::error!(error = %e, "the sign of life could not be given");
    }
    if let Err(e) = attempts::expire_due(app).await {
        tracing::error!(error = %e, "attempts whose time is over could not all be closed");
    }
    if let Err(e) = attempts::turn_due(app).await {
        tracing::error!(error = %e, "clocks that run again by themselves could not all be told of");
    }
    if let Err(e) = attempts::release_due(app).await {
        tracing::error!(error = %e, "results whose date has come could not all be released");
    }
    if let Err(e) = attempts::rescore_due(app).await {
        tracing::error!(error = %e, "attempts with a voided item could not all be scored again");
    }
    if let Err(e) = tracks::take_effect_due(app).await {
        tracing::error!(error = %e, "tracks whose day has come could not all be published");
    }
    // Also where events never end.
    boards(app).await;
    if let Err(e) = decisions::wake_due(app).await {
        tracing::error!(error = %e, "standings that time may have moved could not all be looked at");
    }
}

/// At start and every minute: what no event tells of.
async fn tend(app: &App) {
    for (room, outcome) in [
        ("credentials", credentials::tend(app).await),
        ("attempts", attempts::tend(app).await),
        ("access", access::forget_answers(app).await),
        ("jobs", jobs::tend(app).await),
        ("verification", verification::tend(app).await),
        ("impact", impact::flush(app).await),
        ("webhooks", webhooks::tend(app).await),
        ("contributions", contributions::tend(app).await),
        ("thanks", thanks::tend(app).await),
        ("notices", notices::tend(app).await),
    ] {
        if let Err(e) = outcome {
            tracing::error!(room, error = %e, "a room could not tend its own");
        }
    }
}

/// One batch of events and one row of long work, so that neither waits for the end of the other; where no event is left, the boards, which count a member
/// once however many there were. Answers whether there was any.
async fn next(app: &App) -> Result<bool> {
    let stepped = step(app, Batch::USUAL).await?;
    let counted = !stepped && boards(app).await;
    // Work that stumbles holds up no event.
    let worked = work(app).await.unwrap_or_else(|e| {
        tracing::error!(error = %e, "long work stumbled");
        false
    });
    Ok(stepped || counted || worked)
}

/// Counts what is due on boards of a season. Answers whether there was any.
async fn boards(app: &App) -> bool {
    let counted = titles::board::recount_due(app).await.unwrap_or_else(|e| {
        tracing::error!(error = %e, "boards could not all be counted again");
        0
    });
    counted > 0
}

/// Deals with one row of long work, if one waits. Answers whether there was one. Who does which work stands here.
pub async fn work(app: &App) -> Result<bool> {
    let Some(job) = jobs::next(app.db.read(), app.db.now()).await? else { return Ok(false) };
    match job.kind {
        JobKind::BulkIssue => credentials::work(app, &job).await,
        JobKind::TrackPlan | JobKind::TrackHealth => planning::work(app, &job).await,
        JobKind::ContributionTable => contributions::take_row(app, &job).await,
        JobKind::MemberTable => invitations::take_row(app, &job).await,
    }
}

/// Works off everything that is due now: for tests and for commands that end.
pub async fn drain(app: &App) -> Result<()> {
    loop {
        while next(app).await? {}
        if !webhooks::send_due(app).await? {
            return Ok(());
        }
    }
}
