//! How a credential of a track is renewed, and where the track stands on a ladder of levels: what `renewal` and `level` of a track file say.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use waymark_criteria::Criteria;

use crate::document::{Faults, Fields};
use crate::error::Fault;

/// Longest period of grace, in days.
const MOST_GRACE: u32 = 366;
/// A reminder this long before the end is still one.
const EARLIEST_REMINDER: u64 = 3650;
const MOST_REMINDERS: usize = 10;

/// What renews a credential. The new end is counted from the old one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewal {
    /// A requirement tree, any child of whose top is enough, in the form that `waymark-criteria` reads and writes.
    pub requires: Value,
    /// So many days after the old end a renewal still continues it.
    #[serde(default)]
    pub grace_days: u32,
    /// So many days before the old end its holder is reminded, each once; the earliest reminder first.
    #[serde(default)]
    pub reminders: Vec<u32>,
}

impl Renewal {
    /// What a file that says nothing of reminders means.
    pub const REMINDERS: [u32; 4] = [90, 60, 30, 7];

    pub(super) fn read(value: &Value, faults: &mut Faults) -> Option<Self> {
        let before = faults.len();
        let mut fields = Fields::of(value, "/renewal", faults);
        let requires = match fields.required("by", faults) {
            Some(by) if by.is_array() => tree(by, faults),
            Some(_) => {
                let detail = "write a list of requirements, each of which renews by itself: [{exam: {slug: …}}, …]";
                faults.push(Fault::new("/renewal/by", "not_a_list", detail));
                None
            }
            None => None,
        };
        fields.word("extends", &[("old_expiry", ())], faults);
        let grace_days = fields.number("grace_days", 0, MOST_GRACE, faults).unwrap_or(0);
        let reminders = match fields.value("reminders") {
            Some(list) => reminders(list, faults),
            None => Self::REMINDERS.to_vec(),
        };
        fields.refuse_unknown(faults);
        let requires = requires?;
        (faults.len() == before).then_some(Self { requires, grace_days, reminders })
    }

    /// The requirements that renew. They have no calendar of their own: take that of the version.
    pub fn requirements(&self) -> Criteria {
        Criteria::from_value(&self.requires).expect("a definition holds only a tree that was read")
    }

    /// As a file says it; what is meant without being said is left out.
    pub fn as_file(&self) -> Value {
        let mut said = json!({"by": self.requires["any"]});
        if self.grace_days > 0 {
            said["grace_days"] = json!(self.grace_days);
        }
        if self.reminders != Self::REMINDERS {
            said["reminders"] = json!(self.reminders);
        }
        said
    }
}

/// The list as a tree: any of its nodes is enough.
fn tree(by: &Value, faults: &mut Faults) -> Option<Value> {
    match Criteria::from_value(&json!({"any": by})) {
        Ok(criteria) => Some(criteria.to_value()),
        Err(mistakes) => {
            faults.extend(mistakes.into_iter().map(|m| {
                let inside = m.pointer.strip_prefix("/any").unwrap_or("");
                Fault::new(format!("/renewal/by{inside}"), m.code, m.message)
            }));
            None
        }
    }
}

fn reminders(list: &Value, faults: &mut Faults) -> Vec<u32> {
    let mut wrong = |detail: &str| {
        faults.push(Fault::new("/renewal/reminders", "invalid_reminders", detail));
        vec![]
    };
    let days: Option<Vec<u32>> = list.as_array().and_then(|entries| {
        let day = |entry: &Value| entry.as_u64().filter(|n| (1..=EARLIEST_REMINDER).contains(n));
        entries.iter().map(|entry| day(entry).and_then(|n| u32::try_from(n).ok())).collect()
    });
    match days {
        None => wrong("write a list of days before the end, each from 1 to 3650: [90, 60, 30, 7]"),
        Some(days) if days.len() > MOST_REMINDERS => wrong("write at most ten reminders"),
        Some(days) if days.windows(2).any(|two| two[0] <= two[1]) => {
            wrong("write the reminders from the earliest to the last, each once: [90, 60, 30, 7]")
        }
        Some(days) => days,
    }
}

/// A step of a ladder of tracks: level 2 of `contributor`. Several ladders may stand side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// Names the ladder: tracks that say the same name belong together.
    pub ladder: String,
    /// From 1, the lowest.
    pub step: u32,
}

impl Level {
    const MOST: u32 = 99;

    pub(super) fn read(value: &Value, faults: &mut Faults) -> Option<Self> {
        let before = faults.len();
        let mut fields = Fields::of(value, "/level", faults);
        let ladder = fields.slug("ladder", faults);
        let step = fields.number("step", 1, Self::MOST, faults);
        if step.is_none() && value.is_object() && value.get("step").is_none() {
            faults.push(Fault::new("/level", "missing_field", "`step` is missing"));
        }
        fields.refuse_unknown(faults);
        step.filter(|_| faults.len() == before).map(|step| Self { ladder, step })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(value: &Value) -> Vec<(String, &'static str)> {
        let mut faults = vec![];
        assert_eq!(Renewal::read(value, &mut faults), None, "{value}");
        faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn a_renewal_is_read_with_its_defaults_and_written_without_them() {
        let said = json!({"by": [{"id": "again", "exam": {"slug": "short"}}], "extends": "old_expiry"});
        let read = Renewal::read(&said, &mut vec![]).expect("read");
        assert_eq!((read.grace_days, read.reminders.as_slice()), (0, Renewal::REMINDERS.as_slice()));
        assert_eq!(read.as_file(), json!({"by": [{"id": "again", "exam": {"slug": "short"}}]}));
        assert_eq!(Renewal::read(&read.as_file(), &mut vec![]), Some(read.clone()));
        assert_eq!(read.requirements().nodes().len(), 2);

        let said = json!({"by": [{"id": "up", "held": {"track": "steward"}}], "grace_days": 30, "reminders": [14, 3]});
        let read = Renewal::read(&said, &mut vec![]).expect("read");
        assert_eq!(read.as_file(), said);
    }

    #[test]
    fn what_is_wrong_with_a_renewal_is_told_at_its_place() {
        let by = json!([{"id": "again", "exam": {"slug": "short"}}]);
        assert_eq!(wrong(&json!({})), [("/renewal".to_owned(), "missing_field")]);
        assert_eq!(wrong(&json!({"by": {"exam": {"slug": "e"}}})), [("/renewal/by".to_owned(), "not_a_list")]);
        let inside = wrong(&json!({"by": [{"id": "again", "exam": {}}]}));
        assert!(inside[0].0.starts_with("/renewal/by/0/exam"), "{inside:?}");
        for reminders in [
            json!([7, 30]),
            json!([30, 30]),
            json!([0]),
            json!("30"),
            json!([90, 80, 70, 60, 50, 40, 30, 20, 10, 5, 1]),
        ] {
            let found = wrong(&json!({"by": by, "reminders": reminders}));
            assert_eq!(found, [("/renewal/reminders".to_owned(), "invalid_reminders")], "{reminders}");
        }
        assert_eq!(wrong(&json!({"by": by, "extends": "today"})), [("/renewal/extends".to_owned(), "unknown_word")]);
    }
}
