//! One requirement of the tree as it stands in the form, with its buttons.

use askama::Template;
use serde_json::{Map, Value, json};

use super::control::{Control, Desk, listed};
use super::leaf_view::{Said, leaf};
use super::leaves::LIMITS;
use super::stock::Stock;
use super::tree::{GROUPS, LEAVES, children_at, kind_of};
use crate::planning::check::UNUSED;
use crate::web::i18n::Words;

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
            let said = Said { kind, asked, unused: &node[UNUSED] };
            leaf(desk, stock, &base, said, (&mut controls, &mut more));
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
    let own = without(node, &["id", "text", "standing", UNUSED, kind]);
    json!({"node": own, "asked": without(asked, shown)})
}
