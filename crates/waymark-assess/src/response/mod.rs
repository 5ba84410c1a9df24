//! What a candidate answered at one position, checked against the form before anything is stored.
//!
//! | family | JSON | cleared |
//! |---|---|---|
//! | choice, hotspot | `["handle", …]` | `[]` |
//! | ordering | `["handle", …]`, the first place first | `[]` |
//! | matching | `[["source", "target"], …]` | `[]` |
//! | numeric, short text, essay | `"text"` | `""` |
//! | gaps | `{"gap": "text" or "option"}` | `{}` |
//! | upload | `{"file": "fil_…"}` | `{}` |
//!
//! `null` clears any of them, as does each of the empty values.

mod checks;

use crate::{
    form::{Handle, Position, Presented},
    mistake::Mistake,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A checked response; one that answers nothing is *cleared*. Two responses that say the same are equal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Response(Answer);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Answer {
    /// In the order shown, or in the order given by an ordering. Empty: not answered, in every family.
    Handles(Vec<Handle>),
    /// In the order of the sources, then of the targets.
    Pairs(Vec<(Handle, Handle)>),
    Text(String),
    File(File),
    /// Text or handle, by the handle of the gap.
    Gaps(BTreeMap<Handle, String>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    file: String,
}

impl Default for Response {
    fn default() -> Self {
        Self(Answer::Handles(Vec::new()))
    }
}

impl Response {
    /// The response that answers nothing.
    pub fn cleared() -> Self {
        Self::default()
    }

    /// Checks `value` against `position`. Fewer than asked for is accepted while the candidate is at work; what is left
    /// incomplete is simply not right.
    ///
    /// # Errors
    /// All mistakes, with pointers from `value`: another shape than the family has, an unknown handle, one twice, too
    /// many, a text too long or with control characters, what is no number. Whether a named file is there and the
    /// candidate's own is for the caller to check.
    pub fn check(value: &Value, position: &Position) -> Result<Self, Vec<Mistake>> {
        let empty = match value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            Value::Array(list) => list.is_empty(),
            Value::Object(map) => map.is_empty(),
            _ => false,
        };
        if empty {
            return Ok(Self::cleared());
        }
        let answer = match &position.presented {
            Presented::Choice { max_choices, options, .. } | Presented::Hotspot { max_choices, areas: options, .. } => {
                let chosen = checks::handles(value, options, *max_choices)?;
                let shown = options.iter().map(|option| &option.handle);
                Answer::Handles(shown.filter(|handle| chosen.contains(handle)).cloned().collect())
            }
            Presented::Order { options } => Answer::Handles(checks::handles(value, options, u32::MAX)?),
            Presented::Match { several, sources, targets } => {
                Answer::Pairs(checks::pairs(value, *several, sources, targets)?)
            }
            Presented::Number => Answer::Text(checks::number(value, "").map_err(|mistake| vec![mistake])?),
            Presented::ShortText { max_length } => {
                Answer::Text(checks::text(value, "", *max_length, false).map_err(|mistake| vec![mistake])?)
            }
            Presented::Essay { max_length } => {
                Answer::Text(checks::text(value, "", *max_length, true).map_err(|mistake| vec![mistake])?)
            }
            Presented::Gaps { gaps, pool, reuse } => Answer::Gaps(checks::gaps(value, gaps, pool, *reuse)?),
            Presented::Upload { .. } => {
                Answer::File(File { file: checks::file(value).map_err(|mistake| vec![mistake])? })
            }
        };
        let answer = Self(answer);
        Ok(if answer.is_cleared() { Self::cleared() } else { answer })
    }

    pub fn is_cleared(&self) -> bool {
        match &self.0 {
            Answer::Handles(handles) => handles.is_empty(),
            Answer::Pairs(pairs) => pairs.is_empty(),
            Answer::Text(text) => text.is_empty(),
            Answer::Gaps(gaps) => gaps.is_empty(),
            Answer::File(_) => false,
        }
    }

    /// Whether nothing is left open that the position asks for.
    pub fn is_complete(&self, position: &Position) -> bool {
        match (&self.0, &position.presented) {
            (Answer::Pairs(pairs), Presented::Match { sources, .. }) => {
                let paired: BTreeSet<_> = pairs.iter().map(|(source, _)| source).collect();
                paired.len() == sources.len()
            }
            (Answer::Gaps(filled), Presented::Gaps { gaps, .. }) => filled.len() == gaps.len(),
            (Answer::Handles(handles), _) => {
                let (min, _) = position.choices();
                !handles.is_empty() && handles.len() >= usize::try_from(min).unwrap_or(usize::MAX)
            }
            _ => !self.is_cleared(),
        }
    }

    /// What is chosen, in the order shown; for an ordering, in the order given. Empty for other families.
    pub fn handles(&self) -> &[Handle] {
        match &self.0 {
            Answer::Handles(handles) => handles,
            _ => &[],
        }
    }

    /// Pairs of source and target.
    pub fn pairs(&self) -> &[(Handle, Handle)] {
        match &self.0 {
            Answer::Pairs(pairs) => pairs,
            _ => &[],
        }
    }

    /// What is typed: a number as typed, a short text, an essay.
    pub fn text(&self) -> Option<&str> {
        match &self.0 {
            Answer::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What fills this gap: a text, or the handle of an option.
    pub fn in_gap(&self, gap: &Handle) -> Option<&str> {
        match &self.0 {
            Answer::Gaps(gaps) => gaps.get(gap).map(String::as_str),
            _ => None,
        }
    }

    /// Gaps that are filled, with what fills them.
    pub fn gaps(&self) -> impl Iterator<Item = (&Handle, &str)> {
        let gaps = match &self.0 {
            Answer::Gaps(gaps) => Some(gaps),
            _ => None,
        };
        gaps.into_iter().flatten().map(|(gap, filled)| (gap, filled.as_str()))
    }

    /// Id of the file handed in.
    pub fn file(&self) -> Option<&str> {
        match &self.0 {
            Answer::File(File { file }) => Some(file),
            _ => None,
        }
    }

    /// The response as the API writes it.
    pub fn to_value(&self) -> Value {
        match &self.0 {
            Answer::Handles(handles) => handles.iter().map(Handle::as_str).collect(),
            Answer::Pairs(pairs) => {
                pairs.iter().map(|(source, target)| json!([source.as_str(), target.as_str()])).collect()
            }
            Answer::Text(text) => json!(text),
            Answer::File(File { file }) => json!({ "file": file }),
            Answer::Gaps(gaps) => gaps.iter().map(|(gap, filled)| (gap.to_string(), json!(filled))).collect(),
        }
    }
}
