//! CloudEvents 1.0.2 from outside → an [`Envelope`], or [`NotAnEvent`], which says what is wrong and where.
//!
//! Structured mode (JSON Event Format §3), batch entries (§4), binary mode (HTTP Protocol Binding §3.1). Extension attributes are checked for
//! their form and otherwise ignored.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use waymark_credential::strict_json;

use crate::clock::{Timestamp, parse_rfc3339, rfc3339};
use crate::web::input::nul_in;

/// The most bytes of `data` in one event.
pub const DATA_LIMIT: usize = 64 * 1024;
const LONGEST_ID: usize = 256;
const LONGEST_SOURCE: usize = 512;
const LONGEST_TYPE: usize = 100;
const LONGEST_SUBJECT: usize = 320;
const LONGEST_EXTENSION: usize = 2048;
const MOST_ATTRIBUTES: usize = 50;

/// One event as its source said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    pub id: String,
    pub source: String,
    /// The `type` attribute.
    pub kind: String,
    pub subject: Option<String>,
    pub time: Option<Timestamp>,
    /// JSON null where there is none.
    pub data: Value,
}

/// Why something is not an event that we can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnEvent {
    /// The event's id, as far as it could be read.
    pub id: Option<String>,
    pub what: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// What is wrong, where, and what to do.
    Malformed(String),
    /// `data` is larger than [`DATA_LIMIT`].
    DataTooLarge,
    /// Binary mode with a body that is not JSON.
    DataNotJson,
}

impl Problem {
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::DataTooLarge => "data_too_large",
            Self::DataNotJson => "data_not_json",
        }
    }

    pub fn detail(&self) -> String {
        match self {
            Self::Malformed(detail) => detail.clone(),
            Self::DataTooLarge => format!("`data` may have {DATA_LIMIT} bytes; send a link instead"),
            Self::DataNotJson => "send `data` as JSON (datacontenttype application/json)".to_owned(),
        }
    }
}

impl Envelope {
    /// Reads structured mode: the whole event as one JSON object.
    pub fn structured(event: Value) -> Result<Self, NotAnEvent> {
        let Value::Object(mut members) = event else {
            return Err(NotAnEvent { id: None, what: malformed("an event is a JSON object") });
        };
        let id = readable_id(members.get("id"));
        let data = data_of(&mut members).map_err(|what| NotAnEvent { id: id.clone(), what })?;
        Self::read(&members, data).map_err(|what| NotAnEvent { id, what })
    }

    /// Reads binary mode: attributes from `ce-` headers (names without the prefix, values decoded), `data` from the body.
    pub fn binary(
        attributes: impl IntoIterator<Item = (String, String)>,
        content_type: &str,
        body: &[u8],
    ) -> Result<Self, NotAnEvent> {
        let mut members = Map::new();
        for (name, value) in attributes {
            members.insert(name, Value::String(value));
        }
        let id = readable_id(members.get("id"));
        data_of_bytes(content_type, body)
            .and_then(|data| Self::read(&members, data))
            .map_err(|what| NotAnEvent { id, what })
    }

    fn read(members: &Map<String, Value>, data: Value) -> Result<Self, Problem> {
        if let Some(pointer) = nul_in(&data) {
            return Err(malformed(format!("`data{pointer}` has the character U+0000; leave it out")));
        }
        if members.len() > MOST_ATTRIBUTES {
            return Err(malformed(format!("an event may have {MOST_ATTRIBUTES} attributes")));
        }
        for (name, value) in members {
            check_attribute(name, value)?;
        }
        if required(members, "specversion", 10)? != "1.0" {
            return Err(malformed("`specversion` must be \"1.0\""));
        }
        let time = match optional(members, "time", 64)? {
            None => None,
            Some(text) => Some(
                parse_rfc3339(&text)
                    .ok_or_else(|| malformed("`time` must be a time such as 2026-11-21T09:00:00Z (RFC 3339)"))?,
            ),
        };
        Ok(Self {
            id: required(members, "id", LONGEST_ID)?,
            source: required(members, "source", LONGEST_SOURCE)?,
            kind: required(members, "type", LONGEST_TYPE)?,
            subject: optional(members, "subject", LONGEST_SUBJECT)?,
            time,
            data,
        })
    }

    /// SHA-256 in hex of what the event says: tells a repetition from an event that took another one's id.
    pub fn content_hash(&self) -> String {
        let said = json!([self.kind, self.subject, self.time.map(rfc3339), self.data]).to_string();
        Sha256::digest(said).iter().map(|b| format!("{b:02x}")).collect()
    }
}

fn malformed(detail: impl Into<String>) -> Problem {
    Problem::Malformed(detail.into())
}

fn readable_id(value: Option<&Value>) -> Option<String> {
    value
        .and_then(Value::as_str)
        .filter(|id| id.len() <= LONGEST_ID && !id.contains(char::is_control))
        .map(str::to_owned)
}

/// CloudEvents §3.1: names are a-z and 0-9; JSON Event Format §2.2: values are strings, booleans and whole numbers, null means absent.
fn check_attribute(name: &str, value: &Value) -> Result<(), Problem> {
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if !plain || name.len() > 64 {
        let shown: String = name.chars().take(64).collect();
        return Err(malformed(format!("`{shown}` cannot be an attribute: their names are a-z and 0-9")));
    }
    match value {
        Value::Null | Value::Bool(_) => Ok(()),
        Value::Number(n) if n.is_i64() => Ok(()),
        Value::String(text) if text.len() <= LONGEST_EXTENSION => Ok(()),
        Value::String(_) => Err(malformed(format!("`{name}` is longer than {LONGEST_EXTENSION} bytes"))),
        _ => Err(malformed(format!("`{name}` must be a text, a whole number or a boolean; put the rest into `data`"))),
    }
}

fn optional(members: &Map<String, Value>, name: &str, longest: usize) -> Result<Option<String>, Problem> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => {
            if text.is_empty() || text.len() > longest || text.chars().any(char::is_control) {
                return Err(malformed(format!("`{name}` must be 1 to {longest} bytes without control characters")));
            }
            Ok(Some(text.clone()))
        }
        Some(_) => Err(malformed(format!("`{name}` must be a text"))),
    }
}

fn required(members: &Map<String, Value>, name: &str, longest: usize) -> Result<String, Problem> {
    optional(members, name, longest)?.ok_or_else(|| malformed(format!("`{name}` is missing")))
}

/// Takes `data` or `data_base64` out of the event.
fn data_of(members: &mut Map<String, Value>) -> Result<Value, Problem> {
    match (members.remove("data"), members.remove("data_base64")) {
        (Some(_), Some(_)) => Err(malformed("an event has `data` or `data_base64`, not both")),
        (Some(data), None) => {
            if data.to_string().len() > DATA_LIMIT {
                return Err(Problem::DataTooLarge);
            }
            Ok(data)
        }
        (None, Some(Value::String(text))) => {
            let bytes = STANDARD.decode(text).map_err(|_| malformed("`data_base64` is not base64"))?;
            let kind = members.get("datacontenttype").and_then(Value::as_str).unwrap_or("application/json");
            data_of_bytes(kind.split(';').next().unwrap_or_default().trim(), &bytes)
        }
        (None, Some(_)) => Err(malformed("`data_base64` must be a text")),
        (None, None) => Ok(Value::Null),
    }
}

fn data_of_bytes(content_type: &str, bytes: &[u8]) -> Result<Value, Problem> {
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    if bytes.len() > DATA_LIMIT {
        return Err(Problem::DataTooLarge);
    }
    let kind = content_type.to_ascii_lowercase();
    if kind != "application/json" && kind != "text/json" && !kind.ends_with("+json") {
        return Err(Problem::DataNotJson);
    }
    strict_json::parse(bytes, DATA_LIMIT).map_err(|e| malformed(format!("`data`: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Value {
        json!({"specversion": "1.0", "id": "1", "source": "https://a.example", "type": "change.merged"})
    }

    fn with(name: &str, value: Value) -> Result<Envelope, NotAnEvent> {
        let mut event = event();
        event[name] = value;
        Envelope::structured(event)
    }

    #[test]
    fn the_least_event_is_read() {
        let envelope = Envelope::structured(event()).expect("well formed");
        assert_eq!(
            (envelope.id.as_str(), envelope.kind.as_str(), &envelope.data),
            ("1", "change.merged", &Value::Null)
        );
    }

    #[test]
    fn extension_attributes_are_tolerated_and_null_means_absent() {
        for value in [json!("x"), json!(7), json!(true), Value::Null] {
            with("comexampleextension", value).expect("tolerated");
        }
        assert_eq!(with("subject", Value::Null).expect("absent").subject, None);
    }

    #[test]
    fn each_mistake_is_named() {
        let long = "x".repeat(LONGEST_ID + 1);
        for (name, value, says) in [
            ("specversion", json!("0.3"), "specversion"),
            ("specversion", Value::Null, "specversion"),
            ("id", json!(""), "`id`"),
            ("id", json!(5), "`id`"),
            ("id", json!(long), "`id`"),
            ("source", Value::Null, "`source` is missing"),
            ("type", json!("a\nb"), "`type`"),
            ("subject", json!(["x"]), "`subject`"),
            ("time", json!("yesterday"), "`time`"),
            ("traceParent", json!("x"), "traceParent"),
            ("extension", json!({"a": 1}), "`extension`"),
            ("extension", json!(1.5), "`extension`"),
            ("data_base64", json!("%%%"), "data_base64"),
        ] {
            match with(name, value).expect_err(name).what {
                Problem::Malformed(detail) => assert!(detail.contains(says), "{name}: {detail}"),
                other => panic!("{name}: {other:?}"),
            }
        }
        assert!(matches!(Envelope::structured(json!([])).expect_err("an array").what, Problem::Malformed(_)));
    }

    #[test]
    fn data_is_capped_and_base64_is_read_as_json() {
        let full = json!("x".repeat(DATA_LIMIT - 2));
        with("data", full).expect("exactly at the cap");
        let over = json!("x".repeat(DATA_LIMIT - 1));
        assert_eq!(with("data", over).expect_err("over the cap").what, Problem::DataTooLarge);
        let envelope = with("data_base64", json!(STANDARD.encode(r#"{"object":"a"}"#))).expect("JSON inside");
        assert_eq!(envelope.data["object"], "a");
        let mut both = event();
        both["data"] = json!({});
        both["data_base64"] = json!("");
        assert!(Envelope::structured(both).is_err());
    }

    #[test]
    fn binary_mode_reads_attributes_and_body() {
        let attributes = || {
            ["specversion=1.0", "id=7", "source=https://a.example", "type=x", "subject=handle:a"]
                .map(|pair| pair.split_once('=').map(|(n, v)| (n.to_owned(), v.to_owned())).expect("a pair"))
        };
        let envelope = Envelope::binary(attributes(), "application/json", br#"{"object":"b"}"#).expect("well formed");
        assert_eq!((envelope.subject.as_deref(), &envelope.data["object"]), (Some("handle:a"), &json!("b")));
        assert_eq!(Envelope::binary(attributes(), "text/plain", b"x").expect_err("text").what, Problem::DataNotJson);
        assert!(Envelope::binary(attributes(), "application/json", br#"{"a":1,"a":2}"#).is_err());
    }

    #[test]
    fn the_hash_tells_other_content_from_a_repetition() {
        let first = with("data", json!({"object": "a", "url": "https://a.example/a"})).expect("well formed");
        let again = with("data", json!({"url": "https://a.example/a", "object": "a"})).expect("well formed");
        let other = with("data", json!({"object": "b", "url": "https://a.example/a"})).expect("well formed");
        assert_eq!(first.content_hash(), again.content_hash());
        assert_ne!(first.content_hash(), other.content_hash());
    }
}
