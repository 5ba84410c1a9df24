//! The moment of release, on the clock of the program.

use serde_json::{Value, json};

use super::pointed::{Fields, put, shown};
use crate::clock::{Timestamp, parse_rfc3339, rfc3339};
use crate::web::zone::Zone;

/// How the document releases (`at_once`, `held`, `on`), and the moment as a field shows it: `2027-04-01T09:00`.
pub fn release(document: &Value, zone: &Zone) -> (String, String) {
    match document.get("release") {
        Some(Value::Object(on)) => ("on".to_owned(), local(on.get("on").unwrap_or(&Value::Null), zone)),
        Some(Value::Null) | None => ("at_once".to_owned(), String::new()),
        Some(word) => (shown(word), String::new()),
    }
}

fn local(on: &Value, zone: &Zone) -> String {
    let text = shown(on);
    let Some(at) = parse_rfc3339(&text) else { return text };
    let (year, month, day) = zone.calendar(at);
    format!("{year:04}-{month:02}-{day:02}T{}", &zone.clock(at)[..5])
}

/// A day and a time of the zone's clock. On the day of a change of clocks the time counts from the beginning of that day.
fn moment(text: &str, zone: &Zone) -> Option<Timestamp> {
    let (day, clock) = text.split_once(['T', ' '])?;
    let (first, _) = zone.day(day)?;
    let of_day = parse_rfc3339(&format!("1970-01-01T{clock}:00Z")).filter(|_| clock.len() == 5)?;
    Some(first + (of_day - Timestamp::UNIX_EPOCH))
}

/// Writes the release that the form says. A moment that shows as it did stays to the second; one that cannot be read stays as it was typed.
pub fn said_release(fields: &Fields, base: &Value, document: &mut Value, zone: &Zone) {
    let Some(word) = fields.get("/release") else { return };
    let typed = fields.get("/release/on").map_or("", |text| text.trim());
    let value = match word.as_str() {
        "at_once" | "" => None,
        "on" => {
            let known = &base["release"]["on"];
            let same = !known.is_null() && local(known, zone) == typed;
            let read = moment(typed, zone).map_or_else(|| json!(typed), |at| json!(rfc3339(at)));
            Some(json!({"on": if same { known.clone() } else { read }}))
        }
        other => Some(json!(other)),
    };
    put(document, "/release", value);
}
