//! One requirement of the tree as it stands in the form, with its buttons.

use askama::Template;
use serde_json::{Map, Value, json};

use super::control::{Control, Desk, Shape, listed, plain};
use super::leaves::{LIMITS, MEASURES, OWN_TITLE, SCORES, WINDOWS};
use super::tree::{GROUPS, LEAVES, children_at, kind_of};
use crate::web::i18n::Words;

/// What there is to choose from in this installation: slugs and names.
#[derive(Default)]
pub struct Stock {
    pub exams: Vec<(String, String)>,
    pub tracks: Vec<(String, String)>,
    /// Tracks of which people decide who holds them.
    pub titles: Vec<(String, String)>,
    /// The slug of the track that is written, where it is a title itself; empty while it has none.
    pub own_title: Option<String>,
    /// Event types and what they are called.
    pub types: Vec<(String, String)>,
}

/// A list of requirements with the field that adds one.
#[derive(Template)]
#[template(path = "planning/_list.html")]
pub struct List {
    w: Words,
    at: String,
    wrong: Vec<String>,
    nodes: Vec<NodeView>,
    kinds: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "planning/_node.html")]
pub struct NodeView {
    w: Words,
    at: String,
    /// `all`, `contributions`, … or `other`.
    kind: &'static str,
    title: String,
    wrong: Vec<String>,
    /// What the form does not show, as JSON.
    rest: String,
    /// The order in which types stood.
    order: Option<String>,
    /// How its children count together; none for a leaf.
    group: Option<Control>,
    controls: Vec<Control>,
    /// What is seldom asked for.
    more: Vec<Control>,
    /// Whether something of that is said.
    more_open: bool,
    /// Whether something is wrong with its name or its own words.
    naming_open: bool,
    children: Option<List>,
    /// Its name and its own words.
    naming: Vec<Control>,
    /// Which buttons make sense.
    up: bool,
    down: bool,
    out: bool,
    into: bool,
    top: bool,
}

/// Where a node stands among its sisters.
#[derive(Clone, Copy, Default)]
struct Place {
    up: bool,
    down: bool,
    out: bool,
    into: bool,
}

impl List {
    /// The nodes of a list that stands at `at`; `out`: whether they may be lifted out of their group.
    pub fn new(desk: &mut Desk<'_>, stock: &Stock, at: &str, nodes: &Value, out: bool) -> Self {
        let all = nodes.as_array().map_or(&[][..], Vec::as_slice);
        let mut views = vec![];
        for (n, node) in all.iter().enumerate() {
            let before = n.checked_sub(1).and_then(|n| all.get(n)).and_then(kind_of);
            let into = before.is_some_and(|(kind, _)| GROUPS.contains(&kind));
            let place = Place { up: n > 0, down: n + 1 < all.len(), out, into };
            views.push(NodeView::new(desk, stock, &format!("{at}/{n}"), node, Some(place)));
        }
        let kinds = LEAVES.into_iter().chain(GROUPS).map(|kind| (kind, kind_name(desk.w, kind))).collect();
        Self { w: desk.w, at: at.to_owned(), wrong: desk.wrong_with(at), nodes: views, kinds }
    }
}

fn kind_name(w: Words, kind: &str) -> String {
    w.t(&format!("designer-kind-{}", kind.replace('_', "-")))
}

impl NodeView {
    /// The tree from its top.
    pub fn top(desk: &mut Desk<'_>, stock: &Stock, at: &str, node: &Value) -> Self {
        Self::new(desk, stock, at, node, None)
    }

    fn new(desk: &mut Desk<'_>, stock: &Stock, at: &str, node: &Value, place: Option<Place>) -> Self {
        let found = kind_of(node).filter(|(kind, asked)| match *kind {
            "all" | "any" => asked.is_array(),
            _ => asked.is_object(),
        });
        let Some((kind, asked)) = found else { return Self::other(desk, at, node, place) };
        let base = format!("{at}/{kind}");
        let (mut controls, mut more, mut group, mut children) = (vec![], vec![], None, None);
        if GROUPS.contains(&kind) {
            let mut chosen = desk.words(&format!("kind:{at}"), "designer-group", &GROUPS, kind);
            if kind == "at_least" {
                chosen.add_wrong(desk.wrong_with(&base));
            }
            group = Some(chosen);
            if kind == "at_least" {
                controls.push(desk.number(&format!("{base}/n"), "designer-n", &asked["n"]));
            }
            let list = if kind == "at_least" { &asked["of"] } else { asked };
            children = Some(List::new(desk, stock, &format!("{at}{}", children_at(kind)), list, place.is_some()));
        } else {
            leaf(desk, stock, kind, &base, asked, (&mut controls, &mut more));
        }
        let limits = LIMITS.iter().chain(&["sources", "accepted", "own"]);
        let said = kind == "contributions" && limits.into_iter().any(|name| !asked[*name].is_null());
        let more_open = said || more.iter().any(Control::is_wrong);
        let naming = vec![
            desk.texts(&format!("{at}/text"), "designer-node-text", 1, &node["text"]),
            desk.line(&format!("{at}/id"), "designer-node-id", &node["id"]),
        ];
        let place_of = place.unwrap_or_default();
        let title = kind_name(desk.w, kind);
        desk.call(at, &title);
        Self {
            w: desk.w,
            title,
            wrong: desk.wrong_with(at),
            rest: rest(node, kind, asked).to_string(),
            order: (kind == "contributions").then(|| listed(&asked["types"], ",")),
            at: at.to_owned(),
            kind,
            group,
            controls,
            more,
            more_open,
            naming_open: naming.iter().any(Control::is_wrong),
            children,
            naming,
            up: place_of.up,
            down: place_of.down,
            out: place_of.out,
            into: place_of.into,
            top: place.is_none(),
        }
    }

    /// What the form cannot show: it stays as it is, and the file shows it.
    fn other(desk: &mut Desk<'_>, at: &str, node: &Value, place: Option<Place>) -> Self {
        let place_of = place.unwrap_or_default();
        Self {
            w: desk.w,
            title: desk.w.t("designer-kind-other"),
            wrong: desk.wrong_with(at),
            rest: json!({"node": node}).to_string(),
            order: None,
            at: at.to_owned(),
            kind: "other",
            group: None,
            controls: vec![],
            more: vec![],
            more_open: false,
            naming_open: false,
            children: None,
            naming: vec![],
            up: place_of.up,
            down: place_of.down,
            out: place_of.out,
            into: place_of.into,
            top: place.is_none(),
        }
    }
}

/// What no field shows.
fn rest(node: &Value, kind: &str, asked: &Value) -> Value {
    let shown: &[&str] = match kind {
        "exam" => &["slug", "score"],
        "held" => &["track", "at"],
        "tenure" => &["days", "months"],
        "attested" => &["role"],
        "panel" => &["title"],
        "contributions" => &[
            "types",
            "sources",
            "at_least",
            "sum",
            "active_days",
            "streak",
            "window",
            "distinct",
            "accepted",
            "own",
            "per_day",
            "per_giver",
            "per_object",
            "hold_days",
            "reciprocal",
        ],
        _ => &["n", "of"],
    };
    let without = |map: &Value, names: &[&str]| -> Map<String, Value> {
        let all = map.as_object().into_iter().flatten();
        all.filter(|(name, _)| !names.contains(&name.as_str())).map(|(n, v)| (n.clone(), v.clone())).collect()
    };
    let own = without(node, &["id", "text", "standing", kind]);
    json!({"node": own, "asked": without(asked, shown)})
}

fn leaf(
    desk: &mut Desk<'_>,
    stock: &Stock,
    kind: &str,
    base: &str,
    asked: &Value,
    (controls, more): (&mut Vec<Control>, &mut Vec<Control>),
) {
    let id = |name: &str| format!("{base}/{name}");
    match kind {
        "exam" => {
            let exams = offered(desk.w, &stock.exams);
            controls.push(desk.choice(&id("slug"), "designer-exam", exams, &plain(&asked["slug"])));
            let said =
                SCORES.into_iter().find(|word| !word.is_empty() && !asked["score"][word].is_null()).unwrap_or("");
            controls.push(desk.words(&id("score"), "designer-score", &SCORES, said));
            controls.push(desk.number(&id("score/value"), "designer-score-value", &asked["score"][said]));
        }
        "held" => {
            let tracks = offered(desk.w, &stock.tracks);
            controls.push(desk.choice(&id("track"), "designer-held", tracks, &plain(&asked["track"])));
            controls.push(desk.words(&id("at"), "designer-held-at", &["now", "ever"], &plain(&asked["at"])));
        }
        "tenure" => {
            let unit = if asked["days"].is_null() { "months" } else { "days" };
            controls.push(desk.number(&id("n"), "designer-tenure", &asked[unit]));
            controls.push(desk.words(&id("unit"), "designer-tenure-unit", &["months", "days"], unit));
        }
        "attested" => controls.push(desk.line(&id("role"), "designer-role", &asked["role"])),
        "panel" => controls.push(given(desk, stock, &id("title"), &plain(&asked["title"]))),
        _ => contributions(desk, stock, base, asked, (controls, more)),
    }
}

/// Which title: that of the track itself, where it is one, or another one that is published.
fn given(desk: &mut Desk<'_>, stock: &Stock, id: &str, said: &str) -> Control {
    let own = stock.own_title.as_deref();
    let mut titles = match own {
        Some(_) => vec![(OWN_TITLE.to_owned(), desk.w.t("designer-given-own"))],
        None => offered(desk.w, &[]),
    };
    titles.extend(stock.titles.iter().filter(|(slug, _)| Some(slug.as_str()) != own).cloned());
    let is_own = own.is_some_and(|own| said.is_empty() || said == own);
    desk.choice(id, "designer-given", titles, if is_own { OWN_TITLE } else { said })
}

/// Nothing chosen, then what there is.
fn offered(w: Words, known: &[(String, String)]) -> Vec<(String, String)> {
    let nothing = (String::new(), w.t("designer-choose"));
    std::iter::once(nothing).chain(known.iter().cloned()).collect()
}

fn contributions(
    desk: &mut Desk<'_>,
    stock: &Stock,
    base: &str,
    asked: &Value,
    (controls, more): (&mut Vec<Control>, &mut Vec<Control>),
) {
    let id = |name: &str| format!("{base}/{name}");
    let said: Vec<String> = asked["types"].as_array().into_iter().flatten().map(plain).collect();
    let boxes =
        stock.types.iter().map(|(kind, name)| (format!("{base}/type/{kind}"), name.clone(), said.contains(kind)));
    let ticks = Shape::Ticks(boxes.collect());
    controls.push(desk.control(&id("types"), "designer-types", ticks));
    let typed: Vec<&str> =
        said.iter().map(String::as_str).filter(|kind| !stock.types.iter().any(|(known, _)| known == kind)).collect();
    controls.push(desk.control(&id("types:own"), "designer-types-own", Shape::Line(typed.join(", "))));

    let measure = MEASURES.into_iter().find(|(_, word, step)| match step {
        Some(step) => !asked[word][step].is_null(),
        None => !asked[word].is_null(),
    });
    let (form, word, step) = measure.unwrap_or(MEASURES[0]);
    let amount = step.map_or(&asked[word], |step| &asked[word][step]);
    controls.push(desk.words(&id("measure"), "designer-measure", &MEASURES.map(|(form, ..)| form), form));
    controls.push(desk.number(&id("at_least"), "designer-amount", amount));

    let (window, value) = window(&asked["window"]);
    controls.push(desk.words(&id("window"), "designer-window", &WINDOWS, window));
    controls.push(desk.line(&id("window/value"), "designer-window-value", value));
    let distinct = plain(&asked["distinct"]);
    controls.push(desk.words(&id("distinct"), "designer-distinct", &["", "object", "type", "source"], &distinct));
    for limit in LIMITS {
        more.push(desk.number(&id(limit), &format!("designer-{}", limit.replace('_', "-")), &asked[limit]));
    }
    more.push(desk.flag(&id("accepted"), "designer-accepted", !asked["accepted"].is_null()));
    more.push(desk.flag(&id("own"), "designer-own", asked["own"] == true));
    more.push(desk.control(&id("sources"), "designer-sources", Shape::Area(listed(&asked["sources"], "\n"), 2)));
}

/// The word of the form for a window, and the value that goes with it.
fn window(said: &Value) -> (&'static str, &Value) {
    if !said["days"].is_null() {
        return ("days", &said["days"]);
    }
    if let Some(cycle) = said["calendar"].as_str() {
        return (WINDOWS.into_iter().find(|word| *word == cycle).unwrap_or(""), &Value::Null);
    }
    match &said["since"] {
        Value::String(word) if word == "joining" => ("joining", &Value::Null),
        since if !since["award"].is_null() => ("award", &since["award"]),
        since if !since["event"].is_null() => ("event", &since["event"]),
        _ => ("", &Value::Null),
    }
}
