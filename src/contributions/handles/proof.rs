//! The code, and an event that carries it.

use serde_json::Value;

use super::service;
use crate::contributions::envelope::Envelope;
use crate::database::Change;
use crate::entropy;
use crate::error::Result;

const PREFIX: &str = "waymark-proof-";
const LENGTH: usize = 12;
/// Without letters that are mistaken for digits.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Types whose subject wrote the text themselves, with the fields in which that text stands. Elsewhere another may have written it: whoever thanks a
/// member could put a code into their thanks, whoever asks into the title under which others answer.
const WRITTEN: [(&str, &[&str]); 4] = [
    ("question.asked", &["title", "text", "body"]),
    ("idea.submitted", &["title", "text", "body"]),
    ("content.published", &["title", "text", "body"]),
    ("answer.posted", &["text", "body"]),
];

/// A new code: 60 bits that nobody can guess.
pub(super) fn code(ch: &Change<'_>) -> String {
    let bytes: [u8; LENGTH] = entropy::bytes(ch.entropy());
    bytes.iter().fold(PREFIX.to_owned(), |mut code, byte| {
        code.push(char::from(LETTERS[usize::from(byte % 32)]));
        code
    })
}

/// The codes in what the event's subject wrote; at most a few.
fn codes(event: &Envelope) -> Vec<String> {
    let Some((_, fields)) = WRITTEN.iter().find(|(kind, _)| *kind == event.kind) else { return vec![] };
    let texts = fields.iter().filter_map(|field| event.data.get(field).and_then(Value::as_str));
    let found = texts.flat_map(|text| {
        text.match_indices(PREFIX).filter_map(|(at, _)| {
            let code = text.get(at..at + PREFIX.len() + LENGTH)?;
            let letters = code.as_bytes().get(PREFIX.len()..)?;
            letters.iter().all(|c| LETTERS.contains(c)).then(|| code.to_owned())
        })
    });
    found.take(5).collect()
}

/// Proves a claim whose code this event carries, under the very handle and at the very source that were claimed.
pub(in crate::contributions) async fn hear(ch: &mut Change<'_>, event: &Envelope, handle: &str) -> Result<()> {
    for code in codes(event) {
        service::prove_by_event(ch, &event.source, handle, &code).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(kind: &str, data: &Value) -> Envelope {
        let event = json!({"specversion": "1.0", "id": "1", "source": "s", "type": kind, "data": data});
        Envelope::structured(event).expect("well formed")
    }

    #[test]
    fn only_what_the_subject_wrote_is_read() {
        let code = "waymark-proof-0123456789ab";
        let told = json!({"title": "a", "text": format!("see {code}.")});
        for kind in ["question.asked", "content.published", "answer.posted"] {
            assert_eq!(codes(&event(kind, &told)), [code], "{kind}");
        }
        let foreign = json!({"title": code, "thanks": code});
        for (kind, data) in [("thanks.given", &told), ("answer.accepted", &told), ("answer.posted", &foreign)] {
            assert!(codes(&event(kind, data)).is_empty(), "{kind}");
        }
        for wrong in
            ["waymark-proof-", "waymark-proof-0123456789a", "waymark-proof-0123456789iL", "waymark-proof-日本語日本語"]
        {
            assert!(codes(&event("question.asked", &json!({"text": wrong}))).is_empty(), "{wrong}");
        }
    }
}
