//! One received result as the pages of staff show it.

use serde_json::Value;

use super::list::Received;
use crate::attempts::wording::points;
use crate::web::i18n::Words;
use crate::web::zone::Zone;

pub(super) struct Line {
    pub id: String,
    pub candidate: String,
    pub member: Option<String>,
    pub score: String,
    pub form: String,
    pub delivered_by: String,
    pub at: String,
    pub state: String,
    pub version: i32,
}

pub(super) fn line(words: Words, zone: &Zone, row: Received) -> Line {
    let text = |name: &str| row.content[name].as_str().unwrap_or_default().to_owned();
    Line {
        state: words.t(&format!("outside-{}", row.state().replace('_', "-"))),
        score: match &row.content["of"] {
            Value::String(of) => {
                words.with2("result-score-value", "points", written(words, &text("score")), "max", written(words, of))
            }
            _ => written(words, &text("score")),
        },
        form: text("form"),
        at: zone.instant(words, row.happened_at),
        id: row.id,
        candidate: row.candidate,
        member: row.member,
        delivered_by: row.delivered_by,
        version: row.version,
    }
}

/// Points as people write them; what is no number stands as it came.
fn written(words: Words, text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), |value| points(words, value))
}
