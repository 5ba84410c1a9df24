//! JSON → [`Criteria`], or every mistake at once.
//!
//! The shape is that of a track file's `requires`. One node is an object with exactly one of `all`, `any`, `at_least`,
//! `exam`, `contributions`, `held`, `tenure`, `attested`, `panel`, an `id` (required for a leaf), and optionally `text`. The top
//! may also carry `standing` (`earned`, `current`, `decided`, `{term: {months}}`) and `day_offset_minutes` with `day_turns`.

mod contributions;
mod fields;
mod leaves;

use std::{collections::BTreeMap, ops::RangeInclusive};

use serde_json::{Map, Value};

use crate::{
    Calendar, Criteria, Mistake, Node, NodeId, NodeKind, Requirement, Standing, Texts,
    mistake::{nearest, quoted, step},
};

/// Words that authors will look for and that nothing answers yet.
const NOT_YET: [(&str, &str); 4] = [
    (
        "nomination",
        "nominations cannot be asked for yet: their room does not exist yet; a title that was decided on is `panel`",
    ),
    (
        "nominated",
        "nominations cannot be asked for yet: their room does not exist yet; a title that was decided on is `panel`",
    ),
    ("mentoring", "mentoring cannot be asked for yet: its room does not exist yet"),
    ("points", "points are never proof of skill: count contributions with `at_least`, or amounts with `sum`"),
];

impl Criteria {
    /// A tree is at most so deep; the top counts as 1.
    pub const MAX_DEPTH: usize = 8;
    /// A tree has at most so many nodes, groups included.
    pub const MAX_NODES: usize = 64;

    /// Reads a tree.
    ///
    /// # Errors
    /// Every [`Mistake`] found, in the order of the tree; never empty.
    pub fn from_value(value: &Value) -> Result<Self, Vec<Mistake>> {
        let mut reader = Reader { mistakes: Vec::new(), nodes: 0, ids: BTreeMap::new() };
        let read = reader.criteria(value);
        match read {
            Some(criteria) if reader.mistakes.is_empty() => Ok(criteria),
            _ => Err(reader.mistakes),
        }
    }
}

struct Reader {
    mistakes: Vec<Mistake>,
    nodes: usize,
    /// Every id so far, with where it stands.
    ids: BTreeMap<String, String>,
}

/// Where a node stands: its pointer, its depth from 1, and the id it gets if it is a group without one.
struct Place {
    pointer: String,
    depth: usize,
    derived: String,
}

impl Reader {
    fn criteria(&mut self, value: &Value) -> Option<Criteria> {
        let standing = value.get("standing").map_or(Some(Standing::default()), |value| self.standing(value));
        let calendar = self.calendar(value);
        let top = Place { pointer: String::new(), depth: 1, derived: "tree".into() };
        let root = self.node(value, &top)?;
        let criteria = Criteria { standing: standing?, calendar: calendar?, root };
        if criteria.standing == Standing::Decided && criteria.panel().is_none() {
            let message = "`decided` holds for the terms that people decide on, and no `panel` here asks them";
            self.say(Mistake::new("/standing", "no_panel", message).expecting("a `panel: {title: …}` in the tree"));
        }
        Some(criteria)
    }

    fn standing(&mut self, value: &Value) -> Option<Standing> {
        match value.as_str() {
            Some("earned") => return Some(Standing::Earned),
            Some("current") => return Some(Standing::Current),
            Some("decided") => return Some(Standing::Decided),
            Some(word) => {
                self.say(
                    Mistake::new("/standing", "unknown_word", format!("{} is not a standing", quoted(word)))
                        .expecting("earned, current, decided or {term: {months: 12}}")
                        .suggesting(nearest(word, ["earned", "current", "decided"])),
                );
                return None;
            }
            None => {}
        }
        let standing = self.object(value, "/standing", &["term"])?;
        let term = self.required(standing, "/standing", "term")?;
        let term = self.object(term, "/standing/term", &["months"])?;
        let months = self.required(term, "/standing/term", "months")?;
        let months = self.count(months, "/standing/term/months", 1..=1200)?;
        Some(Standing::Term { months: u16::try_from(months).ok()? })
    }

    /// `day_offset_minutes`, and `day_turns` where the offset changes: what a stored tree carries.
    fn calendar(&mut self, value: &Value) -> Option<Calendar> {
        let minutes = value.get("day_offset_minutes").map_or(Some(0), |value| self.day_offset(value))?;
        let Some(turns) = value.get("day_turns") else { return Some(Calendar::fixed(minutes)) };
        let pairs = serde_json::from_value::<Vec<(i64, i16)>>(turns.clone()).ok();
        let calendar = pairs.and_then(|pairs| Calendar::read(minutes, pairs).ok());
        if calendar.is_none() {
            let message = "`day_turns` says from when this track's days lie elsewhere than `day_offset_minutes` says";
            let expected = "ascending pairs of seconds since 1970 and minutes east of UTC: [[1774746000, 120]]";
            self.say(Mistake::new("/day_turns", "out_of_range", message).expecting(expected));
        }
        calendar
    }

    fn day_offset(&mut self, value: &Value) -> Option<i16> {
        let most = i64::from(Calendar::MAX_OFFSET_MINUTES);
        let minutes = value.as_i64().filter(|minutes| (-most..=most).contains(minutes));
        if minutes.is_none() {
            let message = "`day_offset_minutes` says how far this track's days lie east of UTC";
            let expected = format!("a whole number from -{most} to {most}");
            self.say(Mistake::new("/day_offset_minutes", "out_of_range", message).expecting(expected));
        }
        i16::try_from(minutes?).ok()
    }

    fn node(&mut self, value: &Value, place: &Place) -> Option<Node> {
        self.nodes += 1;
        if self.nodes > Criteria::MAX_NODES {
            if self.nodes == Criteria::MAX_NODES + 1 {
                let message = format!("a tree has at most {} nodes; split it into several tracks", Criteria::MAX_NODES);
                self.say(Mistake::new(&place.pointer, "too_many", message));
            }
            return None;
        }
        if place.depth > Criteria::MAX_DEPTH {
            let message = format!("a tree is at most {} levels deep; make it flatter", Criteria::MAX_DEPTH);
            self.say(Mistake::new(&place.pointer, "too_deep", message));
            return None;
        }
        let Some(node) = value.as_object() else {
            let message = "a requirement is an object with an `id` and one thing asked";
            self.say(
                Mistake::new(&place.pointer, "wrong_type", message).expecting("{id: …, exam: {slug: …}} or alike"),
            );
            return None;
        };
        let kind = self.kind(node, place);
        let text = node.get("text").map_or(Some(Texts::new()), |text| self.texts(text, &step(&place.pointer, "text")));
        let id = self.node_id(node, kind, place);
        let kind = kind?;
        let pointer = step(&place.pointer, kind.as_str());
        let requirement = self.requirement(kind, &node[kind.as_str()], &pointer, place);
        Some(Node { id: id?, text: text?, requirement: requirement? })
    }

    /// The one thing a node asks; says what is wrong with its keys on the way.
    fn kind(&mut self, node: &Map<String, Value>, place: &Place) -> Option<NodeKind> {
        let top: &[&str] = if place.depth == 1 { &["standing", "day_offset_minutes", "day_turns"] } else { &[] };
        let named: Vec<&str> = ["id", "text"].iter().chain(top).copied().collect();
        let mut asked = Vec::new();
        let mut refused = false;
        for key in node.keys() {
            if let Some(kind) = NodeKind::ALL.into_iter().find(|kind| kind.as_str() == key) {
                asked.push(kind);
            } else if !named.contains(&key.as_str()) {
                refused = true;
                self.refuse(key, &place.pointer, named.iter().copied().chain(NodeKind::ALL.map(NodeKind::as_str)));
            }
        }
        match asked[..] {
            [kind] => return Some(kind),
            [] if refused => {}
            [] => {
                let message = "this node asks nothing";
                let expected = "one of all, any, at_least, exam, contributions, held, tenure, attested, panel";
                self.say(Mistake::new(&place.pointer, "missing_field", message).expecting(expected));
            }
            [..] => {
                let words: Vec<&str> = asked.iter().map(|kind| kind.as_str()).collect();
                let message = format!("one node asks one thing, not {}; put them under `all`", words.join(" and "));
                self.say(Mistake::new(&place.pointer, "several_requirements", message));
            }
        }
        None
    }

    fn node_id(&mut self, node: &Map<String, Value>, kind: Option<NodeKind>, place: &Place) -> Option<NodeId> {
        let (id, pointer) = match node.get("id") {
            Some(id) => {
                let pointer = step(&place.pointer, "id");
                let id = self.slug(id, &pointer)?;
                if id == "tree" {
                    let message = "`tree` is the name of the whole; choose another id";
                    self.say(Mistake::new(pointer, "reserved", message));
                    return None;
                }
                (id, pointer)
            }
            None if matches!(kind?, NodeKind::All | NodeKind::Any | NodeKind::AtLeast) => {
                (place.derived.clone(), place.pointer.clone())
            }
            None => {
                let message = "a requirement needs an `id` that stays when its words change";
                self.say(Mistake::new(&place.pointer, "missing_field", message).expecting("id: a-short-slug"));
                return None;
            }
        };
        if let Some(first) = self.ids.get(&id) {
            let message = format!("the id {} stands at {first} already; every node needs its own", quoted(&id));
            self.say(Mistake::new(pointer, "duplicate", message));
            return None;
        }
        self.ids.insert(id.clone(), pointer);
        Some(NodeId(id))
    }

    fn children(&mut self, value: &Value, pointer: &str, place: &Place) -> Option<Vec<Node>> {
        let message = "a group lists the requirements it is made of, one or more";
        let Some(children) = value.as_array() else {
            self.say(Mistake::new(pointer, "wrong_type", message).expecting("a list of requirements"));
            return None;
        };
        if children.is_empty() {
            self.say(Mistake::new(pointer, "no_requirement", message).expecting("at least one requirement"));
            return None;
        }
        let mut nodes = Vec::new();
        for (index, child) in children.iter().enumerate() {
            if self.nodes > Criteria::MAX_NODES {
                return None;
            }
            let derived = format!("{}.{index}", place.derived);
            nodes.push(self.node(child, &Place { pointer: step(pointer, index), depth: place.depth + 1, derived }));
        }
        nodes.into_iter().collect()
    }

    fn at_least(&mut self, value: &Value, pointer: &str, place: &Place) -> Option<Requirement> {
        let group = self.object(value, pointer, &["n", "of"])?;
        let of = self.required(group, pointer, "of");
        let listed = of.and_then(Value::as_array).map_or(1, Vec::len).clamp(1, Criteria::MAX_NODES);
        let n = self.required(group, pointer, "n");
        let n = n.and_then(|n| self.count(n, &step(pointer, "n"), count_up_to(listed)));
        let children = of.and_then(|of| self.children(of, &step(pointer, "of"), place));
        Some(Requirement::AtLeast(n?, children?))
    }
}

fn count_up_to(listed: usize) -> RangeInclusive<u32> {
    1..=u32::try_from(listed).unwrap_or(u32::MAX)
}
