//! GitHub's webhooks (docs.github.com, "Webhook events and payloads"): `pull_request`, `pull_request_review`, `issues`, `discussion`.
//!
//! GitHub signs the body and nothing else: not the time, not `X-GitHub-Delivery`, not `X-GitHub-Event`. Of the headers only the name of the event is read, and each
//! event is told by members that the others do not have.

use serde_json::Value;

use super::{Happened, Person, Read, Reading, TakenBack, flag, moment, number, text, title, user};
use crate::contributions::adapter::{Credit, Native};

pub(super) fn read(event: &str, payload: &Value) -> Read<Reading> {
    let action = payload.get("action").and_then(Value::as_str).unwrap_or_default();
    match (event, action) {
        ("ping", _) => Ok(Reading::Ignored("ping")),
        ("pull_request", "closed") if flag(payload, "/pull_request/merged") => merged(payload),
        ("pull_request_review", "submitted") => reviewed(payload),
        ("pull_request_review", "dismissed") => dismissed(payload),
        ("issues", "opened") => opened(payload),
        ("issues", "deleted") => gone(payload, Native::IssueOpened, "issue"),
        ("discussion", "created") => discussed(payload),
        ("discussion", "answered") => answered(payload),
        ("discussion", "unanswered") => unanswered(payload),
        ("pull_request" | "pull_request_review" | "issues" | "discussion", _) => {
            Ok(Reading::Ignored("nothing_to_credit"))
        }
        _ => Ok(Reading::Ignored("event_not_read")),
    }
}

fn repository(payload: &Value) -> Read<Vec<String>> {
    Ok(vec![text(payload, "/repository/full_name")?.to_owned()])
}

/// What was told about an account that is gone credits nobody.
const NOBODY: Reading = Reading::Ignored("account_gone");

fn merged(payload: &Value) -> Read<Reading> {
    let url = text(payload, "/pull_request/html_url")?;
    let Some(author) = user(payload, "/pull_request/user")? else { return Ok(NOBODY) };
    let merger = user(payload, "/pull_request/merged_by")?;
    let mut people = vec![(Credit::Author, author)];
    let said = payload.pointer("/pull_request/body").and_then(Value::as_str).unwrap_or_default();
    people.extend(co_authors(said).into_iter().map(|person| (Credit::CoAuthors, person)));
    people.extend(merger.clone().map(|person| (Credit::Merger, person)));
    Ok(Reading::Happened(Box::new(Happened {
        native: Native::PullRequestMerged,
        key: format!("pull_request/{}", number(payload, "/pull_request/id")?),
        at: Some(moment(payload, "/pull_request/merged_at")?),
        object: url.to_owned(),
        url: Some(url.to_owned()),
        title: Some(title(payload, "/pull_request/title")?),
        places: repository(payload)?,
        people,
        giver: merger,
        as_of: None,
    })))
}

const MOST_CO_AUTHORS: usize = 10;

/// Those whom lines `Co-authored-by:` name by their login or by GitHub's own address for them. Any other address says nothing about who somebody is here.
fn co_authors(body: &str) -> Vec<Person> {
    let named = body.lines().filter_map(|line| {
        let (key, rest) = line.trim().split_once(':')?;
        if !key.eq_ignore_ascii_case("co-authored-by") {
            return None;
        }
        let address = rest.rsplit_once('<').and_then(|(_, address)| address.trim().strip_suffix('>'));
        let login = match address {
            Some(address) => {
                let local = address.strip_suffix("@users.noreply.github.com")?;
                local.split_once('+').map_or(local, |(_, login)| login)
            }
            None => rest.trim().strip_prefix('@')?,
        };
        let plain = !login.is_empty() && login.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        plain.then(|| Person { login: login.to_lowercase(), is_bot: false })
    });
    named.take(MOST_CO_AUTHORS).collect()
}

fn reviewed(payload: &Value) -> Read<Reading> {
    let Some(reviewer) = user(payload, "/review/user")? else { return Ok(NOBODY) };
    Ok(Reading::Happened(Box::new(Happened {
        native: Native::ReviewSubmitted,
        key: format!("review/{}", number(payload, "/review/id")?),
        at: Some(moment(payload, "/review/submitted_at")?),
        object: text(payload, "/pull_request/html_url")?.to_owned(),
        url: Some(text(payload, "/review/html_url")?.to_owned()),
        title: Some(title(payload, "/pull_request/title")?),
        places: repository(payload)?,
        people: vec![(Credit::Reviewer, reviewer)],
        // Whoever reviews a change of their own reviews nothing.
        giver: user(payload, "/pull_request/user")?,
        as_of: None,
    })))
}

fn dismissed(payload: &Value) -> Read<Reading> {
    let Some(reviewer) = user(payload, "/review/user")? else { return Ok(NOBODY) };
    Ok(Reading::TakenBack(TakenBack {
        native: Native::ReviewSubmitted,
        key: format!("review/{}", number(payload, "/review/id")?),
        people: vec![(Credit::Reviewer, reviewer)],
        as_of: None,
        for_good: true,
    }))
}

fn opened(payload: &Value) -> Read<Reading> {
    started(payload, Native::IssueOpened, "issue")
}

fn discussed(payload: &Value) -> Read<Reading> {
    started(payload, Native::DiscussionCreated, "discussion")
}

/// An issue or a discussion that somebody opened.
fn started(payload: &Value, native: Native, name: &str) -> Read<Reading> {
    let Some(author) = user(payload, &format!("/{name}/user"))? else { return Ok(NOBODY) };
    let url = text(payload, &format!("/{name}/html_url"))?;
    Ok(Reading::Happened(Box::new(Happened {
        native,
        key: format!("{name}/{}", number(payload, &format!("/{name}/id"))?),
        at: Some(moment(payload, &format!("/{name}/created_at"))?),
        object: url.to_owned(),
        url: Some(url.to_owned()),
        title: Some(title(payload, &format!("/{name}/title"))?),
        places: repository(payload)?,
        people: vec![(Credit::Author, author)],
        giver: None,
        as_of: None,
    })))
}

fn gone(payload: &Value, native: Native, name: &str) -> Read<Reading> {
    let Some(author) = user(payload, &format!("/{name}/user"))? else { return Ok(NOBODY) };
    Ok(Reading::TakenBack(TakenBack {
        native,
        key: format!("{name}/{}", number(payload, &format!("/{name}/id"))?),
        people: vec![(Credit::Author, author)],
        as_of: None,
        for_good: true,
    }))
}

fn answered(payload: &Value) -> Read<Reading> {
    let Some(author) = user(payload, "/answer/user")? else { return Ok(NOBODY) };
    Ok(Reading::Happened(Box::new(Happened {
        native: Native::DiscussionAnswered,
        key: format!("answer/{}", number(payload, "/answer/id")?),
        at: Some(moment(payload, "/discussion/answer_chosen_at")?),
        object: text(payload, "/discussion/html_url")?.to_owned(),
        url: Some(text(payload, "/answer/html_url")?.to_owned()),
        title: Some(title(payload, "/discussion/title")?),
        places: repository(payload)?,
        people: vec![(Credit::Author, author)],
        giver: user(payload, "/discussion/answer_chosen_by")?,
        as_of: None,
    })))
}

fn unanswered(payload: &Value) -> Read<Reading> {
    let Some(author) = user(payload, "/old_answer/user")? else { return Ok(NOBODY) };
    Ok(Reading::TakenBack(TakenBack {
        native: Native::DiscussionAnswered,
        key: format!("answer/{}", number(payload, "/old_answer/id")?),
        people: vec![(Credit::Author, author)],
        as_of: None,
        for_good: true,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn co_authors_are_named_by_login_alone() {
        let body = "Text\n\nCo-authored-by: A <12+Hikari@users.noreply.github.com>\nco-authored-by: @tsukumo\n\
                    Co-authored-by: B <b@example.org>\nCo-authored-by: C <nobody>\nCo-authored-by: @a/b\n";
        let logins: Vec<String> = co_authors(body).into_iter().map(|person| person.login).collect();
        assert_eq!(logins, ["hikari", "tsukumo"]);
        assert_eq!(co_authors(&"co-authored-by: @x\n".repeat(50)).len(), MOST_CO_AUTHORS);
    }
}
