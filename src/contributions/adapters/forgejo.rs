//! Forgejo's webhooks (forgejo.org, "Webhooks"; Gitea's have the same form): `pull_request` and `issues`.

use serde_json::Value;

use super::{Happened, Read, Reading, flag, moment, number, text, title, user};
use crate::contributions::adapter::{Credit, Native};

pub(super) fn read(event: &str, payload: &Value) -> Read<Reading> {
    let action = payload.get("action").and_then(Value::as_str).unwrap_or_default();
    match (event, action) {
        ("pull_request", "closed") if flag(payload, "/pull_request/merged") => {
            one(payload, Native::PullRequestMerged, "pull_request", "merged_at")
        }
        ("issues", "opened") => one(payload, Native::IssueOpened, "issue", "created_at"),
        ("pull_request" | "issues", _) => Ok(Reading::Ignored("nothing_to_credit")),
        _ => Ok(Reading::Ignored("event_not_read")),
    }
}

fn one(payload: &Value, native: Native, name: &str, when: &str) -> Read<Reading> {
    let at = |member: &str| format!("/{name}/{member}");
    let Some(author) = user(payload, &at("user"))? else { return Ok(Reading::Ignored("account_gone")) };
    let merger = user(payload, &at("merged_by"))?;
    let url = text(payload, &at("html_url"))?;
    let mut people = vec![(Credit::Author, author)];
    people.extend(merger.clone().map(|person| (Credit::Merger, person)));
    Ok(Reading::Happened(Box::new(Happened {
        native,
        key: format!("{name}/{}", number(payload, &at("id"))?),
        at: Some(moment(payload, &at(when))?),
        object: url.to_owned(),
        url: Some(url.to_owned()),
        title: Some(title(payload, &at("title"))?),
        places: vec![text(payload, "/repository/full_name")?.to_owned()],
        people,
        giver: merger,
        as_of: None,
    })))
}
