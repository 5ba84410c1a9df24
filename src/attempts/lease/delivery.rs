//! How an exam is delivered: what becomes of late answers, and which browsers it asks for. Of the exam, not of a version of it: keys of browsers change in
//! the middle of a window.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use serde_json::json;

use super::entity::delivery;
use crate::clock::millis;
use crate::database::{AuditEntry, Change, Read};
use crate::error::{Error, Fault, Result};
use crate::ids::ExamId;

/// What becomes of answers that arrive after the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Late {
    /// Kept as evidence, never scored by themselves.
    #[default]
    Keep,
    Reject,
}

impl Late {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Reject => "reject",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Keep, Self::Reject].into_iter().find(|late| late.as_str() == text)
    }
}

/// The settings of one exam.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivery {
    pub late: Late,
    /// Config keys of Safe Exam Browser, each 64 hex digits; none means that any browser will do.
    pub config_keys: Vec<String>,
    /// Browser exam keys; where there are any, one of them is asked for besides.
    pub browser_keys: Vec<String>,
}

/// Keys of each kind: one for each version of the browser and each system that candidates may bring.
const MOST_KEYS: usize = 50;

/// How an exam is delivered; late answers kept and any browser, unless somebody said otherwise.
pub async fn delivery_of(db: &impl Read, exam: ExamId) -> Result<Delivery> {
    let Some(row) = delivery::Entity::find_by_id(exam.to_string()).one(db).await? else {
        return Ok(Delivery::default());
    };
    Ok(Delivery {
        late: Late::parse(&row.late).ok_or_else(|| Error::internal(format!("{exam}: policy {}", row.late)))?,
        config_keys: serde_json::from_str(&row.config_keys)?,
        browser_keys: serde_json::from_str(&row.browser_keys)?,
    })
}

/// Sets how an exam is delivered, from now on and for attempts under way too. The change is to be privileged: this writes its row in the audit log.
///
/// # Errors
/// A key that is not 64 hex digits; too many keys.
pub async fn set_delivery(ch: &mut Change<'_>, exam: ExamId, new: &Delivery) -> Result<Delivery> {
    let mut faults = vec![];
    let config_keys = keys("/config_keys", &new.config_keys, &mut faults);
    let browser_keys = keys("/browser_keys", &new.browser_keys, &mut faults);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let row = delivery::ActiveModel {
        exam: Set(exam.to_string()),
        late: Set(new.late.as_str().to_owned()),
        config_keys: Set(serde_json::to_string(&config_keys)?),
        browser_keys: Set(serde_json::to_string(&browser_keys)?),
        changed_at: Set(millis(ch.now)),
    };
    let again = OnConflict::column(delivery::Column::Exam)
        .update_columns([
            delivery::Column::Late,
            delivery::Column::ConfigKeys,
            delivery::Column::BrowserKeys,
            delivery::Column::ChangedAt,
        ])
        .to_owned();
    delivery::Entity::insert(row).on_conflict(again).exec_without_returning(ch.tx()).await?;
    // How many, not which: who knows a key can pass for the browser.
    let counts =
        json!({"late": new.late.as_str(), "config_keys": config_keys.len(), "browser_keys": browser_keys.len()});
    ch.audit(AuditEntry::new("exam.delivery", exam, counts)).await?;
    Ok(Delivery { late: new.late, config_keys, browser_keys })
}

fn keys(pointer: &str, given: &[String], faults: &mut Vec<Fault>) -> Vec<String> {
    if given.len() > MOST_KEYS {
        faults.push(Fault::new(pointer, "too_many", format!("at most {MOST_KEYS} keys")));
    }
    let mut keys = vec![];
    for (n, key) in given.iter().enumerate() {
        let key = key.trim().to_ascii_lowercase();
        if key.len() != 64 || !key.bytes().all(|b| b.is_ascii_hexdigit()) {
            let detail = "a key is 64 hex digits: copy it from the configuration tool";
            faults.push(Fault::new(format!("{pointer}/{n}"), "not_a_key", detail));
        } else if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}
