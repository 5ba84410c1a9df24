//! What a track takes, in words, from its document as it stands: also from one that is not whole yet.

use std::collections::BTreeMap;

use serde_json::Value;

use super::control::plain;
use super::leaves::{LIMITS, OWN_TITLE};
use super::tree::kind_of;
use crate::web::i18n::Words;

/// One line of the summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub text: String,
    pub below: Vec<Told>,
}

/// What things are called, in one language.
pub struct Names {
    pub exams: BTreeMap<String, String>,
    pub tracks: BTreeMap<String, String>,
    /// The slug of the track itself; empty while it has none.
    pub own: String,
}

impl Names {
    fn of<'n>(names: &'n BTreeMap<String, String>, slug: &'n str) -> &'n str {
        names.get(slug).map_or(slug, String::as_str)
    }
}

/// The whole track: what it takes, how long it holds, what renews it.
pub fn told(w: Words, names: &Names, document: &Value) -> Vec<Told> {
    let mut all = vec![];
    if let Some(tree) = document.get("requires") {
        all.push(node(w, names, tree, 0));
    }
    let mut say = |key: &str, name: &str, value: &Value| {
        if !value.is_null() {
            all.push(line(w.with1(key, name, plain(value))));
        }
    };
    say("takes-term", "n", &document["requires"]["standing"]["term"]["months"]);
    let decided = match &document["requires"]["standing"] {
        Value::Null => document["kind"] == "title",
        said => said == "decided",
    };
    say(if decided { "takes-decided-validity" } else { "takes-validity" }, "n", &document["validity"]["months"]);
    if decided && document["validity"]["months"].is_null() {
        all.push(line(w.t("takes-decided")));
    }
    if let Some(by) = document["renewal"]["by"].as_array() {
        let below = by.iter().map(|one| node(w, names, one, 0)).collect();
        all.push(Told { text: w.t("takes-renewal"), below });
    }
    all
}

fn line(text: String) -> Told {
    Told { text, below: vec![] }
}

/// How deep the summary goes: the definition allows less.
const DEEPEST: usize = 16;

fn node(w: Words, names: &Names, node: &Value, depth: usize) -> Told {
    let own = &node["text"];
    let own = own[w.lang()].as_str().or_else(|| own.as_str());
    let Some((kind, asked)) = kind_of(node) else { return line(w.t("takes-nothing-yet")) };
    let children = match kind {
        "all" | "any" => asked.as_array(),
        "at_least" => asked["of"].as_array(),
        _ => None,
    };
    let mut below: Vec<Told> = match children {
        Some(children) if depth < DEEPEST => {
            children.iter().map(|child| self::node(w, names, child, depth + 1)).collect()
        }
        _ => vec![],
    };
    let text = match kind {
        "all" => w.t("takes-all"),
        "any" => w.t("takes-any"),
        "at_least" => w.with1("takes-at-least", "n", plain(&asked["n"])),
        "exam" => exam(w, names, asked),
        "held" => {
            let key = if asked["at"] == "ever" { "takes-held-ever" } else { "takes-held" };
            w.with1(key, "track", Names::of(&names.tracks, &plain(&asked["track"])))
        }
        "tenure" if !asked["days"].is_null() => w.with1("takes-tenure-days", "n", plain(&asked["days"])),
        "tenure" => w.with1("takes-tenure-months", "n", plain(&asked["months"])),
        "attested" => w.with1("takes-attested", "role", plain(&asked["role"])),
        "panel" => match plain(&asked["title"]) {
            own if own == OWN_TITLE || (own == names.own && !own.is_empty()) => w.t("takes-panel-own"),
            title => w.with1("takes-panel", "title", Names::of(&names.tracks, &title)),
        },
        _ => {
            below.extend(conditions(w, names, asked).into_iter().map(line));
            contributions(w, asked)
        }
    };
    match own {
        // The author's words first; what is counted stands below them.
        Some(own) if !own.trim().is_empty() => Told { text: own.to_owned(), below: vec![Told { text, below }] },
        _ => Told { text, below },
    }
}

fn exam(w: Words, names: &Names, asked: &Value) -> String {
    let slug = plain(&asked["slug"]);
    let called = Names::of(&names.exams, &slug);
    let score = asked["score"].as_object().and_then(|score| score.iter().next());
    match score {
        Some((sort, least)) => w.with2(&format!("takes-exam-{sort}"), "exam", called, "n", plain(least)),
        None => w.with1("takes-exam", "exam", called),
    }
}

fn contributions(w: Words, asked: &Value) -> String {
    let kinds: Vec<String> =
        asked["types"].as_array().into_iter().flatten().map(|kind| kind_name(w, &plain(kind))).collect();
    let kinds = if kinds.is_empty() { w.t("takes-no-types") } else { kinds.join(&w.t("list-comma")) };
    let (key, amount) = match ["sum", "active_days"].into_iter().find(|word| !asked[*word].is_null()) {
        Some(word) => (format!("takes-{}", word.replace('_', "-")), plain(&asked[word])),
        None => match asked["streak"].as_object().and_then(|streak| streak.iter().next()) {
            Some((step, n)) => (format!("takes-streak-{step}"), plain(n)),
            None => match asked["distinct"].as_str() {
                Some(of @ ("type" | "source")) => (format!("takes-distinct-{of}"), plain(&asked["at_least"])),
                _ => ("takes-count".to_owned(), plain(&asked["at_least"])),
            },
        },
    };
    let key = if w.has(&key) { key } else { "takes-count".to_owned() };
    w.with2(&key, "n", amount, "kinds", kinds)
}

/// An event type in words; a source's own type stands for itself.
pub fn kind_name(w: Words, kind: &str) -> String {
    let key = format!("kind-{}", kind.replace(['.', '_'], "-").to_lowercase());
    if w.has(&key) { w.t(&key) } else { kind.to_owned() }
}

fn conditions(w: Words, names: &Names, asked: &Value) -> Vec<String> {
    let mut all = vec![];
    let window = &asked["window"];
    if !window["days"].is_null() {
        all.push(w.with1("takes-window-days", "n", plain(&window["days"])));
    }
    if let Some(cycle @ ("month" | "quarter" | "year")) = window["calendar"].as_str() {
        all.push(w.t(&format!("takes-window-{cycle}")));
    }
    let since = &window["since"];
    if since == "joining" {
        all.push(w.t("takes-since-joining"));
    } else if !since["award"].is_null() {
        all.push(w.with1("takes-since-award", "track", Names::of(&names.tracks, &plain(&since["award"]))));
    } else if !since["event"].is_null() {
        all.push(w.with1("takes-since-event", "kind", kind_name(w, &plain(&since["event"]))));
    }
    if asked["distinct"] == "object" {
        all.push(w.t("takes-distinct-object"));
    }
    for limit in LIMITS {
        if !asked[limit].is_null() {
            all.push(w.with1(&format!("takes-{}", limit.replace('_', "-")), "n", plain(&asked[limit])));
        }
    }
    if asked["accepted"] == "peer" {
        all.push(w.t("takes-accepted"));
    }
    if asked["own"] == true {
        all.push(w.t("takes-own"));
    }
    let sources: Vec<String> = asked["sources"].as_array().into_iter().flatten().map(plain).collect();
    if !sources.is_empty() {
        all.push(w.with1("takes-sources", "sources", sources.join(&w.t("list-comma"))));
    }
    all
}

/// What a track is called while it is written.
pub fn title(w: Words, document: &Value, slug: &str) -> String {
    let own = document["title"][w.lang()].as_str().or_else(|| document["title"].as_str());
    let any = || document["title"].as_object().and_then(|texts| texts.values().find_map(Value::as_str));
    own.or_else(any).unwrap_or(slug).to_owned()
}
