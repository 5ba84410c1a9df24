//! What one requirement asks, from the fields of the form. `at` is the pointer of the requirement: `/requires/all/0/contributions`.

use serde_json::{Map, Value, json};

use super::typed::{Fields, number, parts};

/// Ways of counting: the word of the form, the word of the file, and the step of a streak.
pub const MEASURES: [(&str, &str, Option<&str>); 6] = [
    ("at_least", "at_least", None),
    ("sum", "sum", None),
    ("active_days", "active_days", None),
    ("streak-days", "streak", Some("days")),
    ("streak-weeks", "streak", Some("weeks")),
    ("streak-months", "streak", Some("months")),
];
/// How long contributions count; the empty word: for ever.
pub const WINDOWS: [&str; 8] = ["", "days", "month", "quarter", "year", "joining", "award", "event"];
/// Limits with one number each.
pub const LIMITS: [&str; 5] = ["per_day", "per_giver", "per_object", "hold_days", "reciprocal"];
/// Ways of saying a score; the empty word: a pass.
pub const SCORES: [&str; 4] = ["", "points", "percent", "scaled"];

/// The title of the very track that is written, whatever its slug comes to be: no slug has a colon.
pub const OWN_TITLE: &str = "own:";

/// The members of the requirement.
pub fn read(kind: &str, at: &str, fields: &Fields) -> Map<String, Value> {
    let field =
        |name: &str| fields.get(&format!("{at}/{name}")).map(|text| text.trim()).filter(|text| !text.is_empty());
    let mut asked = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            asked.insert(name.to_owned(), value);
        }
    };
    match kind {
        "exam" => {
            put("slug", field("slug").map(|slug| json!(slug)));
            let of = field("score").filter(|word| SCORES.contains(word));
            put("score", of.map(|word| json!({word: number(field("score/value").unwrap_or_default())})));
        }
        "held" => {
            put("track", field("track").map(|track| json!(track)));
            put("at", field("at").filter(|at| *at != "now").map(|at| json!(at)));
        }
        "tenure" => {
            let unit = field("unit").filter(|unit| *unit == "days").unwrap_or("months");
            // Days that are not written yet stay days.
            put(unit, field("n").map(number).or_else(|| (unit == "days").then(|| json!(""))));
        }
        "attested" => put("role", field("role").map(|role| json!(role))),
        "panel" => put("title", field("title").map(|title| json!(title))),
        _ => contributions(&field, at, fields, &mut put),
    }
    asked
}

/// What is filled in although something else that was chosen makes it void, by the name of its field below the requirement.
pub fn unused(kind: &str, at: &str, fields: &Fields) -> Map<String, Value> {
    let field =
        |name: &str| fields.get(&format!("{at}/{name}")).map(|text| text.trim()).filter(|text| !text.is_empty());
    let chosen = |name: &str| field(name).unwrap_or_default();
    let void: Vec<&str> = match kind {
        "exam" if chosen("score").is_empty() => vec!["score/value"],
        "contributions" => {
            let values = ["days", "award", "event"].into_iter().zip(["window/days", "window/award", "window/event"]);
            values.filter(|(word, _)| *word != chosen("window")).map(|(_, name)| name).collect()
        }
        _ => vec![],
    };
    void.into_iter().filter_map(|name| Some((format!("{kind}/{name}"), json!(field(name)?)))).collect()
}

fn contributions<'f>(
    field: &impl Fn(&str) -> Option<&'f str>,
    at: &str,
    fields: &Fields,
    put: &mut impl FnMut(&str, Option<Value>),
) {
    put("types", Some(json!(types(at, fields))));
    put("sources", field("sources").map(|text| parts(text).collect()));
    let measure = field("measure").unwrap_or("at_least");
    let (_, word, step) = MEASURES.into_iter().find(|(form, ..)| *form == measure).unwrap_or(MEASURES[0]);
    // An amount that is not written yet stays of its sort.
    let amount = field("at_least").map(number).or_else(|| (word != "at_least").then(|| json!("")));
    put(
        word,
        amount.map(|n| match step {
            Some(step) => json!({step: n}),
            None => n,
        }),
    );
    let value = |word: &str| field(&format!("window/{word}")).unwrap_or_default();
    put(
        "window",
        match field("window") {
            Some("days") => Some(json!({"days": number(value("days"))})),
            Some(cycle @ ("month" | "quarter" | "year")) => Some(json!({"calendar": cycle})),
            Some("joining") => Some(json!({"since": "joining"})),
            Some(anchor @ ("award" | "event")) => Some(json!({"since": {anchor: value(anchor)}})),
            _ => None,
        },
    );
    for limit in LIMITS {
        put(limit, field(limit).map(number));
    }
    put("distinct", field("distinct").map(|word| json!(word)));
    put("accepted", field("accepted").map(|_| json!("peer")));
    put("own", field("own").map(|_| json!(true)));
}

/// The types that were ticked and typed, in the order in which they stood, new ones after them.
fn types(at: &str, fields: &Fields) -> Vec<String> {
    let prefix = format!("{at}/type/");
    let ticked = fields.range(prefix.clone()..).map_while(|(name, _)| name.strip_prefix(&prefix)).map(str::to_owned);
    let typed = fields.get(&format!("{at}/types:own")).map_or("", String::as_str);
    let mut all: Vec<String> = vec![];
    for kind in ticked.chain(parts(typed).map(str::to_owned)) {
        if !all.contains(&kind) {
            all.push(kind);
        }
    }
    let order: Vec<&str> = fields.get(&format!("order:{at}")).map_or_else(Vec::new, |text| parts(text).collect());
    all.sort_by_key(|kind| order.iter().position(|known| known == kind).unwrap_or(order.len()));
    all
}
