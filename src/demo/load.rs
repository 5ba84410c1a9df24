//! Playing the past.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_embed::RustEmbed;
use serde_json::json;
use time::Duration;
use waymark_assess::score::Cut;
use waymark_criteria::{Amount, Detail, Score};

use super::cast::{Cast, Gift, Held, Person, Sitting};
use crate::access::{self, Principal, Role};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{StoppedClock, Timestamp, rfc3339};
use crate::config::Config;
use crate::contributions::{Envelope, Speaker};
use crate::credentials::{self, Reason, ReasonCode, StatusChange, Visibility};
use crate::database::{AuditEntry, Database, Kind};
use crate::entropy::Entropy;
use crate::error::{Error, Result};
use crate::facts::NewFact;
use crate::ids::MemberId;
use crate::members::{Affiliation, NewMember};
use crate::program::{FileSet, validate};
use crate::web::i18n::Locale;
use crate::{contributions, exams, facts, issuer, members, program, worker};

#[derive(RustEmbed)]
#[folder = "demo"]
#[include = "members.yaml"]
#[include = "program/**"]
struct Embedded;

/// The source from which the past came.
const SOURCE: &str = "https://community.example/demo";

/// What the demo prints: ways in.
#[derive(Debug)]
pub struct Doors {
    pub admin: String,
    pub member: String,
    pub examiner: String,
    /// Addresses of published credentials that hold, one in each language, by the language's tag.
    pub published: Vec<(&'static str, String)>,
}

/// Whether the demo (or another program) stands in this store already.
pub async fn recorded(app: &App) -> Result<bool> {
    Ok(issuer::default_issuer(app.db.read()).await?.is_some() && members::count(app.db.read()).await? > 0)
}

/// The program and the people of the demo, as embedded.
fn embedded() -> Result<(FileSet, Cast)> {
    let files = Embedded::iter().filter_map(|name| {
        let inside = name.strip_prefix("program/")?.to_owned();
        Some((inside, Embedded::get(&name)?.data.into_owned()))
    });
    let files = FileSet::of(files);
    let cast = Embedded::get("members.yaml").ok_or_else(|| Error::internal("demo/members.yaml is not embedded"))?;
    Ok((files, Cast::read(&String::from_utf8_lossy(&cast.data))?))
}

/// One thing that somebody did.
enum Act<'c> {
    Join(&'c Person),
    Sit(&'c Person, &'c Sitting),
    Give(&'c Person, usize, &'c Gift),
    Show(&'c Person, &'c Held),
    Change(&'c Person, &'c Held),
}

/// Fills an empty store with the demo as it is at `now`. `config` is the configuration of the installation.
pub async fn load(config: &Config, now: Timestamp, entropy: Arc<dyn Entropy>) -> Result<()> {
    let (files, cast) = embedded()?;
    let program = validate(files)
        .map_err(|mistakes| Error::internal(mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))?;
    let acts = ordered(&cast, now);
    let begins = acts.first().map_or(now, |(at, _)| *at) - Duration::days(1);
    let clock = Arc::new(StoppedClock::at(begins));
    let db = Database::open(&config.database_url(), clock.clone(), entropy).await.map_err(Error::internal)?;
    let past = App::new(db, config.clone())?;
    issuer::generate_keys(&past, Actor::Operator).await?;
    program::apply(&past, &program, Actor::Operator).await?;
    worker::drain(&past).await?;
    let mut known = BTreeMap::new();
    for (at, act) in acts {
        clock.set(at);
        perform(&past, act, &mut known, now).await?;
        worker::drain(&past).await?;
    }
    past.db.close().await;
    Ok(())
}

/// Everything that happened, oldest first; what depends on something of the same day comes after it.
fn ordered(cast: &Cast, now: Timestamp) -> Vec<(Timestamp, Act<'_>)> {
    let ago = |days: i64, minutes: i64| now - Duration::days(days) + Duration::minutes(minutes);
    let mut acts = vec![];
    for person in &cast.members {
        acts.push((ago(person.joined_days_ago, 0), Act::Join(person)));
        acts.extend(person.exams.iter().map(|sitting| (ago(sitting.days_ago, 1), Act::Sit(person, sitting))));
        acts.extend(
            person
                .contributions
                .iter()
                .enumerate()
                .map(|(n, gift)| (ago(gift.days_ago, 2), Act::Give(person, n + 1, gift))),
        );
        for held in &person.credentials {
            acts.push((ago(held.issued_days_ago, 3), Act::Show(person, held)));
            if let Some(days) = held.changed_days_ago {
                acts.push((ago(days, 4), Act::Change(person, held)));
            }
        }
    }
    acts.sort_by_key(|(at, _)| *at);
    acts
}

async fn perform(app: &App, act: Act<'_>, known: &mut BTreeMap<String, MemberId>, now: Timestamp) -> Result<()> {
    match act {
        Act::Join(person) => {
            known.insert(person.handle.clone(), join(app, person, now).await?);
            Ok(())
        }
        Act::Sit(person, sitting) => sit(app, member(known, person)?, sitting).await,
        Act::Give(person, n, gift) => give(app, person, n, gift).await,
        Act::Show(person, held) => show(app, member(known, person)?, held).await,
        Act::Change(person, held) => change(app, member(known, person)?, person, held).await,
    }
}

fn member(known: &BTreeMap<String, MemberId>, person: &Person) -> Result<MemberId> {
    known.get(&person.handle).copied().ok_or_else(|| Error::internal(format!("{} acts before joining", person.handle)))
}

async fn join(app: &App, person: &Person, now: Timestamp) -> Result<MemberId> {
    let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
    let affiliation = person.affiliation.as_ref().map(|tie| Affiliation {
        organization: tie.organization.clone(),
        title: tie.title.clone(),
        from: now - Duration::days(tie.from_days_ago),
        until: None,
    });
    let new = NewMember {
        email: person.email.clone(),
        name: person.name.clone(),
        locale: Locale::parse(&person.locale).unwrap_or(Locale::En),
        handle: Some(person.handle.clone()),
        affiliation,
        joined_at: None,
    };
    let member = members::enrol(&mut ch, new).await?;
    members::verify_email(&mut ch, member.id).await?;
    // Everybody of the cast has an account in use: what they are awarded is in their hands.
    access::start_session(&mut ch, member.id).await?;
    match person.roles.first().and_then(|role| Role::parse(role)) {
        Some(role) => access::give_role(&mut ch, member.id, role).await?,
        None => ch.audit(AuditEntry::new("member.enrol", member.id, json!({"demo": true}))).await?,
    }
    ch.commit().await?;
    Ok(member.id)
}

async fn sit(app: &App, member: MemberId, sitting: &Sitting) -> Result<()> {
    let exam = exams::find(app.db.read(), &sitting.exam)
        .await?
        .ok_or_else(|| Error::internal(format!("no exam {}", sitting.exam)))?;
    let points: u32 = sitting.sections.values().sum();
    let of = exam.spec.blueprint.positions().unwrap_or_default();
    let cut = match exam.spec.scoring.cut {
        Cut::Points(cut) => cut,
        _ => of,
    };
    let mut ch = app.db.change(Actor::System("demo"), Kind::Ordinary).await?;
    let score =
        Score { points: Amount::from(points), of: Amount::from(of), cut: Some(Amount::from(cut)), scaled: None };
    let fact = NewFact {
        member,
        happened_at: ch.now,
        object: None,
        giver: None,
        amount: Amount::ONE,
        detail: Detail::Exam {
            slug: sitting.exam.clone(),
            passed: points >= cut,
            score: Some(score),
            delivered_by: None,
        },
        origin: format!("demo-exam:{member}:{}:{}", sitting.exam, sitting.days_ago),
    };
    facts::record(&mut ch, fact).await?;
    ch.commit().await
}

async fn give(app: &App, person: &Person, n: usize, gift: &Gift) -> Result<()> {
    let event = json!({
        "specversion": "1.0",
        "id": format!("past-{}-{n}", person.handle),
        "source": SOURCE,
        "type": gift.r#type,
        "subject": format!("handle:{}", person.handle),
        "time": rfc3339(app.db.now()),
        "data": {"object": gift.object, "url": format!("https://community.example/{}", gift.object), "title": gift.title, "titles": gift.titles},
    });
    let event = Envelope::structured(event).map_err(|e| Error::internal(e.what.detail()))?;
    let mut ch = app.db.change(Actor::System("demo"), Kind::Ordinary).await?;
    let receipt = contributions::receive(&mut ch, &Speaker::Any, &event).await?;
    ch.commit().await?;
    match receipt.outcome {
        contributions::Outcome::Accepted => Ok(()),
        other => Err(Error::internal(format!("the demo's past has an event that was {other:?}: {event:?}"))),
    }
}

async fn held_credential(app: &App, member: MemberId, held: &Held) -> Result<credentials::Credential> {
    let version = crate::tracks::by_slug(app.db.read(), &held.track)
        .await?
        .ok_or_else(|| Error::internal(format!("no track {}", held.track)))?;
    let all = credentials::of_member(app.db.read(), member).await?;
    let found = all.into_iter().find(|c| c.track == version.track);
    found.ok_or_else(|| Error::internal(format!("{member} should hold {} by now", held.track)))
}

async fn show(app: &App, member: MemberId, held: &Held) -> Result<()> {
    let credential = held_credential(app, member, held).await?;
    let visibility = Visibility::parse(&held.visibility)
        .ok_or_else(|| Error::internal(format!("no visibility {}", held.visibility)))?;
    let mut ch = app.db.change(Actor::Member(member), Kind::Ordinary).await?;
    credentials::show_to(&mut ch, credential.id, &Principal::Token { member }, true, visibility).await?;
    ch.commit().await
}

async fn change(app: &App, member: MemberId, person: &Person, held: &Held) -> Result<()> {
    let credential = held_credential(app, member, held).await?;
    let step = if held.state == "suspended" { StatusChange::Suspend } else { StatusChange::Revoke };
    let reason = Reason {
        code: held.reason_code.as_deref().and_then(ReasonCode::parse).unwrap_or(ReasonCode::Other),
        public: held.public_reason.get(&person.locale).cloned(),
        internal: None,
    };
    let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
    credentials::change_status(app, &mut ch, credential.id, step, &reason).await?;
    ch.commit().await
}

/// Fresh sign-in links for the three who play, and a published credential to look at.
pub async fn open_doors(app: &App) -> Result<Doors> {
    let (_, cast) = embedded()?;
    let find = |test: &dyn Fn(&Person) -> bool| cast.members.iter().find(|p| test(p)).map(|p| p.email.clone());
    let link = async |email: Option<String>| -> Result<String> {
        let email = email.ok_or_else(|| Error::internal("the demo's cast lacks one who plays"))?;
        let member = members::by_email(app.db.read(), &email).await?.ok_or_else(Error::not_found)?;
        let mut ch = app.db.change(Actor::Operator, Kind::Ordinary).await?;
        let token = access::create_login_link(&mut ch, member.id).await?;
        ch.commit().await?;
        Ok(app.links.login(&token))
    };
    let admin = link(find(&|p| p.roles.iter().any(|r| r == "admin"))).await?;
    let member = link(find(&|p| p.plays)).await?;
    let examiner = link(find(&|p| p.roles.iter().any(|r| r == "examiner"))).await?;
    Ok(Doors { admin, member, examiner, published: published(app, &cast).await? })
}

/// What is public and holds now: people may have changed it since it was loaded.
async fn published(app: &App, cast: &Cast) -> Result<Vec<(&'static str, String)>> {
    let mut found: Vec<(&'static str, String)> = vec![];
    for person in &cast.members {
        let Some(member) = members::by_email(app.db.read(), &person.email).await? else { continue };
        for c in credentials::of_member(app.db.read(), member.id).await? {
            let language = c.locale.as_str();
            let holds = c.status == credentials::Status::Valid && !c.has_expired(app.db.now());
            let shown = c.visibility == Visibility::Public && c.is_released();
            if shown && holds && !found.iter().any(|(known, _)| *known == language) {
                found.push((language, app.links.share(&c.share_id)));
            }
        }
    }
    found.sort_by_key(|(language, _)| *language != "ja");
    Ok(found)
}
