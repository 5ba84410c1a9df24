//! The tree of requirements as fields of a form, and back. The form says for each node of which kind it is (`node:POINTER`), so that the tree stands in the
//! fields themselves; buttons that add, move, lift or take away a node are followed while it is read.

use serde_json::{Map, Value, json};

use super::leaves;
use super::typed::{Fields, LANGUAGES, number, put};
use crate::planning::check::UNUSED;

/// Kinds that have children.
pub const GROUPS: [&str; 3] = ["all", "any", "at_least"];
/// Kinds of one requirement each.
pub const LEAVES: [&str; 6] = ["contributions", "exam", "held", "tenure", "attested", "panel"];
/// Deeper than this nothing is read: the definition allows less.
const DEEPEST: usize = 16;

/// The kind of a node as it stands in a document, and what it asks; none where it is of no kind that the form knows.
pub fn kind_of(node: &Value) -> Option<(&'static str, &Value)> {
    let map = node.as_object()?;
    let mut known = GROUPS.into_iter().chain(LEAVES).filter_map(|kind| Some((kind, map.get(kind)?)));
    known.next().filter(|_| known.next().is_none())
}

/// Where the children of a group stand, below the group: `/all`, `/at_least/of`.
pub fn children_at(kind: &str) -> &'static str {
    match kind {
        "all" => "/all",
        "any" => "/any",
        _ => "/at_least/of",
    }
}

/// A new requirement of this kind, as the form first shows it.
pub fn fresh(kind: &str) -> Value {
    match kind {
        "all" | "any" => json!({kind: []}),
        "at_least" => json!({"at_least": {"n": 1, "of": []}}),
        "contributions" => json!({"contributions": {"types": [], "at_least": 1}}),
        "tenure" => json!({"tenure": {"months": 1}}),
        kind => json!({kind: {}}),
    }
}

/// Puts the trees that the form says into the document: what the track asks, and what renews.
pub fn read(fields: &Fields, document: &mut Value) {
    let step = fields.get("step").map_or("", String::as_str);
    let reading = Reading { fields, step };
    if fields.contains_key("node:/requires") {
        let mut tree = reading.node("/requires", 0).0;
        if step == "wrap:/requires" {
            tree = json!({"all": [tree]});
        }
        standing(fields, &mut tree);
        put(document, "/requires", Some(tree));
    }
    if fields.contains_key("list:/renewal/by") {
        let by = reading.list("/renewal/by", 0);
        let there = !by.is_empty();
        put(document, "/renewal/by", there.then_some(Value::Array(by)));
        if !there && document["renewal"].as_object().is_some_and(|r| r.keys().all(|k| k != "by")) {
            let typed = ["/renewal/grace_days", "/renewal/reminders"]
                .iter()
                .any(|name| fields.get(*name).is_some_and(|t| !t.trim().is_empty()));
            if !typed {
                put(document, "/renewal", None);
            }
        }
    }
}

/// Gives each requirement without a name one that neither the document nor what it came from has: `r1`, `r2`, …
pub fn name(document: &mut Value, base: &Value) {
    let mut last = highest(document).max(highest(base));
    if let Some(tree) = document.get_mut("requires") {
        name_below(tree, &mut last);
    }
    for node in document.pointer_mut("/renewal/by").and_then(Value::as_array_mut).into_iter().flatten() {
        name_below(node, &mut last);
    }
}

fn name_below(node: &mut Value, last: &mut u64) {
    let Some((kind, _)) = kind_of(node) else { return };
    if GROUPS.contains(&kind) {
        for child in node.pointer_mut(children_at(kind)).and_then(Value::as_array_mut).into_iter().flatten() {
            name_below(child, last);
        }
    } else if node["id"].is_null() {
        *last += 1;
        node["id"] = json!(format!("r{last}"));
    }
}

/// The highest number that a name given by [`name`] has here.
fn highest(value: &Value) -> u64 {
    let below = match value {
        Value::Object(map) => map.values().map(highest).max(),
        Value::Array(all) => all.iter().map(highest).max(),
        _ => None,
    };
    let own = value["id"].as_str().and_then(|id| id.strip_prefix('r')?.parse::<u32>().ok()).map(u64::from);
    below.max(own).unwrap_or_default()
}

/// Where the form says that a title is that of this very track, writes the track's slug; keeps the word of the form while there is none.
pub fn own_title(document: &mut Value) {
    fn below(value: &mut Value, slug: &Value) {
        match value {
            Value::Object(map) => {
                if let Some(panel) = map.get_mut("panel").and_then(Value::as_object_mut)
                    && panel.get("title").is_some_and(|title| title == leaves::OWN_TITLE)
                {
                    panel.insert("title".to_owned(), slug.clone());
                }
                map.values_mut().for_each(|inner| below(inner, slug));
            }
            Value::Array(all) => all.iter_mut().for_each(|inner| below(inner, slug)),
            _ => {}
        }
    }
    let slug = document["slug"].clone();
    if !slug.is_string() {
        return;
    }
    for part in ["requires", "renewal"] {
        if let Some(tree) = document.get_mut(part) {
            below(tree, &slug);
        }
    }
}

/// What "met" means over time stands at the top of the tree. Where nothing is chosen, it goes by the kind of the track.
fn standing(fields: &Fields, tree: &mut Value) {
    let Some(word) = fields.get("/requires/standing") else { return };
    let months = fields.get("/requires/standing/months").map_or("", |text| text.trim());
    let said = match word.as_str() {
        "earned" | "current" | "decided" => Some(json!(word)),
        "term" if months.is_empty() => Some(json!({"term": {}})),
        "term" => Some(json!({"term": {"months": number(months)}})),
        _ => None,
    };
    put(tree, "/standing", said);
    if word != "term" && !months.is_empty() {
        put(
            tree,
            &format!("/{UNUSED}"),
            Some(tree.get(UNUSED).filter(|kept| kept.is_object()).cloned().unwrap_or(json!({}))),
        );
        tree[UNUSED]["standing/months"] = json!(months);
    }
}

struct Reading<'f> {
    fields: &'f Fields,
    /// The button that was pressed.
    step: &'f str,
}

impl Reading<'_> {
    fn asked(&self, verb: &str, at: &str) -> bool {
        self.step.strip_prefix(verb).and_then(|rest| rest.strip_prefix(':')) == Some(at)
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    /// The node at `base`, and what was lifted out of it.
    fn node(&self, base: &str, depth: usize) -> (Value, Vec<Value>) {
        // What the form does not show comes back as it was sent.
        let rest: Value =
            self.field(&format!("rest:{base}")).and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default();
        let mut node = rest["node"].as_object().cloned().unwrap_or_default();
        if let Some(id) = self.field(&format!("{base}/id")) {
            node.insert("id".to_owned(), json!(id));
        }
        let text: Map<String, Value> = LANGUAGES
            .iter()
            .filter_map(|language| {
                Some(((*language).to_owned(), json!(self.field(&format!("{base}/text/{language}"))?)))
            })
            .collect();
        if !text.is_empty() {
            node.insert("text".to_owned(), Value::Object(text));
        }
        let mut lifted = vec![];
        match self.field(&format!("node:{base}")) {
            Some(kind) if GROUPS.contains(&kind) => {
                let mut children = vec![];
                for (child, out) in self.children(&format!("{base}{}", children_at(kind)), depth) {
                    if out { lifted.push(child) } else { children.push(child) }
                }
                let chosen = self.field(&format!("kind:{base}")).filter(|kind| GROUPS.contains(kind)).unwrap_or(kind);
                let asked = match chosen {
                    "at_least" => match self.fields.get(&format!("{base}/at_least/n")).map(|text| text.trim()) {
                        None => json!({"n": 1, "of": children}),
                        Some("") => json!({"of": children}),
                        Some(n) => json!({"n": number(n), "of": children}),
                    },
                    _ => Value::Array(children),
                };
                node.insert(chosen.to_owned(), asked);
            }
            Some(kind) if LEAVES.contains(&kind) => {
                let mut asked = leaves::read(kind, &format!("{base}/{kind}"), self.fields);
                for (key, value) in rest["asked"].as_object().into_iter().flatten() {
                    asked.entry(key.clone()).or_insert_with(|| value.clone());
                }
                node.insert(kind.to_owned(), Value::Object(asked));
                let unused = leaves::unused(kind, &format!("{base}/{kind}"), self.fields);
                if !unused.is_empty() {
                    node.insert(UNUSED.to_owned(), Value::Object(unused));
                }
            }
            _ => {}
        }
        (Value::Object(node), lifted)
    }

    fn list(&self, base: &str, depth: usize) -> Vec<Value> {
        self.children(base, depth).into_iter().map(|(child, _)| child).collect()
    }

    /// The nodes of a list, each with whether it is to be lifted out of its group.
    fn children(&self, base: &str, depth: usize) -> Vec<(Value, bool)> {
        let mut all: Vec<(Value, bool)> = vec![];
        if depth > DEEPEST {
            return all;
        }
        for n in 0.. {
            let at = format!("{base}/{n}");
            if !self.fields.contains_key(&format!("node:{at}")) {
                break;
            }
            let (node, lifted) = self.node(&at, depth + 1);
            if self.asked("remove", &at) {
                continue;
            }
            let place = all.len();
            if self.asked("wrap", &at) {
                all.push((json!({"all": [node]}), false));
            } else if self.asked("in", &at) && all.last().is_some_and(|(before, _)| into_group(before).is_some()) {
                if let Some(group) = all.last_mut().and_then(|(before, _)| into_group_mut(before)) {
                    group.push(node);
                }
            } else {
                all.push((node, self.asked("out", &at)));
            }
            all.extend(lifted.into_iter().map(|node| (node, false)));
            let moved_down = place > 0 && self.asked("down", &format!("{base}/{}", n - 1));
            if place > 0 && (self.asked("up", &at) || moved_down) {
                all.swap(place - 1, place);
            }
        }
        if self.asked("add", base) {
            let kind = self.field(&format!("add:{base}")).unwrap_or("contributions");
            let kind = GROUPS.into_iter().chain(LEAVES).find(|known| *known == kind).unwrap_or("contributions");
            let own = kind == "panel" && self.field("/kind") == Some("title");
            let new = if own { json!({"panel": {"title": leaves::OWN_TITLE}}) } else { fresh(kind) };
            all.push((new, false));
        }
        all
    }
}

fn into_group(node: &Value) -> Option<&Vec<Value>> {
    let (kind, asked) = kind_of(node)?;
    match kind {
        "all" | "any" => asked.as_array(),
        "at_least" => asked["of"].as_array(),
        _ => None,
    }
}

fn into_group_mut(node: &mut Value) -> Option<&mut Vec<Value>> {
    let kind = kind_of(node)?.0;
    node.pointer_mut(children_at(kind)).filter(|_| GROUPS.contains(&kind))?.as_array_mut()
}
