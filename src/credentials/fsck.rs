//! Does the store hold what it promises? Every credential, every intent and every status list is read again and checked.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde::Serialize;
use time::Duration;
use waymark_credential::model::StatusListCredential;
use waymark_credential::status_list::StatusList;

use super::entity::{credential, document, entry, history, list};
use super::find::{self, Credential};
use super::lifecycle::Status;
use crate::app::App;
use crate::clock::{from_millis, millis};
use crate::database::audit;
use crate::error::{Error, Result};
use crate::ids::{CredentialId, IntentId};
use crate::issuer;
use crate::signing::{self, Identity, Purpose};

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Damage {
    /// The id of what is damaged.
    pub object: String,
    pub problem: String,
}

/// What was looked at, and what was found.
#[derive(Debug, Default, Serialize)]
pub struct Examined {
    pub credentials: u64,
    pub intents: u64,
    pub status_lists: u64,
    /// The address for which credentials were signed, where that is not the one this command was told; what they say was not compared then.
    pub other_address: Option<String>,
    pub damage: Vec<Damage>,
}

impl Examined {
    fn found(&mut self, object: &dyn ToString, problem: impl Into<String>) {
        self.damage.push(Damage { object: object.to_string(), problem: problem.into() });
    }
}

const AT_ONCE: u64 = 200;
/// What waits longer than this was not resumed.
const PATIENCE: Duration = Duration::minutes(2);

/// Reads everything once. Changes nothing.
pub async fn examine(app: &App) -> Result<Examined> {
    let mut examined = Examined::default();
    let (intents, altered) = signing::altered_intents(app.db.read()).await?;
    examined.intents = intents;
    for intent in altered {
        examined.found(&intent, "what is stored is not what was intended");
    }
    for aside in signing::set_aside_intents(app.db.read()).await? {
        let problem = format!("its intent {} is set aside: {}; revoke it, and issue it anew", aside.intent, aside.why);
        examined.found(&aside.subject, problem);
    }
    let identity = match issuer::identity(app.db.read(), &app.config).await {
        Ok(known) => Some(Identity { did: known.did().to_owned(), document: known.document_when_signed() }),
        Err(_) => None,
    };
    let mut after = String::new();
    loop {
        let page: Vec<String> = credential::Entity::find()
            .select_only()
            .column(credential::Column::Id)
            .filter(credential::Column::Id.gt(&after))
            .order_by_asc(credential::Column::Id)
            .limit(AT_ONCE)
            .into_tuple()
            .all(app.db.read())
            .await?;
        let Some(last) = page.last().cloned() else { break };
        written_down(app, &page, &mut examined).await?;
        for id in page {
            examined.credentials += 1;
            one(app, id.parse().map_err(Error::internal)?, identity.as_ref(), &mut examined).await?;
        }
        after = last;
    }
    for row in list::Entity::find().order_by_asc(list::Column::Id).all(app.db.read()).await? {
        examined.status_lists += 1;
        status_list(app, &row, &mut examined).await?;
    }
    Ok(examined)
}

/// The steps of a credential's history that are privileged, with the action that the audit log has for each.
const AUDITED: [(&str, &str); 6] = [
    ("award", "credential.award"),
    ("revoke", "credential.revoke"),
    ("replace", "credential.replace"),
    ("cancel", "credential.cancel"),
    ("suspend", "credential.suspend"),
    ("reinstate", "credential.reinstate"),
];

/// One audit row for each award and each change of status, no fewer and no more. The chain alone cannot tell that its end was cut off; the credentials
/// can, as long as they stand.
async fn written_down(app: &App, ids: &[String], examined: &mut Examined) -> Result<()> {
    let actions = AUDITED.map(|(_, action)| action);
    let rows = audit::counts(app.db.read(), ids, &actions).await?;
    let lines: Vec<(String, String)> = history::Entity::find()
        .select_only()
        .columns([history::Column::Credential, history::Column::What])
        .filter(history::Column::Credential.is_in(ids))
        .into_tuple()
        .all(app.db.read())
        .await?;
    let standing = credential::Entity::find().filter(credential::Column::Id.is_in(ids)).all(app.db.read()).await?;
    let before: Vec<String> = standing.iter().filter_map(|row| row.replaces.clone()).collect();
    let replaced = audit::counts(app.db.read(), &before, &["credential.replace"]).await?;
    let after = credential::Entity::find().filter(credential::Column::Replaces.is_in(ids)).all(app.db.read()).await?;
    for row in &standing {
        let status = Status::parse(&row.status);
        let has_successor = after.iter().any(|other| other.replaces.as_ref() == Some(&row.id));
        for (step, action) in AUDITED {
            let told = lines.iter().filter(|(of, what)| *of == row.id && what == step).count();
            // What the record itself says has happened, even where its history was cut, too.
            let happened_at_least = match step {
                "award" => row.replaces.is_none(),
                "replace" => has_successor,
                "cancel" => row.cancelled_at.is_some(),
                "revoke" => status == Some(Status::Revoked) && !has_successor && row.cancelled_at.is_none(),
                "suspend" => status == Some(Status::Suspended),
                _ => false,
            };
            let happened = told.max(usize::from(happened_at_least)) as u64;
            let written = rows.get(&(row.id.clone(), action.to_owned())).copied().unwrap_or_default();
            if written != happened {
                let problem =
                    format!("happened {happened} times as {step}, but the audit log has {written} rows {action} of it");
                examined.found(&row.id, problem);
            }
        }
        if let Some(other) = &row.replaces
            && !replaced.contains_key(&(other.clone(), "credential.replace".to_owned()))
        {
            examined.found(&row.id, format!("took the place of {other}, but the audit log does not say so"));
        }
    }
    Ok(())
}

async fn one(app: &App, id: CredentialId, identity: Option<&Identity>, examined: &mut Examined) -> Result<()> {
    let db = app.db.read();
    let known = match find::find(db, id).await {
        Ok(known) => known,
        Err(e) => {
            examined.found(&id, format!("its row cannot be read: {e}"));
            return Ok(());
        }
    };
    let documents = document::Entity::find().filter(document::Column::Credential.eq(id.to_string())).all(db).await?;
    let late =
        |row: &&document::Model| row.released_at.is_none() && from_millis(row.valid_from) < app.db.now() - PATIENCE;
    if documents.iter().any(|row| late(&row)) {
        examined.found(&id, "waits for its signatures; is the signing key available?");
    }
    for row in &documents {
        let bit = entry::Entity::find_by_id((row.list.clone(), row.place)).one(db).await?;
        let Some(bit) = bit.filter(|bit| bit.credential == id.to_string()) else {
            examined.found(&id, format!("has no place {} in {}", row.place, row.list));
            continue;
        };
        let stands = row.generation == known.generation;
        let replaced = row.released_at.is_some() && !stands;
        let should = replaced || (stands && known.status != Status::Valid);
        if bit.set_at.is_some() != should {
            examined.found(&id, format!("is {} but its bit says otherwise", known.status.as_str()));
        }
    }
    if known.is_released() {
        signatures(app, &known, &documents, identity, examined).await?;
    }
    Ok(())
}

/// Both forms of the standing document are there, say what the record says, and verify.
async fn signatures(
    app: &App,
    known: &Credential,
    documents: &[document::Model],
    identity: Option<&Identity>,
    examined: &mut Examined,
) -> Result<()> {
    let Some(row) = documents.iter().find(|row| row.generation == known.generation) else {
        examined.found(&known.id, "has no document");
        return Ok(());
    };
    let intent: IntentId = row.json_intent.parse().map_err(Error::internal)?;
    if let Ok(text) = signing::signed(app.db.read(), intent).await
        && let Some(other) = signed_for(&text, &row.list).filter(|base| base != app.links.base())
    {
        examined.other_address = Some(other);
        return Ok(());
    }
    for intent in [&row.json_intent, &row.jwt_intent] {
        let intent: IntentId = intent.parse().map_err(Error::internal)?;
        let Ok(text) = signing::signed(app.db.read(), intent).await else {
            examined.found(&known.id, "was released without a signed document");
            continue;
        };
        if let Some(identity) = identity
            && let Err(why) = signing::verifies(Purpose::Credential, &text, identity, from_millis(row.valid_from))
        {
            examined.found(&known.id, format!("its document does not verify: {why}"));
        }
        let place = format!("{}#{}", app.links.status_list(&row.list), row.place);
        if text.starts_with('{') && !(text.contains(&known.uuid) && text.contains(&place)) {
            examined.found(&known.id, "its document has another id or another place than the record");
        }
    }
    Ok(())
}

/// The address of the server that a signed credential names as the place of its status list.
fn signed_for(text: &str, list: &str) -> Option<String> {
    let document: serde_json::Value = serde_json::from_str(text).ok()?;
    let place = document["credentialStatus"]["statusListCredential"].as_str()?;
    place.strip_suffix(&format!("/status/{list}")).map(str::to_owned)
}

/// The signed list says what the rows say.
async fn status_list(app: &App, row: &list::Model, examined: &mut Examined) -> Result<()> {
    let db = app.db.read();
    let Some(intent) = &row.intent else { return Ok(()) };
    let intent: IntentId = intent.parse().map_err(Error::internal)?;
    let Ok(text) = signing::signed(db, intent).await else {
        examined.found(&row.id, "its signed list is missing");
        return Ok(());
    };
    let signed: StatusListCredential = serde_json::from_str(&text)?;
    let bits = StatusList::decode(&signed.credential_subject.encoded_list).map_err(Error::internal)?;
    let until = row.signed_at.unwrap_or_default();
    let set = entry::Entity::find().filter(entry::Column::List.eq(&row.id)).all(db).await?;
    let wrong = set.iter().any(|entry| {
        let says = bits.get(entry.place.unsigned_abs()).unwrap_or(false);
        let known_then = entry.set_at.is_some_and(|at| at < until);
        says != entry.set_at.is_some() && (says || known_then || row.signed_version == Some(row.version))
    });
    if wrong {
        examined.found(&row.id, "the signed list does not say what the records say");
    }
    if row.used != i64::try_from(set.len()).unwrap_or(i64::MAX) || until > millis(app.db.now() + PATIENCE) {
        examined.found(&row.id, "its counters do not fit its places");
    }
    Ok(())
}
