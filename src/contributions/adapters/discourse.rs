//! Discourse's webhooks (meta.discourse.org, "Configure webhooks"; the payloads are its serializers): topics, likes, and accepted answers of its Solved plugin.
//!
//! An accepted answer comes in two forms: as `accepted_solution` and `unaccepted_solution`, and as an edit of the post, whose `accepted_answer` says how it stands
//! now. The flag is read, edits are not counted: an edit that shows it gone takes back what was credited, unless it shows an older state of the post.

use serde_json::Value;

use super::{Happened, Person, Read, Reading, TakenBack, Unreadable, flag, moment, number, text, title};
use crate::contributions::adapter::{Credit, Native};

pub(super) fn read(event: &str, payload: &Value, base: &str) -> Read<Reading> {
    let part = |name: &str| {
        let found = payload.get(name).filter(|value| value.is_object());
        found.ok_or_else(|| Unreadable(format!("`{name}` is missing or is no object")))
    };
    match event {
        "ping" => Ok(Reading::Ignored("ping")),
        "accepted_solution" => accepted(solved(payload, true)?, base),
        "unaccepted_solution" => taken_back(solved(payload, false)?, true),
        "post_edited" => {
            let post = part("post")?;
            match post.get("accepted_answer").and_then(Value::as_bool) {
                Some(true) => accepted(post, base),
                Some(false) => taken_back(post, false),
                None => Ok(Reading::Ignored("nothing_to_credit")),
            }
        }
        "post_liked" => liked(part("like")?, base),
        "topic_created" => created(part("topic")?, base),
        _ => Ok(Reading::Ignored("event_not_read")),
    }
}

/// The post stands under the name of its event type, which is `solved`; some versions write `post`. The event is named by a header, which nothing signs: where the post
/// says itself whether it is the answer, it must say the same; and under the name that every event of a post has, it must say so itself.
fn solved(payload: &Value, accepted: bool) -> Read<&Value> {
    let part = |name: &str| payload.get(name).filter(|value| value.is_object());
    let (own, post) = match (part("solved"), part("post")) {
        (Some(post), _) => (true, post),
        (None, Some(post)) => (false, post),
        (None, None) => return Err(Unreadable("`solved` is missing or is no object".to_owned())),
    };
    match post.get("accepted_answer").and_then(Value::as_bool) {
        Some(said) if said != accepted => {
            Err(Unreadable("`accepted_answer` says otherwise than the name of the event".to_owned()))
        }
        None if !own => Err(Unreadable("`post.accepted_answer` is missing".to_owned())),
        _ => Ok(post),
    }
}

fn is_private(value: &Value, pointer: &str) -> bool {
    value.pointer(pointer).and_then(Value::as_str) == Some("private_message")
}

/// A user; those below zero are Discourse itself and its robot.
fn person(value: &Value, name: &str, id: &str) -> Read<Person> {
    let is_bot = value.pointer(id).and_then(Value::as_i64).is_some_and(|id| id <= 0);
    Ok(Person { login: text(value, name)?.to_lowercase(), is_bot })
}

fn places(value: &Value) -> Vec<String> {
    let number = value.get("category_id").and_then(Value::as_i64).map(|id| id.to_string());
    let slug = value.get("category_slug").and_then(Value::as_str).map(str::to_owned);
    number.into_iter().chain(slug).collect()
}

fn topic(base: &str, id: i64) -> String {
    format!("{}/t/{id}", base.trim_end_matches('/'))
}

fn key(post: &Value) -> Read<String> {
    Ok(format!("solution/{}", number(post, "/id")?))
}

fn accepted(post: &Value, base: &str) -> Read<Reading> {
    if is_private(post, "/topic_archetype") || flag(post, "/hidden") {
        return Ok(Reading::Ignored("private_or_hidden"));
    }
    let object = topic(base, number(post, "/topic_id")?);
    let as_of = moment(post, "/updated_at")?;
    Ok(Reading::Happened(Box::new(Happened {
        native: Native::SolutionAccepted,
        key: key(post)?,
        // The payload has no time of its own for it; nothing is dated before the answer was there.
        at: None,
        url: Some(format!("{object}/{}", number(post, "/post_number")?)),
        object,
        title: Some(title(post, "/topic_title")?),
        places: places(post),
        people: vec![(Credit::Author, person(post, "/username", "/user_id")?)],
        giver: None,
        as_of: Some(as_of),
    })))
}

fn taken_back(post: &Value, for_good: bool) -> Read<Reading> {
    Ok(Reading::TakenBack(TakenBack {
        native: Native::SolutionAccepted,
        key: key(post)?,
        people: vec![(Credit::Author, person(post, "/username", "/user_id")?)],
        as_of: Some(moment(post, "/updated_at")?),
        for_good,
    }))
}

fn liked(like: &Value, base: &str) -> Read<Reading> {
    let post = like.get("post").filter(|post| post.is_object());
    let post = post.ok_or_else(|| Unreadable("`like.post` is missing or is no object".to_owned()))?;
    if is_private(post, "/topic_archetype") || flag(post, "/hidden") {
        return Ok(Reading::Ignored("private_or_hidden"));
    }
    let topic = topic(base, number(post, "/topic_id")?);
    let url = format!("{topic}/{}", number(post, "/post_number")?);
    Ok(Reading::Happened(Box::new(Happened {
        native: Native::PostLiked,
        key: format!("like/{}/{}", number(post, "/id")?, number(like, "/user/id")?),
        at: None,
        object: url.clone(),
        url: Some(url),
        title: Some(title(post, "/topic_title")?),
        places: places(post),
        people: vec![(Credit::Author, person(post, "/username", "/user_id")?)],
        giver: Some(person(like, "/user/username", "/user/id")?),
        as_of: None,
    })))
}

fn created(value: &Value, base: &str) -> Read<Reading> {
    if is_private(value, "/archetype") {
        return Ok(Reading::Ignored("private_or_hidden"));
    }
    let id = number(value, "/id")?;
    Ok(Reading::Happened(Box::new(Happened {
        native: Native::TopicCreated,
        key: format!("topic/{id}"),
        at: Some(moment(value, "/created_at")?),
        object: topic(base, id),
        url: Some(topic(base, id)),
        title: Some(title(value, "/title")?),
        places: places(value),
        people: vec![(Credit::Author, person(value, "/created_by/username", "/created_by/id")?)],
        giver: None,
        as_of: None,
    })))
}
