//! Types of contribution that a track or a ladder counts although none will ever count: worth a note, since nothing else would tell.

use std::collections::BTreeSet;

use crate::contributions::is_activity;

/// A code and a sentence for each such type. `listed`: the types of every source of the program.
pub(super) fn never_counted(types: &BTreeSet<String>, listed: &BTreeSet<&str>) -> Vec<(&'static str, String)> {
    let notes = types.iter().filter_map(|kind| {
        if is_activity(kind) {
            let message =
                format!("`{kind}` is an activity: it credits nobody by itself, so that it will never count here");
            return Some(("activity_counted", message));
        }
        (!listed.contains(kind.as_str())).then(|| {
            let message = format!("no source in sources/ lists `{kind}`: until one does, it will never count here");
            ("type_not_listed", message)
        })
    });
    notes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn activities_and_types_that_nobody_sends_are_noted() {
        let counted = ["answer.posted", "change.merged", "talk.given"].map(str::to_owned);
        let notes = never_counted(&counted.into(), &BTreeSet::from(["answer.posted", "change.merged"]));
        let codes: Vec<&str> = notes.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, ["activity_counted", "type_not_listed"]);
        assert!(notes[1].1.contains("talk.given"));
    }
}
