//! A posted question as a response. The names of the fields are those that the template puts there.
//!
//! | family | fields | response |
//! |---|---|---|
//! | choice, hotspot | `choice` = handle, as often as chosen | `[handle, …]` |
//! | ordering | `place:<handle>` = 1, 2, … or empty | handles by their numbers |
//! | matching | `pair:<source>` = target or empty, as often as paired | `[[source, target], …]` |
//! | numeric, short text, essay | `text` | `"text"` |
//! | gaps | `gap:<gap>` = handle or text, or empty | `{gap: …}` |
//! | upload | none: the file is a form of its own | unchanged |

use serde_json::{Map, Value, json};
use waymark_assess::Mistake;
use waymark_assess::form::{Position, Presented};

use crate::error::{Error, Fault, Result};

/// A posted question: what is answered now, what was answered when the page was made, and where to go.
#[derive(Debug, Default)]
pub struct AnswerForm {
    /// Name and value of each field of the answer, in the order sent.
    answer: Vec<(String, String)>,
    was: String,
    pub revision: u64,
    /// The epoch of the lease that the page was made under.
    pub lease: Option<u64>,
    pub op: String,
    pub go: String,
}

impl AnswerForm {
    /// # Errors
    /// A field that the page does not have; a revision that is no number.
    pub fn read(fields: Vec<(String, String)>) -> Result<Self> {
        let mut form = Self::default();
        let mut revised = false;
        for (name, value) in fields {
            match name.as_str() {
                "was" => form.was = value,
                "op" => form.op = value,
                "go" => form.go = value,
                "lease" => form.lease = value.parse().ok(),
                "revision" => {
                    form.revision = value.parse().map_err(|_| refused("/revision", "this is no revision"))?;
                    revised = true;
                }
                "choice" | "text" => form.answer.push((name, value)),
                _ if ["place:", "pair:", "gap:"].iter().any(|prefix| name.starts_with(prefix)) => {
                    form.answer.push((name, value));
                }
                _ => return Err(refused("", "a field here is unknown: load the question again")),
            }
        }
        if revised { Ok(form) } else { Err(refused("/revision", "the revision is missing: load the question again")) }
    }

    /// The response at this position; `None` where the form does not hold one.
    ///
    /// # Errors
    /// Two options at one place of an ordering.
    pub fn response(&self, position: &Position) -> std::result::Result<Option<Value>, Vec<Mistake>> {
        Ok(Some(match &position.presented {
            Presented::Choice { .. } | Presented::Hotspot { .. } => json!(self.values("choice").collect::<Vec<_>>()),
            Presented::Order { .. } => json!(self.order()?),
            Presented::Match { .. } => self.named("pair:").map(|(source, target)| json!([source, target])).collect(),
            Presented::Gaps { .. } => Value::Object(
                self.named("gap:").map(|(gap, word)| (gap.to_owned(), json!(word))).collect::<Map<_, _>>(),
            ),
            Presented::Number | Presented::ShortText { .. } | Presented::Essay { .. } => {
                json!(self.values("text").next().unwrap_or_default())
            }
            _ => return Ok(None),
        }))
    }

    /// What the question held when the page was made: handles with spaces between, or JSON.
    pub fn was(&self) -> Value {
        if self.was.starts_with(['[', '{', '"']) {
            serde_json::from_str(&self.was).unwrap_or_default()
        } else {
            self.was.split(' ').filter(|handle| !handle.is_empty()).collect()
        }
    }

    fn values<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.answer.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Fields of one family that are filled, by what stands behind the colon.
    fn named<'f>(&'f self, prefix: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        let of = move |(name, value): &'f (String, String)| Some((name.strip_prefix(prefix)?, value.as_str()));
        self.answer.iter().filter_map(of).filter(|(_, value)| !value.trim().is_empty())
    }

    fn order(&self) -> std::result::Result<Vec<&str>, Vec<Mistake>> {
        let mut places: Vec<(u32, &str)> = Vec::new();
        for (handle, place) in self.named("place:") {
            let place: u32 = place.trim().parse().unwrap_or(u32::MAX);
            if places.iter().any(|(taken, _)| *taken == place) {
                return Err(vec![Mistake::new(
                    "",
                    "same_place",
                    format!("two options stand at place {place}: give each a place of its own"),
                    format!("{place}番目に2つの選択肢があります。別々の順番にしてください"),
                )]);
            }
            places.push((place, handle));
        }
        places.sort_unstable();
        Ok(places.into_iter().map(|(_, handle)| handle).collect())
    }

    /// What was posted, to be shown again: as far as it can be shown.
    pub fn shown(&self, position: &Position) -> Value {
        self.response(position).ok().flatten().unwrap_or_else(|| self.was())
    }
}

fn refused(pointer: &str, what: &str) -> Error {
    Error::invalid(vec![Fault::new(pointer, "invalid_form", what)])
}

/// A response as the hidden field `was` holds it.
pub fn was(response: &Value) -> String {
    match response.as_array() {
        Some(list) if list.iter().all(Value::is_string) => {
            list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
        }
        _ => response.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> Result<AnswerForm> {
        AnswerForm::read(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn only_the_fields_of_the_page_are_read() {
        assert!(form(&[("revision", "1"), ("choice", "a"), ("choice", "b")]).is_ok());
        assert!(form(&[("choice", "a")]).is_err(), "no revision");
        assert!(form(&[("revision", "-1")]).is_err());
        assert!(form(&[("revision", "1"), ("scored", "true")]).is_err());
    }

    #[test]
    fn what_was_answered_comes_back_as_it_went() {
        for response in
            [json!(["a", "b"]), json!([]), json!("text with spaces"), json!({"g": "[x]"}), json!([["a", "b"]])]
        {
            let form = form(&[("revision", "0"), ("was", &was(&response))]).expect("read");
            assert_eq!(form.was(), response);
        }
    }

    #[test]
    fn an_order_is_read_by_its_numbers() {
        let order = |fields: &[(&str, &str)]| {
            let mut all = vec![("revision", "0")];
            all.extend(fields);
            form(&all).expect("read").order().map(|order| order.join(" ")).map_err(|m| m[0].code)
        };
        assert_eq!(
            order(&[("place:a", "2"), ("place:b", "10"), ("place:c", "1"), ("place:d", "")]),
            Ok("c a b".into())
        );
        assert_eq!(order(&[("place:a", "2"), ("place:b", "2")]), Err("same_place"));
    }
}
