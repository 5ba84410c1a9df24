//! What an event's `data` says about the piece of work: the few members that Waymark reads, each checked. The rest is kept and not interpreted.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;
use waymark_criteria::ObjectKey;

use super::co_authors;
use super::envelope::Envelope;
use super::lifecycle::Refusal;
use super::{links, own};

const LONGEST_URL: usize = 2048;
const LONGEST_TITLE: usize = 500;
/// What the types of answers begin with.
const ANSWERS: &str = "answer.";

/// One piece of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Work {
    /// `data.object`, else `data.url`, else the event's id: what is counted once where a track says `distinct: object`. The address of a page is spelled in one way.
    pub object: ObjectKey,
    /// `data.question` of an answer: the object of the question, where the answer is an object of its own.
    pub about: Option<ObjectKey>,
    pub url: Option<String>,
    /// By language tag, `und` as it was written.
    pub titles: BTreeMap<String, String>,
    /// Who accepted it or gave thanks, as a subject.
    pub giver: Option<String>,
    /// Whether the source says that the member did it to their own object, or accepted it themselves.
    pub own: bool,
}

impl Work {
    /// `named` is whether the object is spelled already as it is to be kept: an adapter knows its system's names.
    pub fn of(event: &Envelope, named: bool) -> Result<Self, Refusal> {
        let empty = serde_json::Map::new();
        let data = event.data.as_object().unwrap_or(&empty);
        let text = |name: &str| match data.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.trim())),
            Some(_) => Err(wrong(name, "must be a text")),
        };
        let url = match text("url")? {
            None => None,
            Some(url) => Some(
                web_address(url)
                    .ok_or_else(|| wrong("url", "must be an absolute http or https address of at most 2048 bytes"))?,
            ),
        };
        let (name, object) = match (text("object")?, &url) {
            (Some(object), _) => ("object", object),
            (None, Some(url)) => ("url", url.as_str()),
            (None, None) => ("id", event.id.as_str()),
        };
        let page = !named && own::is_about_a_page(&event.kind);
        let object = ObjectKey::try_from(if page { links::object(object) } else { object.to_owned() })
            .map_err(|_| wrong(name, "names an object by 1 to 512 bytes without control characters"))?;
        let question = if event.kind.starts_with(ANSWERS) { text("question")? } else { None };
        let about = question.map(|question| ObjectKey::try_from(question.to_owned())).transpose();
        let about =
            about.map_err(|_| wrong("question", "names a question by 1 to 512 bytes without control characters"))?;
        co_authors::of(event)?;
        let mut titles = BTreeMap::new();
        if let Some(title) = text("title")? {
            titles.insert("und".to_owned(), shown(title).ok_or_else(|| wrong("title", TITLE))?);
        }
        match data.get("titles") {
            None | Some(Value::Null) => {}
            Some(Value::Object(given)) => {
                for language in ["ja", "en"] {
                    match given.get(language) {
                        None | Some(Value::Null) => {}
                        Some(Value::String(title)) => {
                            let title = shown(title).ok_or_else(|| wrong("titles", TITLE))?;
                            titles.insert(language.to_owned(), title);
                        }
                        Some(_) => return Err(wrong("titles", "holds texts by language: {\"ja\": …, \"en\": …}")),
                    }
                }
            }
            Some(_) => return Err(wrong("titles", "holds texts by language: {\"ja\": …, \"en\": …}")),
        }
        let own = match data.get("own") {
            None | Some(Value::Null) => false,
            Some(Value::Bool(own)) => *own,
            Some(_) => return Err(wrong("own", "must be true or false")),
        };
        Ok(Self { object, about, url, titles, giver: text("giver")?.filter(|g| !g.is_empty()).map(str::to_owned), own })
    }
}

const TITLE: &str = "is a text of 1 to 500 characters";

fn wrong(name: &str, what: &str) -> Refusal {
    Refusal::InvalidData(if name == "id" { format!("`id` {what}") } else { format!("`data.{name}` {what}") })
}

fn web_address(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(|_| text.len() <= LONGEST_URL)?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then(|| text.to_owned())
}

/// One line for people: every run of white space and control characters becomes one space.
fn shown(text: &str) -> Option<String> {
    let line = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty());
    let line = line.collect::<Vec<_>>().join(" ");
    (!line.is_empty() && line.chars().count() <= LONGEST_TITLE).then_some(line)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_names_its_question() {
        let said = json!({"object": "answers/2", "question": "questions/1"});
        let answer = told("answer.posted", said).expect("fine");
        assert_eq!(answer.about.as_ref().map(ObjectKey::as_str), Some("questions/1"));
        assert_eq!(told("answer.posted", json!({"object": "answers/2"})).expect("fine").about, None);
        assert_eq!(work(json!({"question": {"text": "of another kind"}})).expect("not read").about, None);
        for wrong in [json!(7), json!(""), json!("x".repeat(513))] {
            let refusal = told("answer.accepted", json!({"question": wrong})).expect_err("refused");
            assert!(refusal.detail().contains("data.question"), "{}", refusal.detail());
        }
    }

    fn work(data: Value) -> Result<Work, Refusal> {
        told("t", data)
    }

    fn told(kind: &str, data: Value) -> Result<Work, Refusal> {
        let event = json!({"specversion": "1.0", "id": "e-1", "source": "s", "type": kind, "data": data});
        Work::of(&Envelope::structured(event).expect("well formed"), false)
    }

    #[test]
    fn the_address_of_a_page_has_one_spelling_and_other_names_stay() {
        let object = |kind: &str, data: Value| told(kind, data).expect("fine").object.as_str().to_owned();
        let written = "http://Blog.example.org/post/?utm_source=x&page=2#top";
        let page = "https://blog.example.org/post?page=2";
        for kind in ["content.published", "content.viewed", "talk.given", "review.published"] {
            assert_eq!(object(kind, json!({"object": written})), page, "{kind}");
            assert_eq!(object(kind, json!({"url": written})), page, "{kind}");
            assert_eq!(object(kind, json!({"object": "o/1/", "url": written})), "o/1/", "{kind}");
        }
        for kind in ["answer.accepted", "change.merged", "event.attended"] {
            assert_eq!(object(kind, json!({"object": written})), written, "{kind}");
        }
        let event = json!({"specversion": "1.0", "id": "e-1", "source": "s", "type": "content.published", "data": {"object": written}});
        let adapted = Work::of(&Envelope::structured(event).expect("well formed"), true).expect("fine");
        assert_eq!(adapted.object.as_str(), written, "an adapter names its objects itself");
    }

    #[test]
    fn the_object_is_named_by_object_then_url_then_the_event() {
        let url = "https://a.example/1";
        assert_eq!(work(json!({"object": "o/1", "url": url})).expect("fine").object.as_str(), "o/1");
        assert_eq!(work(json!({"url": url})).expect("fine").object.as_str(), url);
        assert_eq!(work(json!("opaque")).expect("fine").object.as_str(), "e-1");
    }

    #[test]
    fn unusable_members_are_refused_by_name() {
        for (data, name) in [
            (json!({"object": 5}), "data.object"),
            (json!({"object": ""}), "data.object"),
            (json!({"object": "x".repeat(513)}), "data.object"),
            (json!({"url": "javascript:alert(1)"}), "data.url"),
            (json!({"url": "/relative"}), "data.url"),
            (json!({"title": " "}), "data.title"),
            (json!({"titles": {"ja": 1}}), "data.titles"),
            (json!({"giver": []}), "data.giver"),
            (json!({"own": "yes"}), "data.own"),
        ] {
            let refusal = work(data.clone()).expect_err(name);
            assert!(refusal.detail().contains(name), "{data}: {}", refusal.detail());
        }
    }

    #[test]
    fn titles_become_one_line() {
        let titles = work(json!({"title": "a\n  b", "titles": {"ja": "あ", "fr": "x"}})).expect("fine").titles;
        assert_eq!((titles["und"].as_str(), titles["ja"].as_str(), titles.len()), ("a b", "あ", 2));
    }
}
