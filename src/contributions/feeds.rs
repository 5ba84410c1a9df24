//! Feeds of articles that members name as theirs: proved by a code that only their author can put there, then fetched now and again; each article is one
//! contribution, named by its permanent address.
//!
//! A feed is fetched outside of any change, by the guarded connector, with what tells its server which edition is known. A feed that fails is asked more and more seldom.

use std::collections::BTreeSet;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde_json::json;
use time::Duration;
use tokio::task::JoinSet;
use url::Url;

use super::adapter::{Adapter, Native, counts_from};
use super::adapters::feed::{self, Feed};
use super::entity::{feed as row, received};
use super::envelope::Envelope;
use super::intake::receive_many;
use super::links;
use super::service::Speaker;
use super::source::{SourceDefinition, source, sources};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Kind, Read};
use crate::entropy;
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{FeedId, MemberId};
use crate::outbound::{Edition, FetchError};

const WORKER: Actor = Actor::System("feeds");
/// A feed that is well is asked this often.
const EVERY: Duration = Duration::hours(1);
/// One that fails is asked at least this often.
const AT_LEAST: Duration = Duration::hours(24);
/// A person who presses the button again and again does not make us ask more often.
const PAUSE: Duration = Duration::seconds(30);
/// Feeds that one process fetches at once.
const MOST: usize = 8;
/// Feeds that one member may name.
const MOST_OF_ONE: u64 = 5;
const LONGEST_URL: usize = 500;

/// One feed of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberFeed {
    pub id: FeedId,
    pub source: String,
    pub member: MemberId,
    pub url: String,
    /// What its author puts into it.
    pub code: String,
    pub proved_at: Option<Timestamp>,
    /// Whose articles count; all where the feed is one person's.
    pub author: Option<String>,
    pub fetched_at: Option<Timestamp>,
    /// Why the last try brought nothing.
    pub problem: Option<String>,
    edition: Edition,
    next_at: Timestamp,
    failures: i32,
}

fn read(row: row::Model) -> Result<MemberFeed> {
    Ok(MemberFeed {
        id: row.id.parse().map_err(Error::internal)?,
        source: row.source,
        member: row.member.parse().map_err(Error::internal)?,
        url: row.url,
        code: row.code,
        proved_at: row.proved_at.map(from_millis),
        author: row.author,
        fetched_at: row.fetched_at.map(from_millis),
        problem: row.problem,
        edition: Edition { etag: row.etag, last_modified: row.last_modified },
        next_at: from_millis(row.next_at),
        failures: row.failures,
    })
}

/// The sources that take articles.
pub async fn feed_sources(db: &impl Read) -> Result<Vec<SourceDefinition>> {
    Ok(sources(db).await?.into_iter().filter(|source| source.adapter == Adapter::Feed).collect())
}

/// The feeds of a member, in the order in which they were named.
pub async fn feeds_of(db: &impl Read, member: MemberId) -> Result<Vec<MemberFeed>> {
    let find = row::Entity::find().filter(row::Column::Member.eq(member.to_string())).order_by_asc(row::Column::Id);
    find.all(db).await?.into_iter().map(read).collect()
}

/// A feed of the member; nobody else's is found.
pub async fn feed_of(db: &impl Read, member: MemberId, id: FeedId) -> Result<MemberFeed> {
    let found = row::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?;
    if found.member == member.to_string() { read(found) } else { Err(Error::not_found()) }
}

/// Names a feed as the member's; nothing of it counts until it is proved.
pub async fn name_feed(ch: &mut Change<'_>, member: MemberId, of: &str, url: &str) -> Result<FeedId> {
    let wrong = |code, detail: &str| Error::invalid(vec![Fault::new("/url", code, detail)]);
    let definition = source(ch.tx(), of).await?.filter(|source| source.adapter == Adapter::Feed);
    let definition = definition.ok_or_else(Error::not_found)?;
    let url = url.trim();
    let parsed = Url::parse(url).ok().filter(|url| url.scheme() == "https" && url.fragment().is_none());
    let host = parsed.as_ref().and_then(|url| url.domain()).filter(|_| url.len() <= LONGEST_URL);
    let (Some(parsed), Some(host)) = (&parsed, host) else {
        return Err(wrong("invalid_url", "write the https address of an RSS or Atom feed"));
    };
    if !counts_from(&definition.from, host) {
        return Err(wrong("place_not_listed", "feeds of this site do not count here"));
    }
    let own = row::Entity::find().filter(row::Column::Member.eq(member.to_string())).all(ch.tx()).await?;
    if own.iter().any(|row| row.source == definition.source && row.url == parsed.as_str()) {
        return Err(Error::new(Code::Conflict));
    }
    if own.len() as u64 >= MOST_OF_ONE {
        return Err(wrong("too_many", "remove a feed before you name another"));
    }
    let id: FeedId = ch.id();
    let code: String = entropy::bytes::<8>(ch.entropy()).iter().map(|b| format!("{b:02x}")).collect();
    let row = row::ActiveModel {
        id: Set(id.to_string()),
        source: Set(definition.source),
        member: Set(member.to_string()),
        url: Set(parsed.as_str().to_owned()),
        code: Set(format!("waymark-{code}")),
        proved: Set(None),
        author: Set(None),
        etag: Set(None),
        last_modified: Set(None),
        added_at: Set(millis(ch.now)),
        proved_at: Set(None),
        next_at: Set(millis(ch.now)),
        fetched_at: Set(None),
        failures: Set(0),
        problem: Set(None),
    };
    row::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(id)
}

/// Stops asking a feed. What it brought stays.
pub async fn forget_feed(ch: &mut Change<'_>, member: MemberId, id: FeedId) -> Result<()> {
    feed_of(ch.tx(), member, id).await?;
    row::Entity::delete_by_id(id.to_string()).exec(ch.tx()).await?;
    Ok(())
}

/// Asks for one feed now, unless it was asked for a moment ago.
pub async fn check_feed(app: &App, member: MemberId, id: FeedId) -> Result<MemberFeed> {
    let known = feed_of(app.db.read(), member, id).await?;
    if known.fetched_at.is_none_or(|at| app.db.now() - at >= PAUSE) {
        ask(app, &known).await?;
    }
    feed_of(app.db.read(), member, id).await
}

/// The fetches under way. Dropped, they break off, and are due again.
#[derive(Default)]
pub struct Fetching(JoinSet<()>);

impl Fetching {
    /// Begins what is due at `now`, as far as there is room; waits for nothing.
    pub async fn go_on(&mut self, app: &App, now: Timestamp) -> Result<()> {
        while self.0.try_join_next().is_some() {}
        let room = MOST.saturating_sub(self.0.len());
        for feed in take_due(app, now, room).await? {
            let app = app.clone();
            self.0.spawn(async move {
                if let Err(e) = ask(&app, &feed).await {
                    tracing::error!(feed = %feed.id, error = %e, "a feed could not be dealt with; it is asked again later");
                }
            });
        }
        Ok(())
    }
}

/// Asks for every feed that is due at `now` and waits for the answers; answers how many there were: for tests and for commands that end.
pub async fn fetch_due(app: &App, now: Timestamp) -> Result<usize> {
    let mut all = 0;
    loop {
        let due = take_due(app, now, MOST).await?;
        if due.is_empty() {
            return Ok(all);
        }
        all += due.len();
        for feed in due {
            ask(app, &feed).await?;
        }
    }
}

/// What is due. It is put off at once, so that no other process asks for it too. What nobody proved within a day is not asked for by itself.
async fn take_due(app: &App, now: Timestamp, most: usize) -> Result<Vec<MemberFeed>> {
    let due = || {
        row::Entity::find()
            .filter(row::Column::NextAt.lte(millis(now)))
            .filter(row::Column::ProvedAt.is_not_null())
            .order_by_asc(row::Column::NextAt)
            .limit(most as u64)
    };
    if most == 0 || due().all(app.db.read()).await?.is_empty() {
        return Ok(vec![]);
    }
    let ch = app.db.change(WORKER, Kind::Ordinary).await?;
    ch.take_turn("feeds").await?;
    let found = due().all(ch.tx()).await?;
    row::Entity::update_many()
        .col_expr(row::Column::NextAt, Expr::value(millis(now + EVERY)))
        .filter(row::Column::Id.is_in(found.iter().map(|row| row.id.as_str())))
        .exec(ch.tx())
        .await?;
    ch.commit().await?;
    found.into_iter().map(read).collect()
}

/// Fetches, and writes down what came.
async fn ask(app: &App, known: &MemberFeed) -> Result<()> {
    // Until it is proved, each look reads it anew.
    let edition = if known.proved_at.is_some() { known.edition.clone() } else { Edition::default() };
    let came = app.connector.fetch_feed(&known.url, &edition).await;
    let mut ch = app.db.change(WORKER, Kind::Ordinary).await?;
    let (problem, edition) = match came {
        Ok(None) => (None, edition),
        Err(FetchError::Status(status)) => (Some(format!("status_{status}")), edition),
        Err(e) => (Some(e.code().to_owned()), edition),
        Ok(Some((body, edition))) => match feed::read(&body) {
            Err(why) => (Some(why.as_str().to_owned()), Edition::default()),
            Ok(feed) => (take(&mut ch, known, &feed).await?.map(str::to_owned), edition),
        },
    };
    let failures = if problem.is_some() { known.failures.saturating_add(1) } else { 0 };
    let pause = (EVERY * 2_i32.pow(failures.clamp(0, 5).unsigned_abs())).min(AT_LEAST);
    row::Entity::update_many()
        .col_expr(row::Column::FetchedAt, Expr::value(millis(ch.now)))
        .col_expr(row::Column::NextAt, Expr::value(millis(ch.now + pause)))
        .col_expr(row::Column::Failures, Expr::value(failures))
        .col_expr(row::Column::Problem, Expr::value(problem))
        .col_expr(row::Column::Etag, Expr::value(edition.etag))
        .col_expr(row::Column::LastModified, Expr::value(edition.last_modified))
        .filter(row::Column::Id.eq(known.id.to_string()))
        .exec(ch.tx())
        .await?;
    ch.commit().await
}

/// Proves the feed where it has the code, and receives its articles. Answers what is wrong with it.
async fn take(ch: &mut Change<'_>, known: &MemberFeed, feed: &Feed) -> Result<Option<&'static str>> {
    // It may have been removed while it was fetched.
    let Some(now) = row::Entity::find_by_id(known.id.to_string()).one(ch.tx()).await? else { return Ok(None) };
    let mut known = read(now)?;
    let Some(definition) = source(ch.tx(), &known.source).await? else { return Ok(Some("source_gone")) };
    if known.proved_at.is_none() {
        let author = match feed.written_by(&known.code) {
            Ok(author) => author,
            Err(why) => return Ok(Some(why.as_str())),
        };
        if !prove(ch, &known, author.as_deref()).await? {
            return Ok(Some("somebody_elses"));
        }
        known.author = author;
    }
    let Some(rule) = definition.map.iter().find(|rule| rule.when == Native::ArticlePublished) else {
        return Ok(Some("not_mapped"));
    };
    let envelope = |article: &feed::Article| Envelope {
        id: format!("article/{}", article.link),
        source: definition.source.clone(),
        kind: rule.r#type.clone(),
        subject: Some(known.member.to_string()),
        time: Some(article.at.unwrap_or(ch.now).min(ch.now)),
        data: json!({"object": links::object(&article.link), "url": article.link, "title": article.title}),
    };
    let mut envelopes: Vec<Envelope> = feed.by(known.author.as_deref()).map(envelope).collect();
    // An article that stays in its feed is not a repetition each time that the feed is read.
    let ids = envelopes.iter().map(|event| event.id.as_str());
    let rows = received::Entity::find()
        .filter(received::Column::Source.eq(&definition.source))
        .filter(received::Column::Event.is_in(ids))
        .all(ch.tx())
        .await?;
    let seen: BTreeSet<String> = rows.into_iter().map(|row| row.event).collect();
    envelopes.retain(|event| !seen.contains(&event.id));
    if !envelopes.is_empty() {
        receive_many(ch, &Speaker::Adapter(Native::ArticlePublished), &envelopes).await?;
    }
    Ok(None)
}

/// Notes whose it is; false where somebody else proved it before.
async fn prove(ch: &Change<'_>, known: &MemberFeed, author: Option<&str>) -> Result<bool> {
    let holds = format!("{}\u{1f}{}", known.url, author.unwrap_or_default());
    ch.take_turn("feeds").await?;
    let other = row::Entity::find()
        .filter(row::Column::Source.eq(&known.source))
        .filter(row::Column::Proved.eq(&holds))
        .one(ch.tx())
        .await?;
    if other.is_some() {
        return Ok(false);
    }
    row::Entity::update_many()
        .col_expr(row::Column::Proved, Expr::value(holds))
        .col_expr(row::Column::Author, Expr::value(author.map(str::to_owned)))
        .col_expr(row::Column::ProvedAt, Expr::value(millis(ch.now)))
        .filter(row::Column::Id.eq(known.id.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(true)
}
