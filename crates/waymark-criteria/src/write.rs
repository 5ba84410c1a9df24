//! [`Criteria`] → the shape it was read from, in one canonical order: `standing`, `day_offset_minutes`, `day_turns`,
//! `id`, `text`, then what is asked. What equals its default is left out, and so is the derived id of a group.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer, de,
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::Value;

use crate::{Contributions, Criteria, HeldAt, Node, NodeId, Requirement, Span, Standing, Texts};

impl Criteria {
    /// The tree as JSON; [`Criteria::from_value`] reads it back to an equal one.
    #[must_use]
    pub fn to_value(&self) -> Value {
        serde_json::to_value(self).expect("strings, integers, lists and maps with string keys are always JSON")
    }
}

impl Serialize for Criteria {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.standing {
            Standing::Earned => {}
            Standing::Current => map.serialize_entry("standing", "current")?,
            Standing::Term { months } => {
                map.serialize_entry("standing", &One("term", One("months", months)))?;
            }
        }
        if self.calendar.first_minutes() != 0 {
            map.serialize_entry("day_offset_minutes", &self.calendar.first_minutes())?;
        }
        let turns = self.calendar.turns();
        if !turns.is_empty() {
            map.serialize_entry("day_turns", &turns)?;
        }
        write_node(&self.root, &mut map)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Criteria {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_value(&Value::deserialize(deserializer)?).map_err(|mistakes| {
            let all: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            de::Error::custom(all.join("\n"))
        })
    }
}

impl NodeId {
    /// Whether the author chose it; `tree` cannot be chosen, and no dot can stand in a chosen one.
    fn is_chosen(&self) -> bool {
        self.0 != "tree" && !self.0.contains('.')
    }
}

fn write_node<M: SerializeMap>(node: &Node, map: &mut M) -> Result<(), M::Error> {
    if node.id.is_chosen() {
        map.serialize_entry("id", &node.id)?;
    }
    match node.text.iter().next() {
        None => {}
        Some((language, text)) if language == "und" && node.text.len() == 1 => map.serialize_entry("text", text)?,
        Some(_) => map.serialize_entry::<_, Texts>("text", &node.text)?,
    }
    match &node.requirement {
        Requirement::All(children) => map.serialize_entry("all", &Nodes(children)),
        Requirement::Any(children) => map.serialize_entry("any", &Nodes(children)),
        Requirement::AtLeast(n, children) => map.serialize_entry("at_least", &AtLeast(*n, children)),
        Requirement::Exam { slug } => map.serialize_entry("exam", &One("slug", slug)),
        Requirement::Contributions(asked) => map.serialize_entry("contributions", &Counted(asked)),
        Requirement::Held { track, at } => map.serialize_entry("held", &Holding(track, *at)),
        Requirement::Tenure(Span::Days(days)) => map.serialize_entry("tenure", &One("days", days)),
        Requirement::Tenure(Span::Months(months)) => map.serialize_entry("tenure", &One("months", months)),
        Requirement::Attested { role } => map.serialize_entry("attested", &One("role", role)),
    }
}

/// An object with one field.
struct One<T>(&'static str, T);

impl<T: Serialize> Serialize for One<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.0, &self.1)?;
        map.end()
    }
}

struct Nodes<'a>(&'a [Node]);

impl Serialize for Nodes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Single<'a>(&'a Node);
        impl Serialize for Single<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                write_node(self.0, &mut map)?;
                map.end()
            }
        }
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for node in self.0 {
            list.serialize_element(&Single(node))?;
        }
        list.end()
    }
}

struct AtLeast<'a>(u32, &'a [Node]);

impl Serialize for AtLeast<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("n", &self.0)?;
        map.serialize_entry("of", &Nodes(self.1))?;
        map.end()
    }
}

struct Counted<'a>(&'a Contributions);

impl Serialize for Counted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Contributions { types, at_least, window_days, per_day, per_giver, distinct_objects } = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("types", types)?;
        map.serialize_entry("at_least", at_least)?;
        if let Some(days) = window_days {
            map.serialize_entry("window", &One("days", days))?;
        }
        if let Some(limit) = per_day {
            map.serialize_entry("per_day", limit)?;
        }
        if let Some(limit) = per_giver {
            map.serialize_entry("per_giver", limit)?;
        }
        if *distinct_objects {
            map.serialize_entry("distinct", "object")?;
        }
        map.end()
    }
}

struct Holding<'a>(&'a str, HeldAt);

impl Serialize for Holding<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("track", self.0)?;
        if self.1 != HeldAt::Now {
            map.serialize_entry("at", &self.1)?;
        }
        map.end()
    }
}
